"""A small star schema for tests: harmonised rows written as text, built by the real code."""

import datetime as dt
from collections.abc import Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.account import Account
from pipelines.config import Network
from pipelines.io.configuration import load_centres, load_network
from pipelines.warehouse.build import FROM_STEPS, build
from tests.contract_rows import contract_rows
from validations.contracts.derive import ddl
from validations.contracts.model import Layer
from validations.contracts.tables import TABLES

TODAY = dt.date(2021, 6, 1)
NETWORK = load_network("netsarc")
CENTRES = {
    name: centre for name, centre in load_centres("netsarc").items() if name in ("clb", "curie", "bergonie")
}
INPUTS = [t.name for t in TABLES.values() if t.layer is Layer.HARMONISED]


def text_frame(text: str) -> pd.DataFrame:
    """A code table as `read_codes` gives it: text, an empty cell is missing."""
    header, *lines = (line.split(",") for line in text.strip().splitlines())
    rows = [[cell.strip() or None for cell in line] for line in lines]
    return pd.DataFrame(rows, columns=header, dtype="string[pyarrow]")


FACILITIES = text_frame("""
facility_id,name,alias,role,centre_id,valid_from,valid_to
f_in,Référence,ref,reference,clb,2010-01-01,
f_in,Référence,reference,reference,clb,2010-01-01,
f_out,Clinique,clinique,outside,,,
""")
DIAGNOSES = text_frame("""
morphology,behaviour,label_fr,label_en,who_group,malignancy_class,iarc_group
8890/3,3,Léiomyosarcome,Leiomyosarcoma,smooth_muscle,sarcoma,8
8850/3,3,Liposarcome,Liposarcoma,adipocytic,sarcoma,8
8936/3,3,GIST,GIST,gist,sarcoma,9
8821/1,1,Desmoïde,Desmoid,fibroblastic,intermediate,8
8850/0,0,Lipome,Lipoma,adipocytic,benign,8
8000/9,9,Sans précision,Unspecified,unspecified,,17
""")
TOPOGRAPHIES = text_frame("""
topography,label_fr,label_en,site_group,iarc_site_group
C16.9,Estomac,Stomach,viscera,C16
C48.0,Rétropéritoine,Retroperitoneum,retroperitoneum,C48
C49.2,Membre inférieur,Lower limb,limb,C49
""")


def deliveries(*centres: str) -> pd.DataFrame:
    """One delivery per centre."""
    rows = [(f"d_{centre}", centre, "0" * 64, None) for centre in centres]
    return pd.DataFrame(rows, columns=["delivery_id", "centre_id", "content_hash", "exported_date"])


def aliases(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every third patient had another pseudonym once."""
    query = "SELECT md5(patient_id) AS alias_patient_id, patient_id FROM har_patient WHERE hash(patient_id) % 3 = 0"
    return con.execute(query).to_arrow_table()


def fill(con: duckdb.DuckDBPyConnection, network: Network = NETWORK) -> list[Account]:
    """Build the star schema in `con`, which sees the harmonised tables already."""
    return build(
        con, network=network, centres=CENTRES, facilities=FACILITIES, diagnoses=DIAGNOSES,
        topographies=TOPOGRAPHIES, deliveries=deliveries(*CENTRES), aliases=aliases(con), today=TODAY,
    )  # fmt: skip


def star(
    con: duckdb.DuckDBPyConnection, given: Mapping[str, str], network: Network = NETWORK
) -> list[Account]:
    """Build the star schema of these rows (`given` by table name) in `con`; what is not given is empty."""
    for name in (*INPUTS, *FROM_STEPS):
        view = name.removeprefix("fct_")
        con.execute(ddl(TABLES[name]).replace(f'TABLE "{name}"', f'TEMP TABLE "{view}"'))
        if view in given:
            rows = contract_rows(name, given[view])
            con.executemany(f'INSERT INTO "{view}" VALUES ({", ".join("?" for _ in rows[0])})', rows)
    return fill(con, network)
