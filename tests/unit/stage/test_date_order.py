"""The order of day and month: declared, or shown by the whole file, or nobody's to guess."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.date_order import DateEvidence, date_evidence
from tests.dialects import centre
from tests.unit.stage.test_centre import rules, stage, values  # noqa: F401
from validations.rules import contract as c

AUTO = r"""
export: {format: csv, dates: ORDER}
files:
  - match: 'patients_\d\.csv'
    sheets:
      - tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_date: NE}}]
  - match: 'tumeurs\.csv'
    sheets:
      - tables: [{entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: T, diagnosis_date: D}}]
"""
TUMOUR = "IPP;T;D\n1;A;2019-04-03\n"
D = dt.date(1959, 4, 3)


def births(stage, *files, order="auto"):  # noqa: F811
    where = centre(AUTO.replace("ORDER", order))
    sent, line = {"tumeurs.csv": TUMOUR}, 0
    for rank, dates in enumerate(files):
        rows = [f"{rank}{place};{date}\n" for place, date in enumerate(dates)]
        sent[f"patients_{rank}.csv"] = "IPP;NE\n" + "".join(rows)
        line += len(rows)
    result = stage(where, sent)
    found = [row[0] for row in values(result.validated["patient_identity"], "birth_date")]
    return found, result


@pytest.mark.parametrize(
    ("texts", "day_first", "month_first", "either"),
    [
        (["23/04/2019"], 1, 0, 0),
        (["04/23/2019"], 0, 1, 0),
        (["03/04/2019", "03/04/2019"], 0, 0, 2),
        (["23-04-2019", "23.04.2019", "23 04 2019", "23/4/2019 14:30"], 4, 0, 0),
        (["23/04/19", "04/23/19"], 1, 1, 0),
        (["23042019", "04232019", "03042019"], 1, 1, 1),
        (["00/04/2019"], 1, 0, 0),  # an unknown day
        (["03/03/2019", "2019-04-23", "20190423", "2019", "04/2019", "avril", "", None], 0, 0, 0),
        (["32/04/2019", "23/13/2019", "43558"], 0, 0, 0),
    ],
)
def test_what_the_texts_of_a_column_show(texts, day_first, month_first, either):
    expected = DateEvidence(day_first=day_first, month_first=month_first, either=either)
    assert date_evidence(pa.array(texts, pa.string())) == expected


@pytest.mark.parametrize(
    ("day_first", "month_first", "order"),
    [
        (1, 0, "day_first"),
        (0, 1, "month_first"),
        (0, 0, None),
        (1, 1, None),
        (98, 1, None),
        (99, 1, "day_first"),
        (1, 99, "month_first"),
        (500, 500, None),
    ],
)
def test_one_slip_in_a_hundred_does_not_hide_the_order(day_first, month_first, order):
    assert DateEvidence(day_first=day_first, month_first=month_first, either=7).order == order


@pytest.mark.parametrize(
    ("dates", "read", "said"),
    [
        (["23/04/1959", "03/04/1959"], [dt.date(1959, 4, 23), D], [(c.DATE_ORDER_FOUND, "day_first")]),
        (["04/23/1959", "04/03/1959"], [dt.date(1959, 4, 23), D], [(c.DATE_ORDER_FOUND, "month_first")]),
        (["03/04/1959", "1959-04-03"], [None, D], [(c.AMBIGUOUS_DATE, "birth_date")]),
        (["1959-04-03", "3 avril 1959", "1959"], [D, D, dt.date(1959, 1, 1)], []),
        (
            ["23/04/1959", "04/23/1959", "04/04/1959", "1959-04-03"],
            [None, None, dt.date(1959, 4, 4), D],
            [(c.AMBIGUOUS_DATE, "birth_date")] * 2,
        ),
    ],
)
def test_a_file_shows_its_order_or_keeps_its_dates_held(stage, dates, read, said):  # noqa: F811
    found, result = births(stage, dates)
    assert found == read
    asked = {c.DATE_ORDER_FOUND, c.AMBIGUOUS_DATE, c.DATE_ORDER_CONTRADICTED, c.IMPOSSIBLE_DATE, c.NOT_A_DATE}
    assert [row for row in rules(result, "field") if row[0] in asked] == said


def test_each_file_has_its_own_order(stage):  # noqa: F811
    found, result = births(stage, ["23/04/1959", "03/04/1959"], ["04/23/1959", "04/03/1959"], ["04/03/1959"])
    days = sorted(str(day) for day in found)
    assert days == ["1959-04-03", "1959-04-03", "1959-04-23", "1959-04-23", "None"]
    said = [row for row in rules(result, "field", "line") if row[0] == c.DATE_ORDER_FOUND]
    assert said == [(c.DATE_ORDER_FOUND, "day_first", 1), (c.DATE_ORDER_FOUND, "month_first", 1)]
    assert [dates.order for dates in result.date_orders].count(None) == 2  # the tumours are in ISO


@pytest.mark.parametrize(
    ("order", "dates", "said"),
    [
        ("day_first", ["04/23/1959"] * 5, ["month_first"]),
        ("month_first", ["23/04/1959"] * 5, ["day_first"]),
        ("day_first", ["04/23/1959"] * 4, []),  # slips
        ("day_first", ["04/23/1959"] * 5 + ["23/04/1959"], []),
        ("day_first", ["23/04/1959"] * 5, []),
        ("day_first", ["03/04/1959"] * 5, []),
        ("year_first", ["23/04/1959"] * 5, []),  # every date of it is held already
    ],
)
def test_a_declared_order_that_the_file_contradicts_is_said_once(stage, order, dates, said):  # noqa: F811
    _, result = births(stage, dates, order=order)
    found = [row[1] for row in rules(result, "field") if row[0] == c.DATE_ORDER_CONTRADICTED]
    assert found == said


def test_a_declared_order_is_never_replaced_by_the_file_s(stage):  # noqa: F811
    found, _ = births(stage, ["04/23/1959"] * 9 + ["03/04/1959"], order="day_first")
    assert found == [None] * 9 + [D]


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)), max_size=30), st.booleans())
def test_a_file_of_one_order_never_shows_the_other(days, is_day_first):
    texts = [day.strftime("%d/%m/%Y" if is_day_first else "%m/%d/%Y") for day in days]
    order = date_evidence(pa.array(texts, pa.string())).order
    assert order in (None, "day_first" if is_day_first else "month_first")
    assert (order is not None) == any(day.day > 12 for day in days)
