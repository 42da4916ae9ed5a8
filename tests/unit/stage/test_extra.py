"""Columns that no map names: their cells are kept as sent, with their line, and nowhere else."""

import pytest

from pipelines.stage.extra import extra_schema
from tests.unit.stage.test_centre import FILES, SPLIT, WIDE, rules, stage, values  # noqa: F401
from validations.rules import contract as c


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("IPP;TUM;DATE;R\n1;A;2015;R0\n", []),
        ("IPP;TUM;DATE;R;NOTE\n1;A;2015;R0; à revoir \n2;A;2016;R1;\n", [("NOTE", 2, " à revoir ")]),
        ("IPP;NOTE;TUM;DATE;R;X\n1;a;A;2015;R0;b\n", [("NOTE", 2, "a"), ("X", 2, "b")]),
        (
            "R;NOTE;DATE;TUM;IPP\nR0;NR;2015;A;1\n",
            [("NOTE", 2, "NR")],
        ),  # reordered; kept as sent
        ("IPP;TUM;DATE;R;\n1;A;2015;R0;x\n", [("∅", 2, "x")]),
        ("IPP;TUM;DATE;R;N;N\n1;A;2015;R0;x;y\n", [("N", 2, "x"), ("N", 2, "y")]),
        (
            "IPP;TUM;DATE;R;N\n1;A;2015;R0;x\nIPP;TUM;DATE;R;N\n2;A;2016;R0;y\n",
            [("N", 2, "x"), ("N", 4, "y")],
        ),
    ],
)
def test_the_cells_of_a_new_column_are_kept_with_their_line(stage, text, cells):  # noqa: F811
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": text})
    assert values(result.extra, "column", "line", "text") == cells
    said = [row[1] for row in rules(result, "field") if row[0] == c.UNMAPPED_COLUMN]
    assert set(said) == {column for column, _, _ in cells}
    assert result.extra.schema == extra_schema()


def test_a_kept_cell_names_a_staged_row(stage):  # noqa: F811
    text = "IPP;NOM;SEXE;TUM;HISTO;CHIR1;R1;CHIR2;R2;PLUS\n1;DUPONT;M;A;GIST;;;;;z\n"
    result = stage(WIDE, {"tout.csv": text})
    assert set(values(result.extra, "row_id")) == set(values(result.staged["patient_identity"], "row_id"))


def test_an_ignored_column_is_not_kept(stage):  # noqa: F811
    assert stage(SPLIT, FILES).extra.num_rows == 0  # SERVICE


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("TUM;DATE;R;IPP2", "missing_key_column"),
        ("IPP;TUM;DATE;R;R", "duplicate_column"),
        ("A;B;C;D", "missing_header"),
    ],
)
def test_a_file_without_its_keys_or_with_two_of_a_column_is_refused(stage, header, code):  # noqa: F811
    cells = ";".join("1" * len(header.split(";")))
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": f"{header}\n{cells}\n"})
    assert [r.code for r in result.refusals] == [code]
    assert not result.is_accepted


def test_a_renamed_column_is_absent_and_new(stage):  # noqa: F811
    text = "IPP;TUM;DATE_CHIR;R\n1;A;2015;R0\n"
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": text})
    said = [row for row in rules(result, "field") if row[0] in (c.MISSING_COLUMN, c.UNMAPPED_COLUMN)]
    assert said == [(c.MISSING_COLUMN, "surgery_date"), (c.UNMAPPED_COLUMN, "DATE_CHIR")]
    assert values(result.extra, "column", "text") == [("DATE_CHIR", "2015")]
