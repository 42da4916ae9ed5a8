"""The files of a centre are read alike: one that was misread is read again as its neighbours."""

from pathlib import Path

import pytest

from pipelines.propose.reading import read_sources, usual_header_line
from pipelines.propose.source import SourceTable

TITLE = "Export du registre de la Vallée\n"
PATIENTS = "IPP;Nom;Sexe\nA1;ARDILLON;F\nA2;BEZAUDUN;H\nA3;CORNUAUD;F\n"
SURGERIES = "IPP;Date chir;Marges\nA1;14/05/2024;R0\nA2;22/06/2024;R1\nA3;30/07/2024;R0\n"
BIOPSIES = "IPP;Date biopsie;Type de biopsie;Biopsie guidée;x;y\nA1;14/05/2024;micro;oui;;\nA2;22/06/2024;micro;non;;\n"


def written(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_a_title_with_as_many_words_as_columns_is_no_header(tmp_path: Path):
    paths = written(tmp_path, a=TITLE + PATIENTS, b=TITLE + SURGERIES, c=TITLE + BIOPSIES)
    assert [table.header_line for table in read_sources(paths)] == [2, 2, 2]


def test_a_file_with_its_own_header_line_keeps_it(tmp_path: Path):
    paths = written(
        tmp_path, a=TITLE + PATIENTS, b=TITLE + SURGERIES, c=PATIENTS.replace("IPP", "N° dossier")
    )
    assert [table.header_line for table in read_sources(paths)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("lines", "usual"), [((2, 2, 1), 2), ((1, 1), None), ((1, 2), None), ((), None), ((3, 3, 3, 1, 2), 3)]
)
def test_more_than_half_of_the_tables_tell_the_header_line(lines: tuple[int, ...], usual: int | None):
    tables = [
        SourceTable(file="x.csv", format="csv", header=("a",), columns=((),), header_line=n) for n in lines
    ]
    assert usual_header_line(tables) == usual


def test_the_sheets_of_a_workbook_have_no_say():
    tables = [
        SourceTable(file="x.xlsx", format="xlsx", header=("a",), columns=((),), header_line=n)
        for n in (2, 2, 1)
    ]
    assert usual_header_line(tables) is None
