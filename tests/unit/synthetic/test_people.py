"""Invented people: identities that a registry could meet, and that only an INS tells apart."""

import numpy as np
import pandas as pd

from pipelines.synthetic.people import choose_rest, draw_people, ins_numbers, plain
from pipelines.synthetic.tumours import draw_tumours, population


def many(cal, block=0, blocks=1):
    rng = np.random.default_rng([5, block])
    tumours = draw_tumours(cal, population(cal, 12_000), rng)
    return draw_people(cal, tumours, first_key=0, block=block, blocks=blocks, rng=rng)


def test_names_are_in_capitals_without_accents():
    names = pd.Series(["Lefèvre", "D'Hondt", "Saint-Martin", "Cœurderoy", "De La Tour"])
    assert plain(names).tolist() == ["LEFEVRE", "D'HONDT", "SAINT-MARTIN", "COEURDEROY", "DE LA TOUR"]


def test_an_ins_says_sex_year_month_and_place():
    people = pd.DataFrame(
        {
            "sex": ["F", "M", "M"],
            "birth_date": [-5334, 5000, 5001],
            "birth_place_cog": ["69381", "2A004", "2A004"],
        }
    )
    assert ins_numbers(people, block=0, blocks=1).tolist() == [
        "2550569381001",
        "183092A004001",
        "183092A004002",
    ]


def test_no_two_persons_share_an_ins_even_in_two_blocks(cal):
    numbers = np.concatenate([many(cal, block, 2)["ins_matricule"] for block in (0, 1)])
    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers} == {13}


def test_twins_homonyms_and_children_are_there(cal):
    people = many(cal)
    birth, names = ["birth_name", "birth_date", "birth_place_cog"], ["birth_name", "first_names"]
    twins = people[people.duplicated(birth, keep=False)]
    namesakes = people[people.duplicated(names, keep=False)]
    assert len(twins) >= 10
    assert not twins.duplicated([*birth, "first_names"]).any()
    assert len(namesakes) >= 20
    assert not namesakes.duplicated([*names, "birth_date"]).any()


def test_nobody_is_born_after_the_diagnosis_or_on_a_default_day(drawn):
    birth = drawn.people["birth_date"].to_numpy()
    assert (birth[drawn.path["person"]] <= drawn.path["diagnosis_date"]).all()
    defaults = np.array(["1900-01-01", "1901-01-01", "1970-01-01"], "datetime64[D]").astype(int)
    assert not np.isin(birth, defaults).any()


def test_only_women_bear_another_name(drawn):
    other = drawn.people["used_name"] != drawn.people["birth_name"]
    assert set(drawn.people.loc[other, "sex"]) == {"F"}
    assert 0.2 < other[drawn.people["sex"] == "F"].mean() < 0.6


def test_first_names_follow_the_fashion_of_the_birth(drawn):
    first = drawn.people["pretty_first_names"].str.split().str[0]
    year = 1970 + drawn.people["birth_date"] / 365.25
    assert year[first == "Jacqueline"].median() < year[first == "Nathalie"].median()


def test_history_has_its_published_shares(drawn):
    shares = drawn.people[["has_previous_cancer", "has_previous_radiotherapy"]].astype(bool).mean() * 100
    assert abs(shares["has_previous_cancer"] - 12.5) < 0.1
    assert abs(shares["has_previous_radiotherapy"] - 3.6) < 0.1
    assert set(drawn.people["predisposition"]) == {"none", "nf1", "li_fraumeni", "other"}


def test_the_rest_is_chosen_up_to_the_total(rng):
    already = np.arange(100) < 4
    chosen = choose_rest(already, 12, rng)
    assert (chosen & already).sum() == 0
    assert (chosen | already).sum() == 12
