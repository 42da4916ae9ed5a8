"""Where each entity of a centre goes: file names, sheets, and the entity that makes the lines of a sheet.

The centre's YAML says how to read its files; the same text says here how to write them.
"""

from collections.abc import Iterable
from functools import cache

from pipelines.config import Centre, FileMap, SheetMap
from pipelines.synthetic.calibration import EXPORT_DATE

PATIENTS_PER_PART = (
    20_000  # at most three rows of an entity per patient: below the 65,536 lines of an XLS sheet
)
_PATIENT_LEVEL = ("patient_identity", "patient_history")


def file_name(file: FileMap, part: int = 1) -> str:
    r"""The name that `match` recognises, for this export.

    >>> file_name(FileMap(match=r"A_(?P<exported>\d{8})_(?P<part>\d+)\.xls", sheets=()), 2)
    'A_20210630_2.xls'
    """
    name = file.match.replace(r"(?P<exported>\d{8})", f"{EXPORT_DATE:%Y%m%d}")
    return name.replace(r"(?P<part>\d+)", str(part)).replace(r"\.", ".")


def has_parts(file: FileMap) -> bool:
    """True when the export comes in numbered files."""
    return "(?P<part>" in file.match


def base_of(sheet: SheetMap) -> str:
    """The entity of which each line of the sheet is one row; the others stand beside it."""
    entities = dict.fromkeys(table.entity for table in sheet.tables)
    if len(entities) == 1 or "tumour" not in entities:
        return next(iter(entities))
    return "tumour"


def bases(centre: Centre) -> frozenset[str]:
    """The entities whose rows are lines of their own in this centre's files."""
    return frozenset(base_of(sheet) for file in centre.files for sheet in file.sheets)


def file_of(centre: Centre, entity: str) -> FileMap | None:
    """The file that holds an entity."""
    for file in centre.files:
        if any(table.entity == entity for sheet in file.sheets for table in sheet.tables):
            return file
    return None


@cache
def keys_of(entity: str) -> tuple[str, ...]:
    """The local keys of an entity."""
    return ("local_patient_id",) if entity in _PATIENT_LEVEL else ("local_patient_id", "local_tumour_id")


def entities_of(sheets: Iterable[SheetMap]) -> list[str]:
    """The entities of some sheets, in order of first mention."""
    return list(dict.fromkeys(table.entity for sheet in sheets for table in sheet.tables))
