"""Small tables in tests: written as text, compared as rows."""

import datetime as dt
import re
from typing import Any

import duckdb
import pandas as pd

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")


def value(text: str) -> Any:
    """A cell: blank or `-` is missing; dates, numbers and true/false are typed; quotes keep text as it is."""
    if text in {"", "-"}:
        return None
    if text.startswith('"') and text.endswith('"'):
        return text[1:-1]
    if _DATE.match(text):
        return dt.date.fromisoformat(text)
    if text in {"true", "false"}:
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return text


def parse(text: str) -> list[dict[str, Any]]:
    """The rows of a table whose first line is the header and whose columns are separated by `|`."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0].split("|")]
    return [
        dict(zip(header, (value(cell.strip()) for cell in line.split("|")), strict=True))
        for line in lines[1:]
    ]


def table(text: str) -> pd.DataFrame:
    """A data frame of the table; columns keep Python objects so that dates stay dates."""
    return pd.DataFrame(parse(text), dtype=object)


def rows(source: Any, sql: str | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query or a frame, sorted, missing values as None."""
    if isinstance(source, duckdb.DuckDBPyConnection):
        found = source.execute(sql or "").fetchall()
    else:
        found = [
            tuple(None if pd.isna(cell) else cell for cell in row) for row in source.itertuples(index=False)
        ]
    return sorted(found, key=lambda row: tuple((cell is None, str(cell)) for cell in row))
