"""How a centre writes dates, numbers, sizes and nothing."""

import pytest

from pipelines.propose.profile import profile
from pipelines.propose.source import SourceTable
from pipelines.propose.writing import date_choices, decimal_choice, missing_words, size_unit


def choices(dates: str, *, is_workbook: bool = False) -> dict[str, tuple[str, float]]:
    found = date_choices([profile(dates.split())], is_workbook=is_workbook)
    return {choice.key: (choice.value, choice.confidence) for choice in found}


@pytest.mark.parametrize(
    ("dates", "order", "is_sure"),
    [
        ("31/12/2020 13/01/2021 25/05/2022", "day_first", True),
        ("12/31/2020 01/13/2021 05/25/2022", "month_first", True),
        ("2020/12/31 2021/01/13 2021/02/03", "year_first", True),
        ("20201231 20210113 20210203", "year_first", True),
        ("2020-12-31 2021-01-13 2021-02-03", "year_first", True),
        ("31122020 13012021 25052022", "day_first", True),
        ("01/02/2020 03/04/2021", "day_first", False),
        ("31/12/2020 12/31/2020", "day_first", False),
        ("", "day_first", False),
        ("05/2020 2021", "day_first", False),
    ],
)
def test_an_order_is_taken_from_days_that_exclude_the_others(dates, order, is_sure):
    value, confidence = choices(dates)["dates"]
    assert (value, confidence >= 0.5) == (order, is_sure)


def test_typed_days_of_a_workbook_need_no_order():
    assert choices("2020-12-31 2021-01-13", is_workbook=True)["dates"] == ("day_first", 0.9)


@pytest.mark.parametrize(
    ("dates", "sign"),
    [
        ("31.12.2020 13.01.2021", "."),
        ("20201231 20210113", ""),
        ("2020/12/31", "/"),
        ("31/12/2020", None),
        ("2020-12-31", None),
    ],
)
def test_an_unusual_sign_is_said(dates, sign):
    found = choices(dates).get("date_separator")
    assert (found and found[0]) == sign


def test_two_digit_years_are_asked_for():
    value, confidence = choices("31/12/20 13/01/21 25/05/22")["two_digit_years_until"]
    assert value == "2029"
    assert confidence < 0.5


@pytest.mark.parametrize(
    ("numbers", "mark"), [("1,5 2 3,25", ","), ("1.5 2 3.25", "."), ("1 2 3", ","), ("1,5 2,5 1.5", ",")]
)
def test_the_decimal_mark_is_that_of_most_numbers(numbers, mark):
    assert decimal_choice([profile(numbers.split())], is_workbook=False).value == mark


@pytest.mark.parametrize(
    ("header", "sizes", "unit", "is_sure"),
    [
        ("Taille (cm)", "12 30 45", "cm", True),
        ("Taille (mm)", "3 4 5", None, None),
        ("Taille", "3,5 4 11,2", "cm", True),
        ("Taille", "3 4 11", "cm", False),
        ("Taille", "35 80 112", None, None),
        ("Taille (cm)", "", None, None),
    ],
)
def test_centimetres_are_seen_in_the_header_or_the_sizes(header, sizes, unit, is_sure):
    found = size_unit(header, profile(sizes.split()))
    assert (found and found.value, found and found.is_sure) == (unit, is_sure)


def table(**columns: str) -> SourceTable:
    cells = tuple(tuple(text.split("|")) for text in columns.values())
    return SourceTable(file="x.csv", format="csv", header=tuple(columns), columns=cells)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"date": "01/02/2020|NR|03/04/2021", "sexe": "H|F|NR"}, ("NR",)),
        ({"date": "01/02/2020|nr|03/04/2021", "taille": "12|NR|3"}, ("nr",)),
        ({"sexe": "H|F|Inconnu", "marge": "R0|R1|Inconnu", "a": "1|2|3", "b": "4|5|6", "c": "7|8|9", "d": "1|2|3",
          "e": "1|2|3"}, ()),
        ({"grade": "1|NR|3"}, ("nr",)),
        ({"grade": "1|NA|3"}, ()),
        ({"marge": "R0|NR|R1"}, ()),
        ({"date": "01/02/2020|lundi|03/04/2021", "taille": "12|lundi|3"}, ()),
    ],
)  # fmt: skip
def test_a_word_for_missing_stands_among_dates_or_numbers(columns, words):
    assert tuple(w.lower() for w in missing_words([table(**columns)])) == tuple(w.lower() for w in words)
