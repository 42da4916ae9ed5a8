"""A workbook that comes back, line by line: what is kept, and what is told with its line."""

import pytest

from pipelines.correction_answers import ANSWERS, PROBLEMS, Kept, Line, Problem, check_answers, lines_of
from pipelines.corrections import Answer, Status
from pipelines.errors import ConfigError
from tests.tables import parse
from tests.unit.test_corrections import state

KNOWN = {
    "f1": state(Status.OPEN),
    "f2": state(Status.VERIFIED),
    "gone": state(Status.OBSOLETE),
    "done": state(Status.FIXED),
}
LINES = parse("""
    reference | rule        | answer                    | outcome        | why
    f1        | SURGERY-001 | corrigé dans notre système | corrected     | the French word
    f1        | SURGERY-001 | Corrected in our system   | corrected      | the English word, capital
    f1        | SURGERY-001 | confirmed                 | confirmed      | the code
    f2        | SURGERY-001 | ne peut être connu        | unknown        | a verified finding may be answered again
    f1        | SURGERY-001 | -                         | blank          | nothing said
    f9        | SURGERY-001 | confirmed                 | unknown_id     | an id that nobody gave
    -         | SURGERY-001 | confirmed                 | unknown_id     | the id was wiped out
    f1        | SURGERY-002 | confirmed                 | other_rule     | the id was moved to another line
    f1        | SURGERY-001 | oui                       | unknown_answer | a word of one's own
    f1        | SURGERY-001 | "=1+1"                    | unknown_answer | a formula
    gone      | SURGERY-001 | confirmed                 | closed         | the record vanished meanwhile
    done      | SURGERY-001 | corrected                 | closed         | mended meanwhile
""")


def lines(*rows) -> list[Line]:
    return [
        Line(number=number, reference=str(row[0] or ""), rule=row[1], answer=str(row[2] or ""), comment="")
        for number, row in enumerate(rows, start=2)
    ]


@pytest.mark.parametrize("row", LINES, ids=lambda row: row["why"])
def test_a_line_is_kept_or_told(row):
    checked = check_answers(lines((row["reference"], row["rule"], row["answer"])), KNOWN)
    told = {
        **{one.answer.value: 1 for one in checked.kept},
        **{problem.value: 1 for _, problem in checked.problems},
        **({"blank": 1} if checked.blank else {}),
    }
    assert list(told) == [row["outcome"]]


def test_a_wrong_line_costs_no_other_line():
    checked = check_answers(
        lines(("f9", "SURGERY-001", "confirmed"), ("f1", "SURGERY-001", "corrected")), KNOWN
    )
    assert checked.kept == (Kept(finding_id="f1", answer=Answer.CORRECTED, comment=""),)
    assert checked.problems == ((2, Problem.UNKNOWN_ID),)


def test_two_answers_to_one_finding_are_both_told_and_the_same_twice_is_one():
    two = check_answers(lines(("f1", "SURGERY-001", "corrected"), ("f1", "SURGERY-001", "confirmed")), KNOWN)
    assert (two.kept, [n for n, _ in two.problems]) == ((), [2, 3])
    same = check_answers(lines(("f1", "SURGERY-001", "corrected"), ("f1", "SURGERY-001", "corrected")), KNOWN)
    assert (len(same.kept), same.problems) == (1, ())


def test_a_hundred_thousand_lines_are_read():
    checked = check_answers(lines(*[("f1", "SURGERY-001", "")] * 50_000, *[("f9", "X", "x")] * 50_000), KNOWN)
    assert (checked.blank, len(checked.problems)) == (50_000, 50_000)


@pytest.mark.parametrize("lost", ["Référence", "Règle", "Votre réponse", "Votre commentaire"])
def test_a_workbook_without_its_columns_is_refused(lost):
    header = [
        name
        for name in ("Référence (x)", "Règle\nRule", "Votre réponse", "Votre commentaire")
        if lost not in name
    ]
    with pytest.raises(ConfigError, match=lost):
        lines_of(header, [], [], name="a.xlsx")


def test_columns_may_be_moved():
    [found] = lines_of(["Votre réponse\nYour answer", "Règle", "x", "Référence", "Votre commentaire"],
                       [["a", "R", "", " f1 ", "c"]], [7], name="a.xlsx")  # fmt: skip
    assert found == Line(number=7, reference="f1", rule="R", answer="a", comment="c")


def test_every_answer_and_problem_has_words_in_both_languages():
    assert set(ANSWERS) == set(Answer)
    assert set(PROBLEMS) == set(Problem)
    assert all(fr != en for fr, en in (*ANSWERS.values(), *PROBLEMS.values()))
