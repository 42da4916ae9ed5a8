"""What the configuration brings into the warehouse: the relations that the dimension queries read as `src_*`."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipelines.config import Centre, Network
from pipelines.errors import ConfigError
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

#: A centre that delivers without a role in the network is kept, outside of it, for as long as we can say.
NO_ROLE = ("outside", dt.date(1900, 1, 1), None)


def _rows(table: str, rows: Iterable[tuple[Any, ...]]) -> "pa.Table":
    import pyarrow as pa

    schema = arrow_schema(TABLES[table])
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def _network(network: Network) -> "pa.Table":
    row = (network.id, network.fr, network.en, network.definition_version, network.icdo_version)
    return _rows("dim_network", [row])


def _centres(network: Network, centres: Mapping[str, Centre]) -> "pa.Table":
    def roles(centre: Centre) -> list[tuple[str, dt.date, dt.date | None]]:
        return [(r.role, r.valid_from, r.valid_to) for r in centre.roles if r.network == network.id]

    rows = (
        (c.id, c.name, c.city, c.region, c.finess, *role)
        for c in centres.values()
        for role in roles(c) or [NO_ROLE]
    )
    return _rows("dim_centre", rows)


def _periods(network: Network) -> "pa.Table":
    return _rows("dim_period", ((p.id, p.fr, p.en, p.start, p.end, p.is_exhaustive) for p in network.periods))


def _indicators(network: Network) -> "pa.Table":
    """Every indicator of every period, with its published value where there is one."""
    import pyarrow as pa

    published = {(p.indicator, p.period): p.percent for p in network.published}
    names = ("indicator_id", "period_id", "published_percent")
    rows = [
        dict(zip(names, (i, p.id, published.get((i, p.id))), strict=True))
        for i in network.indicators
        for p in network.periods
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema(zip(names, ("string", "string", "double"), strict=True))
    )


def _scope(network: Network) -> "pa.Table":
    import pyarrow as pa

    return pa.table({"malignancy_class": pa.array(network.scope.malignancy_classes, pa.string())})


def _setting(network: Network, today: dt.date) -> "pa.Table":
    import pyarrow as pa

    days = {"incident_from": [network.incident_from], "today": [today]}
    return pa.table({name: pa.array(value, pa.date32()) for name, value in days.items()})


def _deliveries(frame: "pd.DataFrame") -> "pa.Table":
    """Typed by the contract: a column without any value would have no type of its own."""
    import pyarrow as pa

    schema = arrow_schema(TABLES["dim_delivery"])
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def _facilities(network: Network, centres: Mapping[str, Centre], frame: "pd.DataFrame") -> "pa.Table":
    """The facilities of the code table, and every centre as a facility of its own id with its reference dates."""
    import pyarrow as pa

    schema = arrow_schema(TABLES["dim_facility"])
    as_text = pa.schema([pa.field(field.name, pa.string()) for field in schema])
    outside = pa.Table.from_pandas(frame[schema.names], schema=as_text, preserve_index=False).cast(schema)
    return pa.concat_tables(
        [outside, _rows("dim_facility", (_facility(network, c) for c in centres.values()))]
    )


def _facility(network: Network, centre: Centre) -> tuple[Any, ...]:
    roles = [r for r in centre.roles if r.network == network.id and r.role in network.reference_roles]
    ends = [r.valid_to for r in roles]
    return (
        centre.id,
        centre.name,
        "reference" if roles else "outside",
        centre.id,
        min((r.valid_from for r in roles), default=None),
        None if None in ends else max((end for end in ends if end), default=None),
    )


def _check_columns(name: str, frame: "pd.DataFrame", *, computed: frozenset[str] = frozenset()) -> None:
    missing = [c for c in TABLES[name].columns if c not in frame.columns and c not in computed]
    if missing:
        raise ConfigError(f"the table for {name} has no column {', '.join(missing)}", remedy="Add it.")


def register(
    con: "duckdb.DuckDBPyConnection",
    *,
    network: Network,
    centres: Mapping[str, Centre],
    facilities: "pd.DataFrame",
    diagnoses: "pd.DataFrame",
    topographies: "pd.DataFrame",
    deliveries: "pd.DataFrame",
    today: dt.date,
) -> None:
    """Make the configuration visible in `con` as `src_*`. ConfigError when a code table lacks a column."""
    _check_columns("dim_facility", facilities)
    _check_columns("dim_diagnosis", diagnoses, computed=frozenset({"is_in_scope"}))
    _check_columns("dim_topography", topographies)
    _check_columns("dim_delivery", deliveries)
    con.register("src_network", _network(network))
    con.register("src_centre", _centres(network, centres))
    con.register("src_period", _periods(network))
    con.register("src_indicator", _indicators(network))
    con.register("src_scope", _scope(network))
    con.register("src_setting", _setting(network, today))
    con.register("src_facility", _facilities(network, centres, facilities))
    con.register("src_diagnosis", diagnoses)
    con.register("src_topography", topographies)
    con.register("src_delivery", _deliveries(deliveries))
