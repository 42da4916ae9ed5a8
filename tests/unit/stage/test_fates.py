"""What became of each line: counted by reason, proved on sets of row ids."""

import pytest

from pipelines.account import check_closed
from tests.unit.stage.test_centre import FILES, SPLIT, SURGERY, WIDE, account, stage, values  # noqa: F401
from validations.rules import contract as c

HEADER = "IPP;TUM;DATE;R\n"


def reasons(result, step, table):
    found = [(r.outcome, r.reason, r.rows) for r in result.reasons if (r.step, r.table) == (step, table)]
    return sorted(found)


@pytest.mark.parametrize(
    ("text", "counts", "why"),
    [
        (SURGERY, (2, 2, 0, 0, 0), []),
        (SURGERY + "\n;;;\n", (4, 2, 0, 0, 2), [("filtered", "blank_line", 2)]),
        (SURGERY + HEADER + "3;A;;R1\n", (4, 3, 0, 0, 1), [("filtered", "repeated_header", 1)]),
        (SURGERY + " IPP ;TUM;DATE; R\n", (3, 2, 0, 0, 1), [("filtered", "repeated_header", 1)]),
        (SURGERY + "IPP;TUM;DATE;R0\n", (3, 3, 0, 0, 0), []),  # not all of its headers
        (SURGERY + "2;A\n", (3, 2, 1, 0, 0), [("set_aside", c.RAGGED_ROW, 1)]),
    ],
)
def test_every_line_of_a_file_is_counted(stage, text, counts, why):  # noqa: F811
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": text})
    found = [a for a in result.accounts if a.step == "read"]
    assert len(found) == 3
    [delivery] = set(result.staged["surgery"].column("delivery_id").to_pylist())
    [mine] = [a for a in found if a.delivery_id == delivery]
    assert (mine.rows_in, mine.rows_out, mine.rows_set_aside, mine.rows_merged, mine.rows_filtered) == counts
    assert reasons(result, "read", "line") == why
    check_closed(result.accounts, result.reasons)


def test_a_repeated_header_is_no_row_and_moves_no_line(stage):  # noqa: F811
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": SURGERY + HEADER + "1;A;2017;R1\n"})
    assert values(result.staged["surgery"], "line") == [(2,), (3,), (5,)]
    assert account(result, "stage", "stg_surgery") == (3, 3, 0, 0, 0)


def test_a_header_repeated_in_a_wide_file_is_said_of_no_table(stage):  # noqa: F811
    header = "IPP;NOM;SEXE;TUM;HISTO;CHIR1;R1;CHIR2;R2\n"
    result = stage(WIDE, {"tout.csv": header + "1;DUPONT;M;A;GIST;2015;R0;;\n" + header})
    assert [result.staged[e].num_rows for e in ("patient_identity", "tumour", "surgery")] == [1, 1, 1]
    assert reasons(result, "stage", "stg_surgery") == [("filtered", "nothing_stated", 1)]


def test_the_reasons_name_the_rule_that_set_a_row_aside(stage):  # noqa: F811
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": HEADER + "9;A;2015;sain\n;A;;R1\n1;A\n8;A;2015;sain\n"})
    assert reasons(result, "validate", "val_surgery") == [
        ("set_aside", c.MISSING_KEY, 1),
        ("set_aside", c.UNKNOWN_PATIENT, 2),
    ]
    assert reasons(result, "stage", "stg_surgery") == [("set_aside", c.RAGGED_ROW, 1)]


def test_a_merged_row_names_the_first_of_its_repeats(stage):  # noqa: F811
    line = "1;A;04/05/2015;sain\n"
    other = HEADER + "2;A;;R1\n" + line
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": SURGERY + line, "chirurgie_2.csv": other})
    ids = {(row["file"], row["line"]): row["row_id"] for row in result.staged["surgery"].to_pylist()}
    assert set(ids) == {("chirurgie_1.csv", 2), ("chirurgie_1.csv", 3)} or len(ids) == 2
    merged = values(result.merged, "table_name", "outcome", "into_row_id")
    assert len(merged) == 3
    assert {row[:2] for row in merged} == {("stg_surgery", "merged")}
    assert sorted({row[2] for row in merged}) == sorted(ids.values())
    assert not {row[0] for row in values(result.merged, "row_id")} & set(ids.values())


def test_each_repeat_is_merged_into_its_own_first(stage):  # noqa: F811
    text = SURGERY + "".join(reversed(SURGERY.splitlines(keepends=True)[1:])) + "1;A;04/05/2015;sain\n"
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": text})
    found = [[name.split(":")[-1] for name in row] for row in values(result.merged, "row_id", "into_row_id")]
    assert sorted(found) == [["4", "3"], ["5", "2"], ["6", "2"]]


def test_rows_with_a_separator_in_their_text_are_not_merged(stage):  # noqa: F811
    """Two fields joined by the separator of the comparison are still two fields."""
    text = "IPP;TUM;DIAG;TAILLE;HISTO;SIEGE\n1;A;;;x\x1fy;z\n1;A;;;x;y\x1fz\n"
    result = stage(SPLIT, FILES | {"tumeurs.csv": text})
    assert account(result, "stage", "stg_tumour")[3] == 0


def test_a_loss_that_keeps_the_sums_is_found(stage, monkeypatch):  # noqa: F811
    """One row lost and another doubled: the sums close, the sets do not."""
    import pyarrow as pa

    from pipelines.errors import AccountError
    from pipelines.stage import entity as module

    def shifted(rows, gone):
        return pa.concat_tables([rows.slice(1), rows.slice(1, 1)]) if rows.num_rows > 1 else rows

    monkeypatch.setattr(module, "without", shifted)
    with pytest.raises(AccountError, match="row ids"):
        stage(SPLIT, FILES)
