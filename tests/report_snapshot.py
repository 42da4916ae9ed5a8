"""The part of a warehouse that the report reads, drawn at random: tumours without patients, then the real SQL."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd

from pipelines.config import Network
from pipelines.io.share import read_sql
from validations.contracts.derive import ddl
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.tables import TABLES

NAMES = (
    "Centre Léon Bérard", "Institut Bergonié", "Gustave Roussy", "Centre Oscar Lambret", "Institut Curie",
    "Institut Paoli-Calmettes", "CHU de Toulouse – IUCT Oncopole", "Institut de cancérologie de l'Ouest",
    "Institut de cancérologie de Lorraine", "Centre Georges-François Leclerc", "Centre François Baclesse",
    "Centre Antoine Lacassagne", "Hôpital Cochin (AP-HP)", "Hôpital de la Timone (AP-HM)", "CHU de Nantes",
    "Institut du cancer de Montpellier", "Centre Henri Becquerel", "Centre Eugène Marquis", "ICANS Strasbourg",
    "Institut Jean Godinot", "Centre Jean Perrin", "CHU de Tours", "CHU de Limoges", "CHU de Poitiers",
    "CHU de Besançon", "CHU de Grenoble Alpes", "CHU de Saint-Étienne", "Hôpital Saint-Louis (AP-HP)",
)  # fmt: skip
INDICATORS = (
    "biopsy_before_surgery", "network_rcp_before_surgery", "r0_first_surgery", "r1_first_surgery",
    "r2_first_surgery", "first_surgery_in_reference",
)  # fmt: skip
PARTITIONS = {name: "margin" if name[0] == "r" and name[1].isdigit() else name for name in INDICATORS}
PLACE_INDICATOR = "first_surgery_in_reference"
MISSING_CENTRE = "c07"  # sends no meeting date: everything about meetings is unknown there
_YES = {"biopsy_before_surgery": (0.63, 0.68, 0.73), "network_rcp_before_surgery": (0.32, 0.39, 0.45)}
_MARGINS = ((0.36, 0.29, 0.11, 0.24), (0.42, 0.29, 0.09, 0.20), (0.47, 0.28, 0.08, 0.17))


def _outcome(share: "np.ndarray", unknown: "np.ndarray | float", rng: np.random.Generator) -> "np.ndarray":
    """Yes, no or unknown (1, 0, NaN), one per tumour."""
    drawn = (rng.random(len(share)) < share).astype(float)
    return np.where(rng.random(len(share)) < unknown, np.nan, drawn)


def draw_tumours(
    rng: np.random.Generator, *, tumours: int, centres: int, periods: tuple[str, ...]
) -> pd.DataFrame:
    """One row per tumour: period, centre, place, and the outcome of each indicator."""
    period = rng.choice(
        len(periods),
        tumours,
        p=np.array([0.19, 0.28, 0.53])[: len(periods)] / sum((0.19, 0.28, 0.53)[: len(periods)]),
    )
    centre = rng.choice(centres, tumours, p=rng.dirichlet(np.linspace(0.3, 3.0, centres)))
    place = _outcome(0.36 + 0.07 * period, 0.03, rng)
    tilt = np.where(place == 1, 1.2, 0.85)
    frame = pd.DataFrame(
        {
            "tumour_id": [f"t{i}" for i in range(tumours)],
            "period_id": np.array(periods)[period],
            "centre_id": np.array([f"c{i:02d}" for i in range(centres)])[centre],
            PLACE_INDICATOR: place,
        }
    )
    no_dates = frame["centre_id"] == MISSING_CENTRE
    for name, shares in _YES.items():
        unknown = np.where(no_dates & (name == "network_rcp_before_surgery"), 1.0, 0.04)
        frame[name] = _outcome(np.clip(np.array(shares)[period] * tilt, 0, 0.97), unknown, rng)
    limits = np.cumsum(np.array(_MARGINS)[period], axis=1)
    margin = (rng.random(tumours)[:, None] > limits).sum(axis=1)
    for rank in range(3):
        frame[f"r{rank}_first_surgery"] = np.where(margin == 3, np.nan, margin == rank)
    return frame


def _fact_rows(tumours: pd.DataFrame) -> pd.DataFrame:
    long = tumours.assign(place=tumours[PLACE_INDICATOR]).melt(
        id_vars=["tumour_id", "period_id", "centre_id", "place"],
        value_vars=list(INDICATORS), var_name="indicator_id", value_name="achieved",
    )  # fmt: skip
    for name, source in (("is_first_surgery_in_reference", "place"), ("is_achieved", "achieved")):
        long[name] = long[source].map({1.0: True, 0.0: False}).astype("boolean")
    return long.assign(reason_unknown=None)


def insert(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Add the rows of a frame to a table, by the names of their columns."""
    con.register("given", frame)
    columns = ", ".join(column for column in TABLES[name].columns if column in frame.columns)
    con.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM given")
    con.unregister("given")


def _dimensions(network: Network, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    ids = [f"c{i:02d}" for i in range(len(names))]
    return {
        "dim_network": pd.DataFrame(
            [(network.id, network.fr, network.en, network.definition_version, network.icdo_version)],
            columns=["network_id", "label_fr", "label_en", "definition_version", "icdo_version"],
        ),
        "dim_period": pd.DataFrame(
            [(p.id, p.fr, p.en, p.start, p.end, p.is_exhaustive) for p in network.periods],
            columns=["period_id", "label_fr", "label_en", "start_date", "end_date", "is_exhaustive"],
        ),
        "dim_centre": pd.DataFrame(
            {"centre_id": ids, "name": names, "network_role": "expert", "valid_from": dt.date(2010, 1, 1)}
        ),
        "dim_delivery": pd.DataFrame(
            {
                "delivery_id": [f"d{i}" for i in ids],
                "centre_id": ids,
                "content_hash": "0" * 64,
                "exported_date": [dt.date(2026, 11, 1 + i % 20) for i in range(len(ids))],
            }
        ),
    }


def _facts(tumours: pd.DataFrame) -> dict[str, pd.DataFrame]:
    findings = pd.DataFrame(
        [("CONTRACT-005", "error", 240), ("SURGERY-001", "warning", 1310), ("SURGERY-003", "warning", 7),
         ("OLD-001", "fatal", 12)],
        columns=["rule_id", "severity", "times"],
    )  # fmt: skip
    findings = findings.loc[findings.index.repeat(findings["times"])].reset_index(drop=True)
    extra = {"rule_version": 1, "table_name": "val_surgery", "row_id": "r", "centre_id": "c00", "delivery_id": "d",
             "file": "f", "line": 1, "is_quarantined": False}  # fmt: skip
    others = pd.DataFrame(
        {"tumour_id": [f"p{i}" for i in range(len(tumours) // 5)], "period_id": None, "centre_id": "c00"}
    )
    fact = pd.concat(
        [
            tumours[["tumour_id", "period_id", "centre_id"]].assign(is_incident=True),
            others.assign(is_incident=False),
        ]
    )
    return {
        "fct_tumour": fact.assign(patient_id="p", is_in_scope=True, record_count=1),
        "fct_finding": findings.assign(finding_id=[str(i) for i in range(len(findings))], **extra),
    }


def fill(
    con: duckdb.DuckDBPyConnection,
    network: Network,
    rng: np.random.Generator,
    *,
    tumours: int = 27_000,
    names: tuple[str, ...] = NAMES,
) -> None:
    """Create in `con` the tables the report reads, with figures like the published ones."""
    drawn = draw_tumours(
        rng, tumours=tumours, centres=len(names), periods=tuple(p.id for p in network.periods)
    )
    tables = _dimensions(network, names) | {"fct_indicator": _fact_rows(drawn)} | _facts(drawn)
    for name in ("fct_rule_result", *(f"fct_{entity}" for entity in EVENT_ENTITIES)):
        con.execute(ddl(TABLES[name]))
    for name, frame in tables.items():
        con.execute(ddl(TABLES[name]))
        insert(con, name, frame)
    published = {(p.indicator, p.period): p.percent for p in network.published}
    wanted = [(i, p.id, published.get((i, p.id))) for i in INDICATORS for p in network.periods]
    con.execute(
        "CREATE TABLE src_indicator (indicator_id VARCHAR, period_id VARCHAR, published_percent DOUBLE)"
    )
    con.executemany("INSERT INTO src_indicator VALUES (?, ?, ?)", wanted)
    con.execute(
        f"{ddl(TABLES['ind_conformity'])}; INSERT INTO ind_conformity {read_sql('warehouse', 'ind_conformity.sql')}"
    )
    con.execute("DROP TABLE src_indicator")


def conformity(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The indicator results, in a stable order."""
    return con.execute("SELECT * FROM ind_conformity ORDER BY ALL").df()
