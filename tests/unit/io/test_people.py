"""A table of people is read through its map: only what the map names, and what cannot be read is missing."""

import datetime as dt

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import ConfigError, IntakeError
from pipelines.io.people import ColumnMap, load_map, load_people
from tests.tables import rows

NAMED = ColumnMap(id="id", birth_name="name")


def table(tmp_path, text: str):
    path = tmp_path / "people.csv"
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    return path


def loaded(con, path, columns, wanted):
    load_people(con, path, columns)
    return rows(con, f"SELECT {wanted} FROM people ORDER BY line")


def test_names_values_and_lines_as_they_are_written(con, tmp_path):
    path = table(tmp_path, "id, name ,city\n a , DUPONT ,X\n b,nan,Y\n c,,Z")
    assert loaded(con, path, NAMED, "line, id, birth_name, sex, ins") == [
        (1, "a", "DUPONT", None, None), (2, "b", None, None, None), (3, "c", None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("M", "M"),
        ("h", "M"),
        ("1", "M"),
        ("Female", "F"),
        ("2", "F"),
        ("féminin", "F"),
        ("U", None),
        ("", None),
    ],
)
def test_sex(con, tmp_path, written, expected):
    path = table(tmp_path, f"id,name,sex\n1,A,{written}")
    assert loaded(con, path, ColumnMap(id="id", birth_name="name", sex="sex"), "sex") == [(expected,)]


@pytest.mark.parametrize(
    ("born", "written", "date", "precision"),
    [
        ("d", "1961-04-03", dt.date(1961, 4, 3), "day"),
        ("d", "03/04/1961", dt.date(1961, 4, 3), "day"),
        ("d", "19610403", dt.date(1961, 4, 3), "day"),
        ("d", "1961-04-03 00:00:00", dt.date(1961, 4, 3), "day"),
        ("d", "1961-04", dt.date(1961, 4, 1), "month"),
        ("d", "1961", dt.date(1961, 1, 1), "year"),
        ("d", "1961-13-03", None, "unknown"),
        ("d", "31/02/1961", None, "unknown"),
        ("d", "hier", None, "unknown"),
        ("d", "", None, "unknown"),
        ({"column": "d", "format": "%m/%d/%Y"}, "04/03/1961", dt.date(1961, 4, 3), "day"),
        ({"column": "d", "format": "%Y%m%d"}, "1961-04-03", None, "unknown"),
        ({"column": "d", "format": "%Y%m"}, "196104", dt.date(1961, 4, 1), "month"),
    ],
)
def test_a_birth_date_in_one_column(con, tmp_path, born, written, date, precision):
    path = table(tmp_path, f"id,name,d\n1,A,{written}\n2,B,1970-01-02")
    columns = ColumnMap.model_validate({"id": "id", "birth_name": "name", "birth_date": born})
    assert loaded(con, path, columns, "line, birth_date, birth_date_precision")[0] == (1, date, precision)


@pytest.mark.parametrize(
    ("year", "month", "day", "date", "precision"),
    [
        (1961, 4, 3, dt.date(1961, 4, 3), "day"),
        (1961.0, 4.0, 3.0, dt.date(1961, 4, 3), "day"),
        (1961, 4, None, dt.date(1961, 4, 1), "month"),
        (1961, None, None, dt.date(1961, 1, 1), "year"),
        (None, 4, 3, None, "unknown"),
        (1961, 2, 30, None, "unknown"),
    ],
)
def test_a_birth_date_in_three_columns_of_a_parquet_file(con, tmp_path, year, month, day, date, precision):
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": [1], "n": ["A"], "y": [year], "m": [month], "d": [day]}), path)
    born = {"year": "y", "month": "m", "day": "d"}
    columns = ColumnMap.model_validate({"id": "id", "birth_name": "n", "birth_date": born})
    assert loaded(con, path, columns, "id, birth_date, birth_date_precision") == [("1", date, precision)]


def test_further_columns_text_before_exact(con, tmp_path):
    path = table(tmp_path, "id,name,phone,street\n1,A,0102,rue X")
    columns = ColumnMap.model_validate(
        {"id": "id", "birth_name": "name", "other": {"exact": ["phone"], "text": ["street"]}}
    )
    assert loaded(con, path, columns, "other_0, other_1") == [("rue X", "0102")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id: a", "at least one column of names or numbers"),
        ("id: a\nsex: b\nbirth_date: c", "at least one column of names or numbers"),
        ("birth_name: a", "id"),
        ("id: a\nbirth_nam: b", "birth_name"),
        ("id: a\nbirth_name: b\nbirth_date: {month: c}", "birth_date"),
        ("id: a\nother: {text: [b], exact: [b]}", "text or exact, not both"),
        ("id: [a", "bad.yaml"),
    ],
)
def test_a_wrong_map_is_refused_with_its_mistake(tmp_path, text, what):
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=what):
        load_map(path)


@pytest.mark.parametrize("content", [None, b"id: \xff"])
def test_a_map_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "map.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"map\.yaml"):
        load_map(path)


def test_a_good_map_names_its_columns_once(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(
        "id: a\nsource: s\nbirth_name: n\nbirth_date: {year: y, month: m}\nother: {text: [n, t]}",
        encoding="utf-8",
    )
    assert load_map(path).columns() == ["a", "s", "n", "y", "m", "t"]


@pytest.mark.parametrize(
    ("text", "error", "what"),
    [
        ("id,other\n1,A", ConfigError, "does not have: name"),
        ("id,name", IntakeError, "no row"),
        ("id,name\n1,A\n,B", IntakeError, "1 rows have no id"),
        ("id,name\n1,A\n1,B\n1,C", IntakeError, "2 rows repeat"),
    ],
)
def test_a_table_that_cannot_be_linked_is_refused_without_a_value(con, tmp_path, text, error, what):
    with pytest.raises(error, match=what):
        load_people(con, table(tmp_path, text), NAMED)


@pytest.mark.parametrize("name", ["people.parquet", "people.csv"])
def test_bytes_that_are_no_table_are_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x00\xff\xfeDUPONT" * 50)
    with duckdb.connect() as con, pytest.raises((IntakeError, ConfigError)) as refused:
        load_people(con, path, NAMED)
    assert "DUPONT\x00" not in str(refused.value)


def test_no_table_at_all_is_refused(con, tmp_path):
    with pytest.raises(IntakeError, match="no such table"):
        load_people(con, tmp_path / "absent.csv", NAMED)


def test_a_quote_in_a_name_is_only_a_name(con, tmp_path):
    path = tmp_path / "it's.parquet"
    pq.write_table(pa.table({"id": ["1"], 'na"me': ["A"]}), path)
    assert loaded(con, path, ColumnMap(id="id", birth_name='na"me'), "birth_name") == [("A",)]
