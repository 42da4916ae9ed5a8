"""Ids of persons: derived, so that the same records give the same bytes on any machine.

A person is named by its founding record, the smallest (centre, local patient). The warehouse sees only the pseudonym
of that id. The history of ids when persons merge or split is not kept yet.
"""

from typing import TYPE_CHECKING

from pipelines.keys import pseudonyms

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

_FOUNDERS = """
SELECT DISTINCT founder, concat(centre_id, chr(31), local_patient_id) AS record_key
FROM link_member INNER JOIN link_key ON link_key.record_no = link_member.founder
ORDER BY founder
"""


def keep_members(con: "duckdb.DuckDBPyConnection", founders: "NDArray[np.int64]") -> None:
    """Make `link_member` (record_no, founder): for record_no 1, 2, … the founding record of its person."""
    import numpy as np
    import pyarrow as pa

    members = pa.table({"record_no": np.arange(1, len(founders) + 1), "founder": founders})
    con.register("link_members", members)
    con.execute("CREATE OR REPLACE TEMP TABLE link_member AS FROM link_members").fetchall()
    con.unregister("link_members")


def name_persons(con: "duckdb.DuckDBPyConnection", founders: "NDArray[np.int64]", *, key: bytes) -> None:
    """Make `link_member` (record_no, founder) and `link_named` (founder, person_id, patient_id).

    `founders` holds, for record_no 1, 2, …, the record_no of the founding record of its person.
    """
    import pyarrow as pa

    keep_members(con, founders)
    found = con.execute(_FOUNDERS).to_arrow_table()
    person_ids = pseudonyms(found["record_key"].to_pylist(), key=key, domain="person")
    patient_ids = pseudonyms(person_ids, key=key, domain="patient")
    named = pa.table({"founder": found["founder"], "person_id": person_ids, "patient_id": patient_ids})
    con.register("link_names", named)
    con.execute("CREATE OR REPLACE TEMP TABLE link_named AS FROM link_names").fetchall()
    con.unregister("link_names")
