"""What a name claims, and the names that claim nothing that we can use."""

import datetime as dt

import pytest

from pipelines.delivery import Version
from pipelines.intake.names import Claim, claim, claims
from tests.dialects import centre

SHEETS = "sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]"
CENTRE = centre(rf"""
export: {{format: csv}}
files:
  - match: 'p_(?P<exported>\w+?)(_v(?P<version>\w+?))?(_(?P<part>\d+)(of(?P<parts>\d+))?)?\.csv'
    {SHEETS}
  - match: 'i_(?P<exported>\d+)(_(?P<kind>\w+))?\.csv'
    mode: incremental
    {SHEETS}
  - match: 'x\.csv'
    {SHEETS}
""")
JUNE = dt.date(2024, 6, 30)


def said(
    index: int, number: int = 0, part: int | None = None, parts: int | None = None, **more: bool
) -> Claim:
    return Claim(file_index=index, version=Version.of(JUNE, number), part=part, parts=parts, **more)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p_20240630.csv", said(0)),
        ("p_20240630_v2.csv", said(0, 2)),
        ("p_20240630_3.csv", said(0, part=3)),
        ("p_20240630_v2_3of4.csv", said(0, 2, 3, 4)),
        ("p_20240630_0.csv", said(0, part=0)),
        ("p_20240630_999999.csv", said(0, part=999_999)),
        ("i_20240630.csv", said(1, replaces=False)),
        ("i_20240630_full.csv", said(1)),
        ("i_20240630_FULL.csv", said(1)),
        ("i_20240630_delta.csv", said(1, replaces=False)),
        ("x.csv", Claim(file_index=2, version=Version.of(None, 0))),
        # no day, no number, no declared name
        ("p_20240231.csv", None),
        ("p_2024063.csv", None),
        ("p_202406301.csv", None),
        ("p_20240630_vb.csv", None),
        ("p_20240630_1000000.csv", None),
        ("p_20240630_" + "9" * 30 + ".csv", None),
        ("z.csv", None),
        ("", None),
    ],
)
def test_what_a_name_claims(name: str, expected: Claim | None):
    assert claim(name, CENTRE) == expected


def test_a_name_that_two_files_admit_claims_nothing():
    twice = CENTRE.model_copy(update={"files": CENTRE.files[2:] * 2})
    assert [found.file_index for found in claims("x.csv", twice)] == [0, 1]
    assert claim("x.csv", twice) is None
