"""A column of dates says of every text what `parse_date` says of it alone."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.date_columns import DateReading, read_dates
from pipelines.stage.dates import FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR

ORDERS = ("day_first", "month_first", "year_first", None)
TEXTS = (
    "03/04/2019", "3/4/2019", "13/04/2019", "04/13/2019", "03-04/2019", "03.04.2019", "03 04 2019",
    "2019-04-03", "2019-04", "2019", "04/2019", "2019/04/03", "2019.04", "2019 04", "20190403", "03042019", "04232019",
    "31/04/2019", "29/02/2019", "29/02/2020", "00/04/2019", "00/00/2019", "12/00/2019", "32/13/2019",
    "01/01/1900", "01/01/1901", "01/01/1970", "1970", "01/1970", "1970-01-01", "1850-01-01", "0000-00-00", "9999-12-31",
    "03/04/19", "19/04/03", "03/04/99", "2019-04-03T22:00:00Z", "2019-04-03 23:00:00.000 +00:00", "2019-04-03 22:30Z",
    "03/04/2019 23:00 UTC", "01/01/1970 23:00Z", "2019-04-03T10:30:00+02:00", "03/04/2019 2:30 PM", "2019-04-03Z",
    "3 avril 2019", "avr. 2019", "43558", "inconnu", "٠٣/٠٤/٢٠١٩", "03/04/2019 ٢:٣٠", " 03/04/2019", "03/04/2019\n",
    "", "  ", "\x1f2019", "#N/A",
)  # fmt: skip
PARTS = st.sampled_from(
    [*"0123456789/-.: TZ", "00", "12", "13", "19", "20", "31", "1970", "2019", "23:00", "mai", "٣"]
)
REGULAR = st.builds(
    "{1:02d}{0}{2:02d}{0}{3:04d}{4}".format,
    st.sampled_from(["/", "-", ".", " ", ""]), st.integers(0, 33), st.integers(0, 14), st.integers(1870, 2040),
    st.sampled_from(["", " 10:30", " 23:00Z", "x"]),
)  # fmt: skip


def said(texts, reading):
    """What a column says of each text: value, problem, precision."""
    found = read_dates(pa.array(texts, pa.string()), reading)
    assert found.column.type == pa.date32()
    return list(
        zip(found.column.to_pylist(), found.problems.to_pylist(), found.precision.to_pylist(), strict=True)
    )


def defined(texts, reading):
    return [(one.value, one.problem, one.precision) for one in map(reading.parse, texts)]


def how(order=None, *, first_year=FIRST_EVENT_YEAR, last_short_year=None, is_decided_by_file=False):
    return DateReading(
        order=order,
        first_year=first_year,
        last_short_year=last_short_year,
        is_decided_by_file=is_decided_by_file,
    )


@pytest.mark.parametrize("is_decided_by_file", [True, False])
@pytest.mark.parametrize("last_short_year", [None, 2035])
@pytest.mark.parametrize("first_year", [FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR])
@pytest.mark.parametrize("order", ORDERS)
def test_a_column_reads_each_text_as_the_definition_does(
    order, first_year, last_short_year, is_decided_by_file
):
    reading = how(
        order,
        first_year=first_year,
        last_short_year=last_short_year,
        is_decided_by_file=is_decided_by_file,
    )
    assert dict(zip(TEXTS, said(TEXTS, reading), strict=True)) == dict(
        zip(TEXTS, defined(TEXTS, reading), strict=True)
    )


READINGS = st.builds(
    how,
    st.sampled_from(ORDERS),
    first_year=st.sampled_from([FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR]),
    last_short_year=st.sampled_from([None, 1999, 2026]),
    is_decided_by_file=st.booleans(),
)


@given(
    texts=st.lists(
        st.one_of(
            st.lists(PARTS, max_size=9).map("".join), REGULAR, st.dates().map(str), st.text(max_size=12)
        ),
        max_size=20,
    ),
    reading=READINGS,
)
def test_whatever_is_written_a_column_and_the_definition_agree(texts, reading):
    assert said(texts, reading) == defined(texts, reading)
