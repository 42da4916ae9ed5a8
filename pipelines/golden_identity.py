"""The golden identity of one person, trait by trait: whose value it is, what decided, what else was written.

Integration zone: these are identities, for the reviewers of the network alone.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import LedgerError
from pipelines.link.history import read_known
from pipelines.link.strategies import FIELDS
from pipelines.publish import staged_deliveries
from pipelines.registry import Registry
from pipelines.review_queue import Record

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

#: So much of an id is enough to name a person: what `reseau review history` shows.
SHORTEST = 8


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A value as a record wrote it, with its precision or status, and the last declared day on which it did."""

    text: str
    record: Record
    exported: "dt.date | None"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The value that stands for the person: whose it is, what decided, how many records and values there were."""

    text: str
    record: Record
    ruled_by: str
    votes: int
    distinct_values: int
    is_contested: bool


@dataclass(frozen=True, kw_only=True)
class Trait:
    """One trait. `choice` is missing when nothing stands for the person; `others` are the values not chosen."""

    field: str
    choice: Choice | None
    others: tuple[Wording, ...]


@dataclass(frozen=True, kw_only=True)
class GoldenIdentity:
    """A person of the last linkage. `asked_id` is another id when it is an alias, which led here."""

    person_id: str
    asked_id: str
    records: tuple[Record, ...]
    traits: tuple[Trait, ...]


#: A date with what is known of it, a number with its status.
_SHOWN = """
CREATE OR REPLACE TEMP MACRO shown_trait(field, written, qualifier) AS CASE
    WHEN field = 'birth_date' AND qualifier = 'year' THEN strftime(CAST(written AS DATE), '%Y')
    WHEN field = 'birth_date' AND qualifier = 'month' THEN strftime(CAST(written AS DATE), '%m/%Y')
    WHEN field = 'birth_date' THEN strftime(CAST(written AS DATE), '%d/%m/%Y')
    WHEN field = 'ins_matricule' AND qualifier IS NOT NULL THEN concat(written, ' ', qualifier)
    ELSE written END
"""
_CHOICES = """
SELECT field, shown_trait(field, trait_value, qualifier), centre_id, local_patient_id, ruled_by, votes,
    distinct_values, is_contested
FROM lnk_person_trait WHERE person_id = $person
"""
_WORDINGS = f"""
WITH said AS (
    UNPIVOT (
        SELECT centre_id, local_patient_id, exported, birth_date_precision, ins_status,
            {", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in FIELDS)}
        FROM val_patient_identity
            INNER JOIN lnk_record USING (centre_id, local_patient_id)
            LEFT JOIN exports USING (delivery_id)
        WHERE person_id = $person
    ) ON {", ".join(FIELDS)} INTO NAME field VALUE written
),
shown AS (
    SELECT * EXCLUDE (written), shown_trait(field, written, CASE field
        WHEN 'birth_date' THEN birth_date_precision WHEN 'ins_matricule' THEN ins_status END) AS written
    FROM said
)
SELECT field, written, centre_id, local_patient_id, max(exported)
FROM shown
GROUP BY ALL
ORDER BY field, written, centre_id, local_patient_id
"""  # noqa: S608 - names of the contract


def golden_identity(registry: Registry, asked: str) -> GoldenIdentity:
    """The person of an id, of its first characters, of an alias or of a record (`centre/local id`).

    LedgerError when there is none, or when no record of it is sent any more.
    """
    from pipelines.io.tables import connect, show
    from validations.contracts.tables import TABLES

    linked = registry.home.work(registry.network.id, "linked")
    if not (linked / "lnk_person_trait.parquet").exists():
        raise LedgerError("nothing was linked yet", where=registry.network.id, remedy="See `reseau run`.")
    with connect(registry.home.work(registry.network.id, "scratch")) as con:
        show(con, TABLES["val_patient_identity"], registry.tables("val_patient_identity"))
        for name in ("lnk_record", "lnk_person_trait"):
            show(con, TABLES[name], [linked / f"{name}.parquet"])
        asked_id, person_id = _find(con, registry, asked)
        return GoldenIdentity(
            person_id=person_id,
            asked_id=asked_id,
            records=_records(con, person_id),
            traits=_traits(con, registry, person_id),
        )


def _find(con: "duckdb.DuckDBPyConnection", registry: Registry, asked: str) -> tuple[str, str]:
    """The whole id that was asked for, and the person that it is or leads to."""
    centre, is_record, patient = asked.partition("/")
    if is_record:
        query = (
            "SELECT person_id, NULL FROM lnk_record WHERE (centre_id, local_patient_id) = ($centre, $patient)"
        )
        found = con.execute(query, {"centre": centre, "patient": patient}).fetchall()
    else:
        con.register("known_person", read_known(con, registry.persons.read()).persons)
        query = "SELECT person_id, survivor_id FROM known_person WHERE starts_with(person_id, $asked)"
        found = con.execute(query, {"asked": asked}).fetchall() if len(asked) >= SHORTEST else []
    if len(found) != 1:
        what = "several persons have ids that begin so" if found else "there is no such person"
        remedy = "Name it by its id (see `reseau review history`) or by one of its records: CENTRE/LOCAL_ID."
        raise LedgerError(what, where=centre[:SHORTEST], remedy=remedy)
    [(asked_id, survivor)] = found
    return asked_id, survivor or asked_id


def _records(con: "duckdb.DuckDBPyConnection", person_id: str) -> tuple[Record, ...]:
    query = "SELECT centre_id, local_patient_id FROM lnk_record WHERE person_id = $person ORDER BY ALL"
    found = con.execute(query, {"person": person_id}).fetchall()
    if not found:
        what, remedy = (
            "no record of this person is sent any more",
            "It has no identity since its last record went.",
        )
        raise LedgerError(what, where=person_id[:SHORTEST], remedy=remedy)
    return tuple((centre, patient) for centre, patient in found)


def _traits(con: "duckdb.DuckDBPyConnection", registry: Registry, person_id: str) -> tuple[Trait, ...]:
    import pyarrow as pa

    deliveries = staged_deliveries(registry)
    days = {
        "delivery_id": pa.array([d.delivery_id for d in deliveries], pa.string()),
        "exported": pa.array([d.exported for d in deliveries], pa.date32()),
    }
    con.register("exports", pa.table(days))
    con.execute(_SHOWN).fetchall()
    choices = {
        field: Choice(
            text=text, record=(centre, patient), ruled_by=ruled_by, votes=votes,
            distinct_values=distinct, is_contested=is_contested,
        )
        for field, text, centre, patient, ruled_by, votes, distinct, is_contested in con.execute(
            _CHOICES, {"person": person_id}
        ).fetchall()
    }  # fmt: skip
    wordings: dict[str, list[Wording]] = {}
    for field, text, centre, patient, exported in con.execute(_WORDINGS, {"person": person_id}).fetchall():
        if field not in choices or text != choices[field].text:
            wording = Wording(text=text, record=(centre, patient), exported=exported)
            wordings.setdefault(field, []).append(wording)
    return tuple(
        Trait(field=field, choice=choices.get(field), others=tuple(wordings.get(field, ())))
        for field in FIELDS
        if field in choices or field in wordings
    )
