"""How judged pairs become the numbers that the clustering adds up."""

import pytest

from pipelines.link.cluster import MICRO
from pipelines.link.step import judged_pairs


@pytest.mark.parametrize(
    ("why", "weight", "must_reason", "veto", "expected"),
    [
        ("as it is", "3.1234567", None, 0, (3.123457, 0, False)),
        ("no heavier than the cap", "250", None, 0, (20, 0, False)),
        ("no lighter than the cap", "-250", None, 1, (-20, 0, True)),
        ("not weighed: as far apart as can be", "NULL", None, 2, (-20, 0, True)),
        ("must: the cap, whatever the weight", "-3", "qualified", 0, (20, 1, False)),
        ("a human after a qualified number", "NULL", "human", 0, (20, 2, False)),
        ("then a retrieved number", "NULL", "ins", 0, (20, 3, False)),
        ("traits last", "31", "traits", 0, (20, 4, False)),
    ],
)
def test_weight_of_a_pair(con, why, weight, must_reason, veto, expected):
    con.execute(f"CREATE TABLE link_judged AS SELECT 1::BIGINT AS l, 2::BIGINT AS r, {weight}::DOUBLE AS weight, "
                "?::VARCHAR AS must_reason, ?::INTEGER AS veto", [must_reason, veto]).fetchall()  # fmt: skip
    made = judged_pairs(con, 20.0)
    assert (made.weight[0] / MICRO, made.must[0], made.veto[0]) == expected, why
    assert (made.left[0], made.right[0]) == (0, 1)
