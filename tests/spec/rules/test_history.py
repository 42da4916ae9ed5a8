"""What the patient had before, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "HISTORY-001": """
        found       | predisposition | has_previous_cancer | why
        HISTORY-001 | retinoblastoma | false               | it was a cancer
        -           | retinoblastoma | true                |
        -           | retinoblastoma | -                   | not stated
        -           | li_fraumeni    | false               | not yet
        -           | -              | false               | predisposition missing
    """,
    "HISTORY-002": """
        found       | has_previous_radiotherapy | has_previous_cancer | why
        HISTORY-002 | true                      | false               | for what
        -           | true                      | true                |
        -           | true                      | -                   | not stated
        -           | false                     | false               |
        -           | -                         | false               | radiotherapy missing
    """,
    "HISTORY-003": """
        found       | predisposition | has_previous_cancer | has_previous_radiotherapy | why
        HISTORY-003 | -              | -                   | -                         | an empty row
        -           | none           | -                   | -                         |
        -           | -              | false               | -                         |
        -           | -              | -                   | false                     |
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
