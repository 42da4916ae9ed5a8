"""The parts of the page that compute: conservation, population, order, names, what a spreadsheet would run."""

import pytest

from pipelines.account import Account
from pipelines.report.order import alphabetical
from pipelines.report.page import conservation
from pipelines.report.read import printable, protect_counts
from pipelines.report.tabulate import neutral


def account(step: str, table: str, rows_in: int, out: int, **other: int) -> Account:
    return Account(step=step, table=table, rows_in=rows_in, rows_out=out, **other)


def test_the_accounts_of_all_centres_are_added_up_by_step_and_table():
    accounts = [
        account("stage", "tumour", 10, 10),
        account("validate", "tumour", 10, 8, rows_set_aside=2),
        account("stage", "tumour", 5, 5),
        account("validate", "tumour", 5, 3, rows_merged=1, rows_filtered=1),
    ]  # the steps in the order of their first account
    assert [(line["step"], line["counts"]) for line in conservation(accounts)] == [
        ('<span lang="fr">lecture</span><span lang="en">reading</span>', [15, 15, 0, 0, 0]),
        ('<span lang="fr">contrôle</span><span lang="en">validation</span>', [15, 11, 2, 1, 1]),
    ]


def test_an_unknown_step_or_table_keeps_its_name():
    (line,) = conservation([account("new_step", "new_table", 1, 1)])
    assert (line["step"], line["table"]) == ("new_step", "new_table")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([500, 400, 300, 200], [500, 400, 300, 200]),
        ([500, 500, 500, 500], [500, 500, 500, 500]),
        ([500, 495, 300, 200], [500, None, 300, 200]),  # 5 out of scope would be told
        ([500, 495, 492, 200], [500, None, None, 200]),
        ([500, 400, 300, 7], [500, 400, 300, None]),
        ([9, 8, 0, 0], [None, None, 0, 0]),
    ],
)
def test_a_step_of_the_population_hides_a_small_difference(counts: list[int], expected: list[int | None]):
    assert protect_counts(counts, 11) == expected


def test_names_sort_as_in_a_french_dictionary():
    names = ["Évry", "Institut B", "institut A", "Orsay", "Édouard", "Zoé", "albi"]
    assert sorted(names, key=alphabetical) == [
        "albi",
        "Édouard",
        "Évry",
        "institut A",
        "Institut B",
        "Orsay",
        "Zoé",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CHU\x00 de\x1b Tours", "CHU de Tours"),
        ("Centre\u202eerttel", "Centreerttel"),  # no right-to-left override
        ("a\r\nb\tc", "abc"),
        ("Hôpital Saint-Louis – 中心 🏥", "Hôpital Saint-Louis – 中心 🏥"),
    ],
)
def test_a_name_loses_what_no_file_may_hold(name: str, expected: str):
    assert printable(name) == expected


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_begins_a_formula(first: str):
    assert neutral(f"{first}SUM(A1)") == f"'{first}SUM(A1)"
    assert neutral(f"Centre {first}1") == f"Centre {first}1"
