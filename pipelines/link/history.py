"""The persons of this night beside those of the nights before: who keeps an id, and what the log is told.

Every record has an id of its own: that of the person it joined when it first came, or the new one of a part that split
off. A merge lends the oldest id to the records of the others and takes nothing from them, so that they have their
ids back when they part again, whatever happened in between. Ids go to persons so:

1. an id goes where most of its own records are (a tie: where the oldest is); when none of them is sent any more,
   where most of those are that it was lent to;
2. of several ids in one person, the oldest stays and the others are aliases of it;
3. a person to which no id went gets a new one, made of its founding record.

What comes out depends on the records, on their own ids and on the partition, never on the order of arrival.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.keys import pseudonyms

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def event_schema() -> "pa.Schema":
    """One line of the log. `person_id` is whom it is about; the record is given where it is about one record.

    `run_id` is the run that found it, `model` the linkage model that it used.

    | kind | meaning | other_id |
    |---|---|---|
    | created | a new person | |
    | split | a new person, of records that had another | whom they had |
    | merged | the id is an alias from now on | the person it is part of |
    | restored | the alias is a person again | the person it was part of |
    | joined | the record is of this person; `own_id` is the record's own | whom it was of before |
    | withdrawn | the record is sent no more | |
    """
    import pyarrow as pa

    texts = ("kind", "person_id", "other_id", "own_id", "centre_id", "local_patient_id", "model")
    numbers = ("event_no", "run_id")
    return pa.schema([*((name, pa.int64()) for name in numbers), *((name, pa.string()) for name in texts)])


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the log says: the last person of each record ever sent, and every id ever given.

    `records`: centre_id, local_patient_id, person_id, own_id, is_sent, joined_no. `persons`: person_id, person_no (a
    smaller number is older), survivor_id (NULL: a person, no alias).
    """

    records: "pa.Table"
    persons: "pa.Table"
    last_event: int = 0


def nobody() -> Known:
    """What is known before the first night."""
    import pyarrow as pa

    texts = [(name, pa.string()) for name in ("centre_id", "local_patient_id", "person_id", "own_id")]
    records = pa.schema([*texts, ("is_sent", pa.bool_()), ("joined_no", pa.int64())])
    persons = pa.schema([("person_id", pa.string()), ("person_no", pa.int64()), ("survivor_id", pa.string())])
    return Known(records=records.empty_table(), persons=persons.empty_table())


#: An alias of an alias is followed to its end, which is the oldest: the oldest id always stays.
_PERSONS = """
WITH RECURSIVE told AS (
    SELECT
        person_id,
        min(event_no) AS person_no,
        CASE WHEN arg_max(kind, event_no) = 'merged' THEN arg_max(other_id, event_no) END AS next_id
    FROM link_log WHERE kind IN ('created', 'split', 'merged', 'restored')
    GROUP BY person_id
),
followed AS (
    SELECT person_id, person_no, next_id AS survivor_id FROM told
    UNION ALL
    SELECT followed.person_id, followed.person_no, told.next_id
    FROM followed INNER JOIN told ON told.person_id = followed.survivor_id
    WHERE told.next_id IS NOT NULL
)
SELECT f.person_id, min(f.person_no) AS person_no, arg_min(f.survivor_id, t.person_no) AS survivor_id
FROM followed AS f LEFT JOIN told AS t ON t.person_id = f.survivor_id
GROUP BY f.person_id
ORDER BY f.person_id
"""

_RECORDS = """
SELECT
    centre_id,
    local_patient_id,
    arg_max(person_id, event_no) AS person_id,
    arg_max(own_id, event_no) FILTER (WHERE kind = 'joined') AS own_id,
    arg_max(kind, event_no) = 'joined' AS is_sent,
    min(event_no) AS joined_no
FROM link_log WHERE kind IN ('joined', 'withdrawn')
GROUP BY centre_id, local_patient_id
ORDER BY centre_id, local_patient_id
"""


def read_known(con: "duckdb.DuckDBPyConnection", log: "pa.Table") -> Known:
    """What a log of `event_schema` says."""
    con.register("link_log", log)
    records = con.execute(_RECORDS).to_arrow_table()
    persons = con.execute(_PERSONS).to_arrow_table()
    last = con.execute("SELECT coalesce(max(event_no), 0) FROM link_log").fetchall()[0][0]
    con.unregister("link_log")
    return Known(records=records, persons=persons, last_event=int(last))


_PRESENT = """
CREATE OR REPLACE TEMP TABLE link_present AS
SELECT record_no, founder, known.person_id, own_id, is_sent, joined_no
FROM link_member
    INNER JOIN link_key USING (record_no)
    LEFT JOIN link_known AS known USING (centre_id, local_patient_id)
"""

#: Which persons of this night each id may stay with.
_CLAIMS = """
CREATE OR REPLACE TEMP TABLE link_claim AS
WITH claimed AS (
    SELECT own_id AS person_id, founder, count(*) AS records, min(joined_no) AS oldest
    FROM link_present WHERE own_id IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT person_id, founder, count(*), min(joined_no)
    FROM link_present
    WHERE person_id IS NOT NULL AND person_id NOT IN (SELECT own_id FROM link_present WHERE own_id IS NOT NULL)
    GROUP BY ALL
)
SELECT DISTINCT ON (person_id) person_id, founder, person_no, survivor_id
FROM claimed INNER JOIN link_known_person USING (person_id)
ORDER BY person_id, records DESC, oldest, founder
"""

_KEPT = """
CREATE OR REPLACE TEMP TABLE link_kept AS
SELECT DISTINCT ON (founder) founder, person_id FROM link_claim ORDER BY founder, person_no
"""

_FOUNDERS = """
SELECT founder, concat(centre_id, chr(31), local_patient_id) AS record_key
FROM (SELECT DISTINCT founder FROM link_member ANTI JOIN link_kept USING (founder))
    INNER JOIN link_key ON link_key.record_no = founder
ORDER BY founder
"""

_NAMES = """
CREATE OR REPLACE TEMP TABLE link_name AS
SELECT founder, person_id, FALSE AS is_new FROM link_kept
UNION ALL
SELECT founder, person_id, TRUE FROM link_new
"""

_EVENTS = """
CREATE OR REPLACE TEMP TABLE link_event AS
WITH before AS (
    SELECT DISTINCT ON (founder) founder, person_id
    FROM (SELECT founder, person_id, count(*) AS n, min(joined_no) AS oldest
          FROM link_present WHERE person_id IS NOT NULL GROUP BY ALL)
    ORDER BY founder, n DESC, oldest
),
told AS (
    SELECT
        1 AS rank, founder AS place, if(before.person_id IS NULL, 'created', 'split') AS kind,
        link_name.person_id, before.person_id AS other_id, NULL AS own_id, NULL AS centre_id, NULL AS local_patient_id
    FROM link_name LEFT JOIN before USING (founder)
    WHERE is_new
    UNION ALL
    SELECT 2, person_no, 'restored', person_id, survivor_id, NULL, NULL, NULL
    FROM link_kept INNER JOIN link_known_person USING (person_id)
    WHERE survivor_id IS NOT NULL
    UNION ALL
    SELECT 3, person_no, 'merged', claim.person_id, link_name.person_id, NULL, NULL, NULL
    FROM link_claim AS claim INNER JOIN link_name USING (founder)
    WHERE claim.person_id <> link_name.person_id AND survivor_id IS DISTINCT FROM link_name.person_id
    UNION ALL
    SELECT
        4, record_no, 'joined', link_name.person_id, present.person_id,
        if(is_new OR present.own_id IS NULL, link_name.person_id, present.own_id), centre_id, local_patient_id
    FROM link_present AS present INNER JOIN link_name USING (founder) INNER JOIN link_key USING (record_no)
    WHERE present.person_id IS DISTINCT FROM link_name.person_id OR NOT is_sent OR is_new
    UNION ALL
    SELECT 5, joined_no, 'withdrawn', person_id, NULL, NULL, centre_id, local_patient_id
    FROM link_known ANTI JOIN link_key USING (centre_id, local_patient_id)
    WHERE is_sent
)
SELECT
    $last + row_number() OVER (ORDER BY rank, place) AS event_no,
    kind, person_id, other_id, own_id, centre_id, local_patient_id
FROM told
"""


def name_as_before(con: "duckdb.DuckDBPyConnection", known: Known, *, key: bytes) -> None:
    """Make `link_name` (founder, person_id, is_new) and `link_event` from `link_member` and what was known.

    `link_event` are the lines that the log lacks (`event_schema`); none when nothing changed.
    """
    import pyarrow as pa

    for name, table in (("link_known", known.records), ("link_known_person", known.persons)):
        con.register("link_given", table)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM link_given").fetchall()
        con.unregister("link_given")
    for query in (_PRESENT, _CLAIMS, _KEPT):
        con.execute(query).fetchall()
    unnamed = con.execute(_FOUNDERS).to_arrow_table()
    ids = _new_ids(unnamed["record_key"].to_pylist(), set(known.persons["person_id"].to_pylist()), key=key)
    con.register(
        "link_new", pa.table({"founder": unnamed["founder"], "person_id": pa.array(ids, pa.string())})
    )
    con.execute(_NAMES).fetchall()
    con.unregister("link_new")
    con.execute(_EVENTS, {"last": known.last_event}).fetchall()


def _new_ids(records: list[str], taken: set[str], *, key: bytes) -> list[str]:
    """An id for each founding record; one that founded a person before founds its second, third … person."""
    ids = pseudonyms(records, key=key, domain="person")
    for place, found in enumerate(ids):
        number = 1
        while found in taken:  # only where a part split off with the record that founded the whole
            number += 1
            [found] = pseudonyms([f"{records[place]}\x1f{number}"], key=key, domain="person")
        ids[place] = found
    return ids


def new_events(con: "duckdb.DuckDBPyConnection", *, run_id: int, model: str) -> "pa.Table":
    """The lines that the log lacks, with the run and the model that they come from."""
    names = event_schema().names
    query = f"SELECT {', '.join(names)} FROM (SELECT *, $run AS run_id, $model AS model FROM link_event)"  # noqa: S608
    lines = con.execute(f"{query} ORDER BY event_no", {"run": run_id, "model": model})
    return lines.to_arrow_table().cast(event_schema())
