"""The findings of the published data against those of the nights before: which are new, fixed or obsolete.

Done once for each set of data; a run that died before it is made up for by the next.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.corrections import Seen, State, settle
from pipelines.io.tables import read_columns
from pipelines.registry import Registry
from pipelines.run import Run, timed

#: The name of each field in the files of the centres.
_COLUMNS = {name: name for name in Seen.__dataclass_fields__} | {"digest": "record_digest"}


def settle_findings(registry: Registry, run: Run, *, fingerprint: str, today: dt.date) -> None:
    """Settle the findings of the data with this fingerprint, unless that was done."""
    findings = registry.ledger.findings(registry.network.id)
    if findings.settled() == fingerprint:
        return
    with timed(registry, run, "findings"):
        changed = settle(
            findings.states(),
            seen_findings(registry),
            findings.answers(),
            is_sent=_Sent(registry).is_sent,
            run_id=run.run_id,
            today=today,
        )
        findings.record_night(changed, fingerprint=fingerprint, today=today)


def seen_findings(registry: Registry) -> dict[str, Seen]:
    """The findings of the accepted data of every centre that somebody is asked about, by id."""
    import pyarrow.compute as pc

    found = {}
    for file in registry.tables("finding"):
        rows = read_columns(file, _COLUMNS.values())
        for row in rows.filter(pc.is_valid(rows["record_id"])).to_pylist():
            seen = Seen(**{name: row[column] for name, column in _COLUMNS.items()})
            found[seen.finding_id] = seen
    return found


@dataclass
class _Sent:
    """Which records the centres still send; a table is read only when one of its findings is gone."""

    registry: Registry
    _known: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def is_sent(self, state: State) -> bool:
        """True when the record of the finding is still sent; a finding on a whole file has no record to lose."""
        place = (state.centre_id, state.table_name or "")
        if place not in self._known:
            self._known[place] = self._records(*place)
        return state.record_id in self._known[place]

    def _records(self, centre_id: str, table_name: str) -> frozenset[str]:
        from pipelines.stage.records import record_ids

        folder = self.registry.accepted_folder(centre_id)
        if folder is None:
            return frozenset()
        keys = _keys(folder / f"stg_{table_name.partition('_')[2]}.parquet") | {("", "")}
        records = ((self.registry.network.id, centre_id, table_name, *own) for own in keys)
        return frozenset(record_ids(records, key=self.registry.key))


def _keys(file: Path) -> set[tuple[str, str]]:
    """The keys of the rows of a staged table, the tumour's empty where the table has none."""
    if not file.exists():
        return set()
    rows = read_columns(file, ("local_patient_id", "local_tumour_id"))
    patients = rows["local_patient_id"].to_pylist()
    has_tumour = "local_tumour_id" in rows.column_names
    tumours = rows["local_tumour_id"].to_pylist() if has_tumour else [None] * rows.num_rows
    return {(patient or "", tumour or "") for patient, tumour in zip(patients, tumours, strict=True)}
