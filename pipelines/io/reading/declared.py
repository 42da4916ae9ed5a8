"""What a centre's YAML says of how it writes, for the reader of any file: what it declares is not decided again."""

from pipelines.config import AUTO, Centre
from pipelines.io.configuration import load_centre
from pipelines.io.reading.text_tables import Overrides


def declared_dialect(network_id: str, centre_id: str, *, name: str) -> Overrides:
    """The dialect of a centre, and the header of its file of this name; ConfigError when there is no such centre."""
    return dialect_of(load_centre(network_id, centre_id), name=name)


def dialect_of(centre: Centre, *, name: str) -> Overrides:
    """What a centre declares of its file of this name."""
    export = centre.export
    known = {
        "encoding": _unless_auto(export.encoding),
        "separator": _unless_auto(export.separator),
        "quote": _unless_auto(export.quote),
        "escape": export.escape,
    }
    if export.format != "csv":  # the defaults of a dialect say nothing of a workbook, nor of fixed columns
        known = {"encoding": known["encoding"]} if export.format == "fixed" else {}
    header_line, header_rows = _header(centre, name)
    return Overrides(**known, widths=export.widths or None, header_line=header_line, header_rows=header_rows)


def _unless_auto(value: str) -> str | None:
    return None if value == AUTO else value


def _header(centre: Centre, name: str) -> tuple[int | None, int | None]:
    """Where the header of the file of this name is; unknown for a name that the centre does not declare."""
    for file in centre.files:
        if file.pattern.fullmatch(name):
            return file.sheets[0].header_line, file.sheets[0].header_rows
    return None, None
