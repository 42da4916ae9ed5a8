"""What the configuration brings into the warehouse: roles with dates, periods, published values, facilities."""

import datetime as dt
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.config import Centre, Network, Validity
from pipelines.errors import ConfigError
from pipelines.warehouse.configured import register
from tests.star import CENTRES, DIAGNOSES, FACILITIES, NETWORK, TODAY, TOPOGRAPHIES, deliveries, text_frame
from tests.tables import rows
from validations.contracts.derive import SQL_TYPES
from validations.contracts.tables import TABLES

Role = tuple[str, str, str, str | None]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def centre(name: str, *roles: Role) -> Centre:
    """A centre with these roles: network, role, from, to."""
    held = tuple(
        Validity(network=network, role=role, valid_from=day(start), valid_to=day(end) if end else None)
        for network, role, start, end in roles
    )
    return CENTRES["clb"].model_copy(update={"id": name, "name": name.title(), "roles": held})


def registered(con: duckdb.DuckDBPyConnection, **changes: Any) -> None:
    given = {
        "network": NETWORK, "centres": CENTRES, "facilities": FACILITIES, "diagnoses": DIAGNOSES,
        "topographies": TOPOGRAPHIES, "deliveries": deliveries("clb"), "today": TODAY,
    }  # fmt: skip
    register(con, **{**given, **changes})


def network(**changes: Any) -> Network:
    return NETWORK.model_copy(update=changes)


N, M = "netsarc", "another"


@pytest.mark.parametrize(
    ("roles", "in_network", "as_facility"),
    [
        ([], [("outside", "1900-01-01", None)], ("outside", None, None)),
        ([(M, "expert", "2010-01-01", None)], [("outside", "1900-01-01", None)], ("outside", None, None)),
        (
            [(N, "expert", "2010-01-01", None)],
            [("expert", "2010-01-01", None)],
            ("reference", "2010-01-01", None),
        ),
        (
            [(N, "coordinating", "2010-01-01", "2014-12-31")],
            [("coordinating", "2010-01-01", "2014-12-31")],
            ("reference", "2010-01-01", "2014-12-31"),
        ),
        (
            [(N, "pathology", "2010-01-01", None)],
            [("pathology", "2010-01-01", None)],
            ("outside", None, None),
        ),
        ([(N, "bone", "2010-01-01", None)], [("bone", "2010-01-01", None)], ("outside", None, None)),
        (
            [(N, "expert", "2010-01-01", "2012-12-31"), (N, "coordinating", "2013-01-01", "2019-12-31")],
            [("coordinating", "2013-01-01", "2019-12-31"), ("expert", "2010-01-01", "2012-12-31")],
            ("reference", "2010-01-01", "2019-12-31"),
        ),
        (
            [(N, "expert", "2015-01-01", None), (N, "expert", "2010-01-01", "2012-12-31")],
            [("expert", "2010-01-01", "2012-12-31"), ("expert", "2015-01-01", None)],
            ("reference", "2010-01-01", None),
        ),
        (
            [
                (N, "pathology", "2005-01-01", None),
                (N, "expert", "2015-01-01", "2016-12-31"),
                (M, "expert", "2000-01-01", None),
            ],
            [("expert", "2015-01-01", "2016-12-31"), ("pathology", "2005-01-01", None)],
            ("reference", "2015-01-01", "2016-12-31"),
        ),
    ],
)
def test_a_centre_has_its_roles_in_the_network_and_is_a_facility(
    con: duckdb.DuckDBPyConnection, roles: list[Role], in_network: list[Any], as_facility: Any
):
    registered(con, centres={"x": centre("x", *roles)})
    dates = "CAST(valid_from AS VARCHAR), CAST(valid_to AS VARCHAR)"
    assert rows(con, f"SELECT network_role, {dates} FROM src_centre") == sorted(in_network)
    assert rows(con, f"SELECT role, {dates} FROM src_facility WHERE facility_id = 'x'") == [as_facility]


def test_which_roles_make_a_reference_is_the_networks_decision(con: duckdb.DuckDBPyConnection):
    found = {}
    for chosen in (("expert",), ("pathology",), ("expert", "pathology"), ()):
        centres = {
            "a": centre("a", (N, "expert", "2010-01-01", None)),
            "b": centre("b", (N, "pathology", "2010-01-01", None)),
        }
        registered(con, network=network(reference_roles=chosen), centres=centres)
        query = "SELECT facility_id FROM src_facility WHERE role = 'reference' AND facility_id = centre_id"
        found[chosen] = [name for (name,) in rows(con, query)]
    assert found == {("expert",): ["a"], ("pathology",): ["b"], ("expert", "pathology"): ["a", "b"], (): []}


def test_every_indicator_of_every_period_is_expected_with_its_published_value(con: duckdb.DuckDBPyConnection):
    small = network(
        indicators=("r0_first_surgery", "r1_first_surgery"),
        periods=NETWORK.periods[:2],
        published=tuple(
            p for p in NETWORK.published if p.indicator == "r0_first_surgery" and p.period == "2010_2012"
        ),
    )
    registered(con, network=small)
    assert rows(con, "SELECT indicator_id, period_id, published_percent FROM src_indicator") == [
        ("r0_first_surgery", "2010_2012", 36.1),
        ("r0_first_surgery", "2013_2015", None),
        ("r1_first_surgery", "2010_2012", None),
        ("r1_first_surgery", "2013_2015", None),
    ]


def test_the_settings_and_the_scope_are_those_of_the_network_and_the_day(con: duckdb.DuckDBPyConnection):
    registered(con, network=network(incident_from=day("2012-03-04")), today=day("2024-02-29"))
    assert rows(con, "SELECT incident_from, today FROM src_setting") == [
        (day("2012-03-04"), day("2024-02-29"))
    ]
    assert rows(con, "SELECT malignancy_class FROM src_scope") == [("intermediate",), ("sarcoma",)]
    assert rows(con, "SELECT network_id, definition_version, icdo_version FROM src_network") == [
        ("netsarc", "netsarc-1", "icdo32")
    ]
    assert rows(con, "SELECT period_id, start_date, end_date, is_exhaustive FROM src_period") == [
        ("2010_2012", day("2010-01-01"), day("2012-12-31"), False),
        ("2013_2015", day("2013-01-01"), day("2015-12-31"), True),
        ("2016_2020", day("2016-01-01"), day("2020-12-31"), True),
    ]


@pytest.mark.parametrize(
    ("relation", "table"),
    [
        ("src_network", "dim_network"),
        ("src_centre", "dim_centre"),
        ("src_period", "dim_period"),
        ("src_facility", "dim_facility"),
        ("src_delivery", "dim_delivery"),
    ],
)
def test_a_relation_has_the_types_of_its_table_even_without_a_value(
    con: duckdb.DuckDBPyConnection, relation: str, table: str
):
    empty = text_frame("facility_id,name,alias,role,centre_id,valid_from,valid_to")
    registered(con, centres={}, facilities=empty, deliveries=deliveries())
    found = {column[0]: str(column[1]) for column in con.execute(f"SELECT * FROM {relation}").description}
    assert found == {field.name: SQL_TYPES[field.kind] for field in TABLES[table].fields}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("f,Clinique,clinique,outside,,,", ("f", "outside", None, None, None)),
        (
            "f,Clinique,clinique,reference,clb,2010-01-01,2012-12-31",
            ("f", "reference", "clb", "2010-01-01", "2012-12-31"),
        ),
        ("f,Clinique,clinique,reference,clb,2010-01-01,", ("f", "reference", "clb", "2010-01-01", None)),
    ],
)
def test_a_facility_of_the_code_table_is_read_with_its_dates(
    con: duckdb.DuckDBPyConnection, written: str, expected: tuple[Any, ...]
):
    registered(
        con, facilities=text_frame(f"facility_id,name,alias,role,centre_id,valid_from,valid_to\n{written}")
    )
    dates = "CAST(valid_from AS VARCHAR), CAST(valid_to AS VARCHAR)"
    query = f"SELECT facility_id, role, centre_id, {dates} FROM src_facility WHERE facility_id = 'f'"
    assert rows(con, query) == [expected]


@pytest.mark.parametrize("date", ["01/02/2010", "2010-02-30", "2010", "soon"])
def test_a_date_that_is_none_stops_the_build(con: duckdb.DuckDBPyConnection, date: str):
    frame = text_frame(f"facility_id,name,alias,role,centre_id,valid_from,valid_to\nf,C,c,outside,,{date},")
    with pytest.raises(pa.ArrowInvalid, match="date32"):
        registered(con, facilities=frame)


REQUIRED = {
    "facilities": ("dim_facility", FACILITIES, ["facility_id", "name", "role", "centre_id", "valid_from", "valid_to"]),
    "diagnoses": ("dim_diagnosis", DIAGNOSES, ["morphology", "label_fr", "label_en", "behaviour", "iarc_group"]),
    "topographies": ("dim_topography", TOPOGRAPHIES, ["topography", "label_fr", "label_en", "site_group"]),
    "deliveries": ("dim_delivery", deliveries("clb"), ["delivery_id", "centre_id", "content_hash", "exported_date"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "column"),
    [(name, column) for name, (_, _, columns) in REQUIRED.items() for column in columns],
)
def test_a_missing_column_is_named_with_its_table(con: duckdb.DuckDBPyConnection, argument: str, column: str):
    table, frame, _ = REQUIRED[argument]
    with pytest.raises(ConfigError, match=f"the table for {table} has no column {column}"):
        registered(con, **{argument: frame.drop(columns=[column])})


def test_all_the_missing_columns_of_a_table_are_named_together(con: duckdb.DuckDBPyConnection):
    with pytest.raises(ConfigError, match="no column label_fr, label_en, site_group"):
        registered(con, topographies=pd.DataFrame({"topography": ["C16.9"], "iarc_site_group": ["C16"]}))
