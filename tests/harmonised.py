"""Random harmonised tables that honour the contract: for builds, timings and comparisons of engines.

Every value follows from (seed, table, row, column), so that a seed gives the same rows. One act in seven is declared
a second time, by another centre, with a different margin or an empty field.
"""

import duckdb

from validations.contracts.derive import SQL_TYPES
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.model import Field, Kind, Table
from validations.contracts.tables import TABLES

CENTRES = ("clb", "bergonie", "curie")
ACTS_PER_TUMOUR = {"imaging": 3, "follow_up": 3, "treatment": 1, "rcp": 2, "biopsy": 1, "surgery": 1}
MORPHOLOGIES = ("8890/3", "8850/3", "8936/3", "8821/1", "8850/0")
TOPOGRAPHIES = ("C49.2", "C48.0", "C16.9")


def _pick(draw: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"([{listed}])[1 + ({draw} % {len(values)})::INT]"


def _date(name: str, seed: int) -> dict[str, str]:
    draw = f"hash(act, '{name}', {seed})"
    day = f"(DATE '2010-01-01' + ({draw} % 4000)::INT)"
    how = f"(hash(act, '{name} precision', {seed}) % 20)"
    return {
        name: f"CASE WHEN {how} = 0 THEN NULL WHEN {how} = 1 THEN date_trunc('month', {day})::DATE ELSE {day} END",
        f"{name}_latest": f"CASE WHEN {how} = 0 THEN NULL WHEN {how} = 1 THEN last_day({day}) ELSE {day} END",
        f"{name}_precision": f"CASE WHEN {how} = 0 THEN 'unknown' WHEN {how} = 1 THEN 'month' ELSE 'day' END",
    }


def _value(field: Field, seed: int, *, is_mandatory: bool) -> str:
    draw = f"hash(act, '{field.name}', {seed})"
    low, high = int(field.low or 0), int(field.high or 100)
    values = {
        Kind.TEXT: f"'x' || ({draw} % 50)::VARCHAR",
        Kind.CODE: _pick(draw, field.code_values) if field.codes else "NULL",
        Kind.INTEGER: f"{low} + ({draw} % {high - low + 1})::BIGINT",
        Kind.NUMBER: f"least({high}, 1 + ({draw} % 10000) / 7.0)",
        Kind.BOOLEAN: f"{draw} % 2 = 0",
    }
    maybe = "TRUE" if is_mandatory else f"hash(row, '{field.name} is known', {seed}) % 10 > 0"
    return f"CASE WHEN {maybe} THEN {values[field.kind]} END"


def _select(table: Table, known: dict[str, str], source: str, seed: int) -> str:
    expressions = dict(known)
    for field in table.fields:
        if (
            field.kind is Kind.DATE
            and f"{field.name}_latest" in table.columns
            and field.name not in expressions
        ):
            expressions |= _date(field.name, seed)
    expressions |= {
        f.name: _value(f, seed, is_mandatory=f.name in table.mandatory)
        for f in table.fields
        if f.name not in expressions
    }
    columns = ", ".join(
        f'CAST({expressions[f.name]} AS {SQL_TYPES[f.kind]}) AS "{f.name}"' for f in table.fields
    )
    return f'CREATE TEMP TABLE "{table.name}" AS SELECT {columns} FROM ({source}) AS source'


def _event(entity: str, patients: int, seed: int) -> str:
    acts = ACTS_PER_TUMOUR.get(entity, 1) * patients
    source = (
        f"SELECT act, again, act * 2 + again AS row, act % {patients} AS tumour FROM range({acts}) AS a(act),"
        f" range(2) AS b(again) WHERE again = 0 OR hash(act, '{entity}', {seed}) % 7 = 0"
    )
    centre = _pick("(hash(tumour) + again)", CENTRES)
    known = {
        "row_id": f"format('{{:016x}}:{EVENT_ENTITIES.index(entity)}:{{}}', 7 + again, row)",
        "tumour_id": "md5('t' || tumour)",
        "patient_id": "md5('p' || (tumour // 1.02)::INT)",
        "centre_id": centre,
        "delivery_id": f"'d_' || {centre}",
        "facility_id": f"CASE WHEN act % 20 > 0 THEN {_pick('hash(act)', ('f_in', 'f_out'))} END",
        "is_in_reference": "CASE WHEN act % 20 > 0 THEN hash(act) % 2 = 0 END",
        **{name: _pick("hash(act)", MORPHOLOGIES) for name in ("initial_morphology", "expert_morphology")},
    }
    table = TABLES[f"har_{entity}"]
    return _select(table, {k: v for k, v in known.items() if k in table.columns}, source, seed)


def harmonise(con: duckdb.DuckDBPyConnection, *, patients: int, seed: int = 1) -> None:
    """Create every `har_*` table and what the steps said as temporary tables: two tumours for one patient in fifty."""
    row = f"SELECT i AS act, i AS row FROM range({patients}) AS r(i)"
    person = {"patient_id": "md5('p' || act)", "birth_year": "1930 + act % 70", "birth_month": "1 + act % 12"}
    con.execute(_select(TABLES["har_patient"], person, row, seed))
    tumour = {
        "tumour_id": "md5('t' || act)",
        "patient_id": "md5('p' || (act // 1.02)::INT)",
        "centre_id": _pick("hash(act)", CENTRES),
        "morphology": _pick("hash(act, 'm')", MORPHOLOGIES),
        "topography": _pick("hash(act, 't')", TOPOGRAPHIES),
        "is_in_scope": "hash(act, 'm') % 5 < 4",
        "record_count": "1 + act % 3",
    }
    con.execute(_select(TABLES["har_tumour"], tumour, row, seed))
    for entity in EVENT_ENTITIES:
        con.execute(_event(entity, patients, seed))
    finding = {
        "finding_id": "md5('f' || act)",
        "row_id": "'r' || act",
        "rule_id": "'NS-001'",
        "centre_id": _pick("hash(act)", CENTRES),
        "delivery_id": f"'d_' || {_pick('hash(act)', CENTRES)}",
        "severity": "'warning'",
        "table_name": "'val_surgery'",
    }
    result = {"centre_id": _pick("act", CENTRES), "rule_id": "'NS-' || act", "outcome": "'passed'"}
    figure = {
        "group_kind": "'all'", "group_id": "'all'", "measure": "'person_size'", "category": "'c' || act",
        "item_count": "act", "total_count": "1000000",
    }  # fmt: skip
    for name, values in (("finding", finding), ("rule_result", result), ("linkage", figure)):
        fact = f"fct_{name}"
        con.execute(_select(TABLES[fact], values, row, seed).replace(f'TABLE "{fact}"', f'TABLE "{name}"'))
