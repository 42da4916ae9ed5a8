"""The generated pages of docs/reference are what the code says today."""

from pathlib import Path

import pytest

from pipelines.reference import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_fresh(name: str):
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


def test_no_other_page_pretends_to_be_generated():
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES)


def test_every_row_of_a_table_has_as_many_cells_as_its_header():
    for name, text in PAGES.items():
        width = 0
        for line in text.splitlines():
            cells = line.replace("\\|", "").count("|")
            if not cells:
                width = 0
            elif not width:
                width = cells
            assert cells in {0, width}, f"{name}: {line[:60]}"
