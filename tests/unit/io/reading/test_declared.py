"""What a centre declares of its dialect is what `reseau read --centre` does not decide again."""

from typing import Any

import pytest

from pipelines.config import Centre, Export
from pipelines.io.configuration import centre_ids, load_centre
from pipelines.io.reading.declared import declared_dialect, dialect_of
from pipelines.io.reading.text_tables import Overrides

NETWORK = "netsarc"


def centre(**export: Any) -> Centre:
    """The first centre of the network, with this dialect and one file whose header is on lines 3 and 4."""
    some = load_centre(NETWORK, centre_ids(NETWORK)[0])
    header = {"header_line": 3, "header_rows": 2}
    sheet = some.files[0].sheets[0].model_copy(update=header)
    file = some.files[0].model_copy(update={"match": r"p_\d+\.csv", "sheets": (sheet,)})
    return some.model_copy(update={"export": Export(**export), "files": (file,)})


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ({"format": "csv"}, Overrides(encoding="utf-8", separator=";", quote='"', escape="")),
        (
            {"format": "csv", "encoding": "cp850", "separator": "\t", "quote": "'", "escape": "\\"},
            Overrides(encoding="cp850", separator="\t", quote="'", escape="\\"),
        ),
        (
            {"format": "csv", "encoding": "auto", "separator": "auto", "quote": "auto"},
            Overrides(escape=""),
        ),
        ({"format": "csv", "quote": ""}, Overrides(encoding="utf-8", separator=";", quote="", escape="")),
        ({"format": "fixed", "widths": (3, 5)}, Overrides(encoding="utf-8", widths=(3, 5))),
        ({"format": "xlsx"}, Overrides()),
    ],
)
def test_a_dialect(export: dict[str, Any], expected: Overrides):
    assert dialect_of(centre(**export), name="other.csv") == expected


@pytest.mark.parametrize(("name", "header"), [("p_1.csv", (3, 2)), ("p_.csv", (None, None))])
def test_the_header_is_that_of_the_file_of_this_name(name: str, header: tuple[int | None, int | None]):
    found = dialect_of(centre(format="xlsx"), name=name)
    assert (found.header_line, found.header_rows) == header


@pytest.mark.parametrize("centre_id", centre_ids(NETWORK))
def test_every_centre_has_one(centre_id: str):
    export = load_centre(NETWORK, centre_id).export
    found = declared_dialect(NETWORK, centre_id, name="x")
    assert found.separator in (export.separator, None)
