"""The floor: the same exports read as text and written as Parquet, nothing else.

Text files go through DuckDB with the dialect of the centre's file; workbooks through python-calamine, because the
DuckDB of the package cannot read them.
"""

import sys
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from pipelines.config import Centre
from pipelines.io.configuration import load_centres

ENCODINGS = {"cp1252": "CP1252", "iso-8859-15": "ISO-8859-15", "utf-16": "utf-16"}


def _text(con: duckdb.DuckDBPyConnection, file: Path, centre: Centre, target: Path) -> None:
    skipped = next(m.sheets[0].header_line for m in centre.files if m.pattern.fullmatch(file.name)) - 1
    encoding = centre.export.encoding
    if encoding in ENCODINGS:  # DuckDB reads UTF-8; the others are turned into it first
        copy = target.with_suffix(".txt")
        copy.write_text(file.read_text(encoding=encoding), encoding="utf-8")
        file = copy
    with file.open(encoding="utf-8-sig") as lines:
        header = next(islice(lines, skipped, None))
    names = [f"c{place}" for place, _ in enumerate(header.split(centre.export.separator))]
    relation = con.read_csv(
        str(file), sep=centre.export.separator, header=False, skiprows=skipped + 1, quotechar='"', escapechar='"',
        columns=dict.fromkeys(names, "VARCHAR"), auto_detect=False, ignore_errors=True, null_padding=True,
        strict_mode=False,
    )  # fmt: skip
    relation.write_parquet(str(target))


def _workbook(file: Path, target: Path) -> None:
    workbook = CalamineWorkbook.from_path(str(file))
    for rank, name in enumerate(workbook.sheet_names):
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        columns = zip(*rows, strict=False)
        data = {str(place): [str(cell) for cell in column] for place, column in enumerate(columns)}
        pq.write_table(pa.table(data), target.with_suffix(f".{rank}.parquet"))


def main(exports: Path, out: Path) -> None:
    """Read every export below `exports`, write Parquet below `out`."""
    out.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    for centre in load_centres("netsarc").values():
        for file in sorted((exports / centre.id).iterdir()):
            target = out / f"{centre.id}-{file.stem}.parquet"
            if centre.export.format == "csv":
                _text(con, file, centre, target)
            else:
                _workbook(file, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
