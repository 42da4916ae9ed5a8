"""Any table of people (CSV or Parquet) and the map that says which of its columns hold what, for `reseau link`.

Only the columns that the map names are read. A value that cannot be read (a date, a sex) is a missing one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.errors import ConfigError, IntakeError
from pipelines.io.configuration import parse_yaml
from pipelines.io.reading.clean_csv import replacing

if TYPE_CHECKING:
    import duckdb

Column = Annotated[str, Field(min_length=1)]
#: The shortest lists of the formats that are read without being declared; the day comes before the month.
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenDate(_Strict):
    """A date in one column, with its format (`%Y%m%d`)."""

    column: Column
    format: str


class SplitDate(_Strict):
    """A date in up to three columns, as numbers."""

    year: Column
    month: Column | None = None
    day: Column | None = None


class Other(_Strict):
    """What else identifies people in this table: words that resemble one another, and values that are equal or not."""

    text: tuple[Column, ...] = ()
    exact: tuple[Column, ...] = ()


class ColumnMap(_Strict):
    """Our names → the columns of the table. `id` and one name or number are mandatory."""

    id: Column
    source: Column | None = None
    birth_name: Column | None = None
    used_name: Column | None = None
    first_names: Column | None = None
    sex: Column | None = None
    birth_date: Column | WrittenDate | SplitDate | None = None
    birth_place: Column | None = None
    ins: Column | None = None
    residence_postcode: Column | None = None
    other: Other = Other()

    @model_validator(mode="after")
    def _names_somebody(self) -> "ColumnMap":
        named = (
            self.birth_name,
            self.used_name,
            self.first_names,
            self.ins,
            *self.other.text,
            *self.other.exact,
        )
        if not any(named):
            raise ValueError("name at least one column of names or numbers beside `id`")
        twice = [column for column in self.other.text if column in self.other.exact]
        if twice:
            raise ValueError(f"a column is text or exact, not both: {', '.join(twice)}")
        return self

    def columns(self) -> list[str]:
        """Every column that the map names, in its order, each once."""
        found: list[str] = []
        for value in (getattr(self, name) for name in type(self).model_fields):
            parts = [value] if isinstance(value, str) else _columns_of(value)
            found += [column for column in parts if column not in found]
        return found


def _columns_of(value: WrittenDate | SplitDate | Other | None) -> list[str]:
    match value:
        case WrittenDate(column=column):
            return [column]
        case SplitDate(year=year, month=month, day=day):
            return [column for column in (year, month, day) if column]
        case Other(text=text, exact=exact):
            return [*text, *exact]
        case _:
            return []


def load_map(path: Path) -> ColumnMap:
    """The map of a YAML file. ConfigError names every mistake with its line."""
    if not path.is_file():
        raise ConfigError("there is no such map", where=path.name, remedy="Give the path of a YAML file.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError("the map cannot be read", where=path.name, remedy="Save it as UTF-8.") from problem
    return parse_yaml(text, ColumnMap, where=path.name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _source(path: Path) -> str:
    literal = "'" + str(path).replace("'", "''") + "'"
    if path.suffix.lower() in (".parquet", ".pq"):
        return f"read_parquet({literal})"
    return f"read_csv({literal}, all_varchar = TRUE, header = TRUE, sample_size = 20000)"


def _open(con: "duckdb.DuckDBPyConnection", path: Path) -> dict[str, str]:
    """Make the view `people_file`; the stripped name of each column → its name. IntakeError when it is no table."""
    import duckdb

    if not path.is_file():
        raise IntakeError("there is no such table", where=path.name)
    try:
        con.execute(f"CREATE TEMP VIEW people_file AS FROM {_source(path)}").fetchall()
        names = [column[0] for column in con.execute("FROM people_file LIMIT 0").description]
    except duckdb.Error as problem:  # its message may hold a value
        what = f"this is no table that can be read ({type(problem).__name__})"
        remedy = "Give a Parquet file, or a CSV in UTF-8 with one header line; `reseau read` cleans others."
        raise IntakeError(what, where=path.name, remedy=remedy) from problem
    return {name.strip(): name for name in names}


#: Words for the two sexes, in capitals; a number is that of French records: 1 men, 2 women.
_SEX = """
CASE WHEN upper({0}) IN ('M', 'H', '1', 'MALE', 'MAN', 'HOMME', 'MASCULIN') THEN 'M'
    WHEN upper({0}) IN ('F', '2', 'FEMALE', 'WOMAN', 'FEMME', 'FEMININ', 'FÉMININ') THEN 'F' END
"""


def _written(name: str | None, at: dict[str, str]) -> str:
    """SQL of the text of a column, without blanks around it; nothing when there is no text or no column."""
    if name is None:
        return "CAST(NULL AS VARCHAR)"
    text = f"trim(CAST({_quoted(at[name])} AS VARCHAR))"
    return f"CASE WHEN lower({text}) NOT IN ('', 'nan', 'nat', '<na>', 'none') THEN {text} END"


def _number(name: str | None, at: dict[str, str]) -> str:
    return f"CAST(TRY_CAST({_written(name, at)} AS DOUBLE) AS INTEGER)"


def _date(value: Any, at: dict[str, str]) -> tuple[str, str]:
    """SQL of a birth date and of its precision; a day that is not known is the first."""
    if isinstance(value, SplitDate):
        year, month, day = (_number(name, at) for name in (value.year, value.month, value.day))
        text = f"concat({year}, '-', coalesce({month}, 1), '-', coalesce({day}, 1))"
        date = f"CASE WHEN {year} IS NOT NULL THEN TRY_CAST({text} AS DATE) END"
        kind = f"CASE WHEN {month} IS NULL THEN 'year' WHEN {day} IS NULL THEN 'month' ELSE 'day' END"
    elif isinstance(value, WrittenDate):
        form = "'" + value.format.replace("'", "''") + "'"
        date = f"CAST(try_strptime({_written(value.column, at)}, {form}) AS DATE)"
        kind = "'day'" if "%d" in value.format else "'month'" if "%m" in value.format else "'year'"
    else:
        text = _written(value, at)
        forms = ", ".join(f"'{form}'" for form in FORMATS)
        full = f"CAST(try_strptime({text}, [{forms}]) AS DATE)"
        part = f"regexp_full_match({text}, '[12][0-9]{{3}}(-[01][0-9])?')"
        date = f"coalesce({full}, CASE WHEN {part} THEN TRY_CAST(concat({text}, '-01-01')[:10] AS DATE) END)"
        kind = f"CASE WHEN NOT {part} THEN 'day' WHEN length({text}) = 4 THEN 'year' ELSE 'month' END"
    return date, f"CASE WHEN {date} IS NULL THEN 'unknown' ELSE {kind} END"


def _select(columns: ColumnMap, at: dict[str, str]) -> str:
    date, precision = _date(columns.birth_date, at)
    other = "".join(
        f", {_written(name, at)} AS other_{place}"
        for place, name in enumerate((*columns.other.text, *columns.other.exact))
    )
    texts = {
        "id": columns.id, "source": columns.source, "birth_name": columns.birth_name, "used_name": columns.used_name,
        "first_names": columns.first_names, "birth_place": columns.birth_place, "ins": columns.ins,
        "residence": columns.residence_postcode,
    }  # fmt: skip
    written = ", ".join(f"{_written(column, at)} AS {name}" for name, column in texts.items())
    sex = _SEX.format(_written(columns.sex, at))
    return (
        f"SELECT row_number() OVER () AS line, {written}, {sex} AS sex, "  # noqa: S608 - quoted names
        f"{date} AS birth_date, {precision} AS birth_date_precision{other} FROM people_file"
    )


def load_people(con: "duckdb.DuckDBPyConnection", path: Path, columns: ColumnMap) -> None:
    """Make the table `people`: line (from 1), id, source, birth_name, used_name, first_names, birth_place, ins,
    residence, sex (M or F), birth_date, birth_date_precision, and other_0, other_1 … (`text` before `exact`).

    ConfigError when the map names a column that the table lacks; IntakeError when the table cannot be read, has no
    row, or has rows without an id or with the id of another.
    """
    import duckdb

    at = _open(con, path)
    absent = [name for name in columns.columns() if name not in at]
    if absent:
        what = f"the map names columns that the table does not have: {', '.join(absent)}"
        raise ConfigError(what, where=path.name, remedy=f"It has: {', '.join(at)}.")
    try:
        con.execute(f"CREATE TABLE people AS {_select(columns, at)}").fetchall()
    except duckdb.Error as problem:  # its message may hold a value
        what = f"the rows of the table cannot be read ({type(problem).__name__})"
        raise IntakeError(what, where=path.name, remedy="`reseau read` cleans a damaged file.") from problem
    _check_ids(con, path)


_IDS = """
SELECT count(*), count(*) FILTER (WHERE id IS NULL), count(id) - count(DISTINCT id) FROM people
"""


def _check_ids(con: "duckdb.DuckDBPyConnection", path: Path) -> None:
    rows, without, repeated = con.execute(_IDS).fetchall()[0]
    if not rows:
        raise IntakeError("the table has no row", where=path.name)
    if without or repeated:
        what = f"{without} rows have no id, {repeated} rows repeat the id of another"
        raise IntakeError(what, where=path.name, remedy="Give every row an id of its own.")


@contextmanager
def people_of(path: Path, columns: ColumnMap) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A database in memory that holds `people` (see `load_people`), closed at the end of the block."""
    import duckdb

    with duckdb.connect() as con:
        load_people(con, path, columns)
        con.execute("SET preserve_insertion_order = FALSE").fetchall()  # the lines are numbered by now
        yield con


def write_csv(con: "duckdb.DuckDBPyConnection", query: str, target: Path) -> None:
    """Write the rows of a query with their header; a file that was there is replaced once the new one is whole."""
    with replacing(target) as building:
        con.sql(query).to_csv(str(building), header=True)
