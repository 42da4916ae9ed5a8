"""Ids of persons: derived, so that the same records and the same history give the same bytes on any machine.

A person is named by its founding record, the smallest (centre, local patient) when it first appears, and keeps that
name (`history.py`). The warehouse sees only the pseudonym of that id.
"""

from typing import TYPE_CHECKING

from pipelines.keys import pseudonyms
from pipelines.link.history import Known, name_as_before

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

#: The use of the key that makes the pseudonyms of the warehouse.
_PATIENT = "patient"


def keep_members(con: "duckdb.DuckDBPyConnection", founders: "NDArray[np.int64]") -> None:
    """Make `link_member` (record_no, founder): for record_no 1, 2, … the founding record of its person."""
    import numpy as np
    import pyarrow as pa

    members = pa.table({"record_no": np.arange(1, len(founders) + 1), "founder": founders})
    con.register("link_members", members)
    con.execute("CREATE OR REPLACE TEMP TABLE link_member AS FROM link_members").fetchall()
    con.unregister("link_members")


def name_persons(
    con: "duckdb.DuckDBPyConnection", founders: "NDArray[np.int64]", *, known: Known, key: bytes
) -> None:
    """Make `link_member` (record_no, founder), `link_named` (founder, person_id, patient_id) and `link_event`.

    `founders` holds, for record_no 1, 2, …, the record_no of the smallest record of its person.
    """
    import pyarrow as pa

    keep_members(con, founders)
    name_as_before(con, known, key=key)
    found = con.execute("SELECT founder, person_id FROM link_name ORDER BY founder").to_arrow_table()
    patient_ids = pseudonyms(found["person_id"].to_pylist(), key=key, domain=_PATIENT)
    named = found.append_column("patient_id", pa.array(patient_ids, pa.string()))
    con.register("link_names", named)
    con.execute("CREATE OR REPLACE TEMP TABLE link_named AS FROM link_names").fetchall()
    con.unregister("link_names")


def patient_aliases(known: Known, *, key: bytes) -> "pa.Table":
    """The pseudonym of each id that is an alias (`alias_patient_id`) and that of its person (`patient_id`)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    merged = known.persons.filter(pc.is_valid(known.persons["survivor_id"]))
    columns = {"alias_patient_id": "person_id", "patient_id": "survivor_id"}
    return pa.table(
        {
            name: pa.array(pseudonyms(merged[ids].to_pylist(), key=key, domain=_PATIENT), pa.string())
            for name, ids in columns.items()
        }
    )
