"""Local tumours of one person brought together into national primaries.

IARC/IACR 2004 with the extension of definition netsarc-1: same site group and compatible histology, or same site group
and diagnosed within 60 days. A tumour that says less never brings two others together: a wrong merge hides a cancer.
"""

from typing import TYPE_CHECKING

from pipelines.harmonise.tables import create, fill, keep
from pipelines.keys import pseudonyms

if TYPE_CHECKING:
    import duckdb


def group_tumours(con: "duckdb.DuckDBPyConnection", *, key: bytes) -> None:
    """Make `lnk_tumour` from the local tumours of linked patients."""
    create(con, "local_tumour")
    create(con, "tumour_pair")
    create(con, "tumour_edge")
    _connect(con)
    _name(con, key)
    fill(
        con,
        "lnk_tumour",
        """
        SELECT local.centre_id, local.local_patient_id, local.local_tumour_id, local.patient_id, named.tumour_id
        FROM local_tumour AS local
        INNER JOIN component ON local.node = component.node
        INNER JOIN tumour_name AS named ON component.root = named.root
        """,
    )


def _connect(con: "duckdb.DuckDBPyConnection") -> None:
    """Give each node the smallest node it is joined to; as many turns as one person's longest chain."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE component AS SELECT node, node AS root FROM local_tumour"
    ).fetchall()
    while True:
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE closer AS
            SELECT mine.node, min(theirs.root) AS root
            FROM component AS mine
            INNER JOIN tumour_edge AS edge ON mine.node = edge.node_a
            INNER JOIN component AS theirs ON edge.node_b = theirs.node
            GROUP BY mine.node, mine.root
            HAVING min(theirs.root) < mine.root
            """
        ).fetchall()
        if con.execute("SELECT 1 FROM closer LIMIT 1").fetchone() is None:
            return
        con.execute(
            "UPDATE component SET root = closer.root FROM closer WHERE component.node = closer.node"
        ).fetchall()


def _name(con: "duckdb.DuckDBPyConnection", key: bytes) -> None:
    """The pseudonym of each tumour, from its person and its founding record: the smallest of its local keys."""
    import pyarrow as pa

    founding = con.execute(
        """
        SELECT
            local.node AS root,
            concat_ws(
                chr(31), local.person_id, local.centre_id, local.local_patient_id, local.local_tumour_id
            ) AS record
        FROM local_tumour AS local
        INNER JOIN component ON local.node = component.node AND component.node = component.root
        ORDER BY local.node
        """
    ).to_arrow_table()
    names = pseudonyms(founding["record"].to_pylist(), key=key, domain="tumour")
    keep(con, "tumour_name", pa.table({"root": founding["root"], "tumour_id": pa.array(names, pa.string())}))
