"""What forbids a join, rule by rule: two records and what the rules say of them."""

import duckdb
import pytest

from pipelines.link.guards import judge_pairs
from tests.tables import rows
from tests.unit.link.people import NIA, NIR, records
from tests.unit.link.side_by_side import show_pairs

HEADER = "patient | ins | oid | status | name | first | sex | born | place"
A, B, C = "255081416802538", "184072A00104217", "184072B00104244"
ANNE = 'MARTIN | Anne | F | 1950-05-17 | "35006"'


RULES = [
    ("equal qualified numbers", f"{A} | - | QUAL | {ANNE}", f"{A} | - | QUAL | {ANNE}", (None, "qualified", 0)),
    ("equal number, nothing else known", f"{A} | - | QUAL | - | - | - | - | -",
     f"{A} | - | QUAL | {ANNE}", (None, "qualified", 0)),
    ("equal qualified number, another first name in use", f"{A} | - | QUAL | MARTIN | Zoé | F | 1950-05-17 | -",
     f"{A} | - | QUAL | {ANNE}", (None, "qualified", 0)),
    ("equal qualified number, other first name and birth", f"{A} | - | QUAL | MARTIN | Zoé | F | 1961-02-11 | -",
     f"{A} | - | QUAL | {ANNE}", ("ML2", None, 1)),
    ("equal qualified number, brother", f"{A} | - | QUAL | MARTIN | Luc | M | 1950-05-17 | -",
     f"{A} | - | QUAL | {ANNE}", ("ML2", None, 1)),
    ("equal retrieved number, all agree", f"{A} | - | RECUP | {ANNE}",
     f"{A} | - | QUAL | {ANNE}", (None, "ins", 0)),
    ("equal retrieved number, married name", f"{A} | - | RECUP | DURAND | Anne | F | 1950-05-17 | -",
     f"{A} | - | RECUP | {ANNE}", (None, "ins", 0)),
    ("equal retrieved number, day and month swapped", f"{A} | - | RECUP | MARTIN | Anne | F | 1950-05-03 | -",
     f"{A} | - | RECUP | MARTIN | Anne | F | 1950-03-05 | -", (None, "ins", 0)),
    ("equal retrieved number, another first name", f"{A} | - | RECUP | MARTIN | Zoé | F | 1950-05-17 | -",
     f"{A} | - | QUAL | {ANNE}", ("ML2", None, 1)),
    ("two qualified numbers", f"{A} | - | QUAL | {ANNE}", f"{B} | - | QUAL | {ANNE}", ("CL1", None, 2)),
    ("two qualified numbers of one kind", f"{A} | {NIR} | QUAL | {ANNE}",
     f"{B} | {NIR} | QUAL | {ANNE}", ("CL1", None, 2)),
    ("a NIA may have become a NIR", f"{A} | {NIA} | QUAL | {ANNE}",
     f"{B} | {NIR} | QUAL | {ANNE}", ("CL4", None, 1)),
    ("two numbers, one only retrieved", f"{A} | - | QUAL | {ANNE}", f"{B} | - | RECUP | {ANNE}", ("CL4", None, 1)),
    ("one number unknown", f"{A} | - | QUAL | {ANNE}", f"- | - | - | {ANNE}", (None, "traits", 0)),
    ("five traits equal", f"- | - | - | {ANNE}", f"- | - | - | {ANNE}", (None, "traits", 0)),
    ("four traits equal", f"- | - | - | {ANNE}", "- | - | - | MARTIN | Anne | F | 1950-05-17 | -", (None, None, 0)),
    ("twins", "- | - | - | MARTIN | Zoé | F | 1950-05-17 | -", f"- | - | - | {ANNE}", ("CL5", None, 1)),
    ("sisters", "- | - | - | MARTIN | Zoé | F | 1953-07-01 | -", f"- | - | - | {ANNE}", ("CL5", None, 1)),
    ("twins who share a first name", "- | - | - | MARTIN | Anne Zoé | F | 1950-05-17 | -",
     "- | - | - | MARTIN | Anne Lucie | F | 1950-05-17 | -", ("CL5", None, 1)),
    ("first names shortened", "- | - | - | MARTIN | Anne Zoé | F | 1950-05-17 | -",
     f"- | - | - | {ANNE}", (None, None, 0)),
    ("second first name mistyped", "- | - | - | MARTIN | Anne Lucie | F | 1950-05-17 | -",
     "- | - | - | MARTIN | Anne Lucei | F | 1950-05-17 | -", (None, None, 0)),
    ("first name mistyped", "- | - | - | MARTIN | Amne | F | 1950-05-17 | -",
     f"- | - | - | {ANNE}", (None, None, 0)),
    ("first name spoken", "- | - | - | MARTIN | Philippe | M | 1950-05-17 | -",
     "- | - | - | MARTIN | Filipe | M | 1950-05-17 | -", (None, None, 0)),
    ("initial", "- | - | - | MARTIN | A. | F | 1950-05-17 | -", f"- | - | - | {ANNE}", (None, None, 0)),
    ("name and first name swapped", "- | - | - | ANNE | Martin | F | 1950-05-17 | -",
     f"- | - | - | {ANNE}", (None, None, 0)),
    ("twins of two sexes", "- | - | - | MARTIN | Luc | M | 1950-05-17 | -",
     f"- | - | - | {ANNE}", ("CL6", None, 1)),
    ("sex mistyped", "- | - | - | MARTIN | Anne | M | 1950-05-17 | -", f"- | - | - | {ANNE}", (None, None, 0)),
    ("sex unknown", "- | - | - | MARTIN | Anne | U | 1950-05-17 | -", f"- | - | - | {ANNE}", (None, None, 0)),
    ("mother and daughter", "- | - | - | MARTIN | Anne | F | 1974-05-17 | -",
     f"- | - | - | {ANNE}", ("CL8", None, 1)),
    ("year mistyped", "- | - | - | MARTIN | Anne | F | 1960-05-17 | -", f"- | - | - | {ANNE}", (None, None, 0)),
    ("nothing known", "- | - | - | - | - | - | - | -", f"- | - | - | {ANNE}", (None, None, 0)),
]  # fmt: skip


@pytest.fixture(scope="module")
def verdicts():
    """(veto reason, must reason, veto) of the two records of each case, and of the same two the other way round."""
    header = HEADER.removeprefix("patient | ")
    with duckdb.connect() as con:
        show_pairs(con, [f"{header}\n{one}\n{other}" for _, one, other, _ in RULES])
        judge_pairs(con)
        found = con.execute("SELECT l, r, veto_reason, must_reason, veto FROM link_judged").fetchall()
    said = {(left, right): tuple(verdict) for left, right, *verdict in found}
    return [(said[2 * n + 1, 2 * n + 2], said[2 * n + 2, 2 * n + 1]) for n in range(len(RULES))]


@pytest.mark.parametrize("number", range(len(RULES)), ids=[why for why, *_ in RULES])
def test_rule(verdicts, number):
    why, _, _, expected = RULES[number]
    one_way, other_way = verdicts[number]
    assert one_way == expected, why
    assert other_way == expected, f"{why}, the other way round"


def test_two_known_first_names_are_two_persons_however_alike(con):
    """JULIE and JULIEN differ by one letter, but both are names that many bear: no slip of the keyboard."""
    bearers = "\n".join(
        f"{n} | - | - | - | N{n} | {first} | - | - | -"
        for n, first in enumerate(["Julie", "Julien"] * 4, start=3)
    )
    twins = "1 | - | - | - | MARTIN | Julie | - | 1950-05-17 | -\n2 | - | - | - | MARTIN | Julien | - | 1950-05-17 | -"
    verdicts = []
    for text in (twins, f"{twins}\n{bearers}"):
        records(con, f"{HEADER}\n{text}")
        con.execute("CREATE OR REPLACE TEMP TABLE link_pair AS SELECT min(record_no) AS l, 30.0 AS weight, "
                    "(SELECT record_no FROM link_record WHERE first_name = 'JULIEN' AND birth_name = 'MARTIN') AS r "
                    "FROM link_record WHERE birth_name = 'MARTIN'").fetchall()  # fmt: skip
        judge_pairs(con)
        verdicts += rows(con, "SELECT veto_reason FROM link_judged")
    assert verdicts == [(None,), ("CL5",)]
