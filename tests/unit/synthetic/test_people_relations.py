"""Twins, namesakes and children who bear a parent's names: each pair is what it claims, and an INS tells them apart."""

import dataclasses
import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.people import draw_people, ins_numbers
from pipelines.synthetic.tumours import draw_tumours, population

PATIENTS = 2_500
RELATIONS = ("twins", "parent_child", "homonyms")
EPOCH = dt.date(1970, 1, 1)


def drawn(cal, seed=1, **percents):
    """People of a block in which only the named relations exist."""
    rates = cal.tables["rates"]
    percent = rates["name"].map(dict.fromkeys(RELATIONS, 0.0) | percents).fillna(rates["percent"])
    cal = dataclasses.replace(cal, tables={**cal.tables, "rates": rates.assign(percent=percent)})
    rng = np.random.default_rng(seed)
    tumours = draw_tumours(cal, population(cal, PATIENTS), rng)
    return draw_people(cal, tumours, first_key=100, block=0, blocks=1, rng=rng)


@pytest.fixture(scope="module")
def nobody(cal):
    return drawn(cal)


@pytest.fixture(scope="module")
def twins(cal):
    return drawn(cal, twins=40.0)


@pytest.fixture(scope="module")
def namesakes(cal):
    return drawn(cal, homonyms=30.0)


@pytest.fixture(scope="module")
def families(cal):
    return drawn(cal, parent_child=20.0)


def pairs(people, *columns):
    """The pairs of persons who have the same values: (the first, the second) by position."""
    groups = people.groupby(list(columns)).indices.values()
    return [(a, b) for found in groups for i, a in enumerate(found) for b in found[i + 1 :]]


def fraction(found, people):
    return 100 * len({person for pair in found for person in pair}) / len(people)


def test_without_relations_hardly_anybody_shares_birth_and_name(nobody):
    assert pairs(nobody, "birth_name", "birth_date", "birth_place_cog") == []
    assert len(pairs(nobody, "birth_name", "first_names")) < 0.01 * len(nobody)  # one common first name alone


def test_twins_share_birth_and_name_and_not_the_first_name(twins):
    found = pairs(twins, "birth_name", "birth_date", "birth_place_cog")
    first = twins["first_names"].str.split().str[0]
    assert fraction(found, twins) == pytest.approx(40, abs=3)
    assert [pair for pair in found if first[pair[0]] == first[pair[1]]] == []


def test_twins_may_be_brother_and_sister(twins):
    found = pairs(twins, "birth_name", "birth_date", "birth_place_cog")
    kinds = Counter(twins.loc[list(pair), "sex"].nunique() for pair in found)
    assert min(kinds[1], kinds[2]) > 50


def test_namesakes_share_names_and_sex_and_not_the_birth_date(namesakes):
    found = pairs(namesakes, "birth_name", "first_names")
    assert fraction(found, namesakes) == pytest.approx(15, abs=4)  # half of the pairs are of one sex
    for one, other in found:
        assert namesakes["sex"][one] == namesakes["sex"][other]
        assert namesakes["birth_date"][one] != namesakes["birth_date"][other]


def test_a_child_has_the_names_and_place_of_a_parent_a_generation_older(families):
    found = pairs(families, "birth_name", "first_names", "birth_place_cog")
    years = [abs(families["birth_date"][a] - families["birth_date"][b]) / 365.25 for a, b in found]
    assert 5 < fraction(found, families) < 30
    assert min(years) > 25
    assert sum(28 <= year < 31 for year in years) > 0.7 * len(years)
    assert {families.loc[list(pair), "sex"].nunique() for pair in found} == {1}


@pytest.mark.parametrize("kind", ["twins", "namesakes", "families", "nobody"])
def test_every_person_has_one_ins_and_it_is_true(request, kind):
    """13 characters: sex, year, month, commune, order. No two persons share one, twins neither."""
    people = request.getfixturevalue(kind)
    ins = people["ins_matricule"]
    birth = [EPOCH + dt.timedelta(int(day)) for day in people["birth_date"]]
    assert ins.is_unique
    assert ins.str.fullmatch(r"[12]\d\d(?:0[1-9]|1[0-2])\d[\dAB]\d{3}\d{3}").all()
    assert ins.str[0].tolist() == people["sex"].map({"M": "1", "F": "2"}).tolist()
    assert ins.str[1:5].tolist() == [f"{day:%y%m}" for day in birth]
    assert ins.str[5:10].tolist() == people["birth_place_cog"].tolist()
    assert ins.str[10:].astype(int).min() == 1
    assert set(people["ins_oid"]) == {"1.2.250.1.213.1.4.8"}


@pytest.mark.parametrize("kind", ["twins", "namesakes", "families"])
def test_capitals_are_those_of_the_name_as_people_write_it(request, kind):
    people = request.getfixturevalue(kind)
    for name in ("birth_name", "used_name", "first_names"):
        folded = people[f"pretty_{name}"].str.replace("œ", "oe").str.normalize("NFKD")
        folded = folded.str.replace(r"[\u0300-\u036f]", "", regex=True).str.upper()
        assert people[name].tolist() == folded.tolist()
        assert people[name].str.fullmatch(r"[A-Z][A-Z' -]+").all()


def test_keys_go_on_from_the_block_before(nobody):
    assert nobody["person_key"].iloc[0] == "P00000100"
    assert nobody["person_key"].is_unique
    assert nobody["person_key"].is_monotonic_increasing


def births(n, cog="75056", date=5_000):
    return pd.DataFrame({"sex": ["F"] * n, "birth_date": [date] * n, "birth_place_cog": [cog] * n})


@pytest.mark.parametrize(
    ("block", "blocks", "orders"),
    [(0, 1, ["001", "002", "003"]), (0, 2, ["001", "003", "005"]), (1, 2, ["002", "004", "006"]),
     (2, 3, ["003", "006", "009"])],
)  # fmt: skip
def test_orders_of_two_blocks_never_meet(block, blocks, orders):
    assert [ins[10:] for ins in ins_numbers(births(3), block=block, blocks=blocks)] == orders


@pytest.mark.parametrize(("n", "block", "blocks"), [(1_000, 0, 1), (500, 1, 2)])
def test_more_births_than_order_numbers_is_an_error(n, block, blocks):
    with pytest.raises(ValueError, match="larger blocks"):
        ins_numbers(births(n), block=block, blocks=blocks)


def test_the_last_order_number_may_be_used():
    assert ins_numbers(births(999), block=0, blocks=1)[-1][10:] == "999"


def test_an_order_is_counted_by_sex_month_and_place():
    people = pd.concat(
        [births(2), births(1, cog="2A004"), births(1, date=5_040), births(1).assign(sex="M")],
        ignore_index=True,
    )
    assert [ins[10:] for ins in ins_numbers(people, block=0, blocks=1)] == ["001", "002", "001", "001", "001"]


def test_nobody_is_born_a_hundred_years_from_the_others_ins(nobody):
    """Two digits of a year cannot tell 1920 from 2020: such persons must not share all the rest either."""
    century = nobody.assign(root=nobody["ins_matricule"].str[:10], year=1970 + nobody["birth_date"] // 366)
    spans = century.groupby("root")["year"].agg(["min", "max"])
    assert century["ins_matricule"].is_unique
    assert (spans["max"] - spans["min"]).max() <= 101
