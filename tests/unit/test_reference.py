"""The generated pages of docs/reference are what the code says today."""

from pathlib import Path

import pytest

from pipelines import reference
from pipelines.config import Centre
from pipelines.configuration_keys import CENTRE_PARTS, MEANINGS, NETWORK_PARTS
from pipelines.io.configuration import load_centre
from pipelines.reference import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_fresh(name: str):
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


#: Pages of figures, which a benchmark writes.
MEASURED = {"linkage-quality.md"}


def test_no_other_page_pretends_to_be_generated():
    assert {path.name for path in FOLDER.glob("*.md")} == {*PAGES, *MEASURED}


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


def test_every_key_of_a_configuration_file_has_a_meaning():
    models = (*CENTRE_PARTS, *NETWORK_PARTS)
    assert set(MEANINGS) == {f"{model.__name__}.{name}" for model in models for name in model.model_fields}
    assert all(fr and en and fr[-1] != "." for fr, en in MEANINGS.values())


@pytest.mark.parametrize(
    "row",
    [
        "| `header_rows` | whole number | `1` | nombre de lignes d'en-tête",
        "| `is_optional` | true, false | `false` | faux : sans ce fichier",
        "| `missing` | list of: text | `['']` | mots",
        "| `units` | text → `'cm'`, `'mm'` |  | champ",
        "| `sheets` | list of: see `files.sheets` | *à écrire · required* | les feuilles",
        "| `valid_to` | day |  | dernier jour",
        "| `omission_hold_percent` | number | `5.0` | part",
    ],
)
def test_a_key_says_what_it_holds_and_its_default(row: str):
    assert f"\n{row}" in PAGES["configuration.md"]


def with_export(**changes: object) -> Centre:
    centre = load_centre("netsarc", "clb")
    return centre.model_copy(update={"export": centre.export.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("centre", "told"),
    [
        (with_export(), "csv, utf-8, `';'`, day_first, `,`"),
        (with_export(two_digit_years_until=2029), "; two_digit_years_until `2029`"),
        (with_export(units={"size_mm": "cm"}), "; units `{'size_mm': 'cm'}`"),
        (with_export(escape="\\", quote="'"), "; quote `\"'\"`; escape `'\\\\'`"),
        (with_export(format="fixed", widths=(8, 2)), "fixed, utf-8, day_first, `,`; widths `[8, 2]`"),
        (with_export().model_copy(update={"expected_every_days": 31}), "; expected every 31 days"),
    ],
)
def test_what_a_centre_writes_otherwise_than_most_is_shown(centre: Centre, told: str):
    assert reference._dialect(centre).endswith(told)


def test_files_that_are_incremental_or_optional_are_counted():
    centre = load_centre("netsarc", "rreps")
    first, *others = centre.files
    tall = first.sheets[0].model_copy(update={"header_rows": 2})
    changed = first.model_copy(update={"mode": "incremental", "is_optional": True, "sheets": (tall,)})
    told = reference._dialect(centre.model_copy(update={"files": (changed, *others)}))
    assert told.endswith("; incremental files: 1; optional files: 1; headers of several rows: 1")
