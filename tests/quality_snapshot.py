"""A snapshot for the quality portal, drawn at random on that of the report: results, acts, findings, a journal.

Six centres; a file of one has the name `HOSTILE`. `NOT_SENT` sends no surgery, `BROKEN` has a rule that could not be
evaluated, `LATE` sends too rarely.
"""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd

from pipelines.account import Account
from pipelines.config import Network
from pipelines.corrections import Alike, Status
from pipelines.delivery import Delivery
from pipelines.errors import Refusal
from pipelines.report.quality_journal import Journal
from tests.linkage_snapshot import figures, past
from tests.report_snapshot import NAMES, fill, insert
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES
from validations.rules.catalogue import CATALOGUE

DAY = dt.date(2026, 11, 21)
RUN = 7
CENTRES = tuple(f"c{i:02d}" for i in range(6))
NOT_SENT, BROKEN, LATE = "c05", "c01", "c03"
#: Rows that break each rule, in each centre.
FAILED: dict[str, tuple[int, ...]] = {
    "CONTRACT-001": (3, 0, 0, 40, 0, 0),
    "CONTRACT-003": (150, 120, 90, 80, 70, 60),
    "IDENTITY-005": (210, 190, 60, 55, 50, 0),
    "DIAGNOSIS-001": (0, 0, 0, 0, 0, 0),
    "BIOPSY-001": (30, 25, 20, 20, 15, 15),
    "RCP-001": (25, 22, 4, 21, 19, 18),
    "SURGERY-001": (320, 32, 31, 24, 17, 0),
    "FOLLOWUP-001": (60, 60, 60, 60, 60, 60),
    "DATE-002": (0, 0, 0, 0, 0, 0),
    "PATHWAY-001": (48, 40, 33, 25, 14, 13),
    "SITE-001": (0, 0, 0, 0, 0, 0),
    "DIAGNOSIS-020": (80, 70, 60, 50, 40, 30),  # only counted: the ledger does not follow it
    "TREATMENT-001": (20, 0, 20, 20, 20, 20),
}
ASKED = {rule: counts for rule, counts in FAILED.items() if CATALOGUE[rule].severity != "info"}
HOSTILE = '"><script>alert(1)</script>.csv'
PASSED = 2_000
#: How a centre stands with a rule: the share of what it breaks that is new; the rest persists.
NEW_SHARE = 0.5


def _outcome(rule: str, centre: str, failed: int) -> tuple[str, str | None, int]:
    """The outcome, the reason when nothing was judged, and the rows that conform."""
    if rule == "SURGERY-001" and centre == NOT_SENT:
        return "not_applicable", "not_sent", 0
    if rule == "SITE-001":
        return "not_applicable", "no_row", 0
    if rule == "TREATMENT-001" and centre == BROKEN:
        return "error", "broken_condition", 0
    return ("failed" if failed else "passed"), None, PASSED


def rule_results() -> pd.DataFrame:
    """The rows of `fct_rule_result`, and one of a rule that the catalogue no longer has."""
    rows = []
    for rule, counts in FAILED.items():
        for centre, failed in zip(CENTRES, counts, strict=True):
            outcome, reason, passed = _outcome(rule, centre, failed)
            facts = {"centre_id": centre, "rule_id": rule, "table_name": "val_x", "rule_version": 1,
                     "severity": CATALOGUE[rule].severity.value}  # fmt: skip
            unknown, others = (0, 0) if reason == "not_sent" else (20, 300)
            rows.append(
                {**facts, "row_count": failed + passed + unknown + others, "not_applicable_count": others,
                 "unknown_count": unknown, "passed_count": passed, "failed_count": failed,
                 "outcome": outcome, "reason": reason}
            )  # fmt: skip
    return pd.DataFrame([*rows, {**rows[0], "rule_id": "OLD-001"}])


def findings() -> list[Alike]:
    """What the ledger holds: half new, half persisting; a verified, a fixed and a vanished lot, and an old fix."""
    found = []
    for rule, counts in ASKED.items():
        for centre, failed in zip(CENTRES, counts, strict=True):
            new = round(NEW_SHARE * failed)
            found += [alike(rule, centre, new, changed_run=RUN, since=DAY)] if new else []
            old = failed - new
            found += [alike(rule, centre, old, changed_run=3, since=dt.date(2026, 3, 1))] if old else []
    closed = {"since": dt.date(2026, 1, 1), "last_seen": dt.date(2026, 9, 1)}
    return [
        *found,
        alike("DIAGNOSIS-001", "c00", 25, status=Status.VERIFIED, changed_run=2, since=dt.date(2026, 2, 1)),
        alike("DIAGNOSIS-001", "c02", 35, status=Status.FIXED, changed_run=RUN, **closed),
        alike("DIAGNOSIS-001", "c04", 45, status=Status.OBSOLETE, changed_run=RUN, **closed),
        alike("SURGERY-001", "c00", 500, status=Status.FIXED, changed_run=2, **closed),
    ]


def alike(
    rule: str,
    centre: str,
    count: int,
    *,
    status: Status = Status.OPEN,
    changed_run: int,
    since: dt.date,
    last_seen: dt.date = DAY,
) -> Alike:
    """So many findings of one rule in one centre."""
    return Alike(
        rule_id=rule, centre_id=centre, status=status, since=since, last_seen=last_seen,
        changed_run=changed_run, count=count,
    )  # fmt: skip


def deliveries() -> list[Delivery]:
    """Two files of each centre, of two months."""
    return [
        Delivery(
            delivery_id=f"{centre}-{part}", centre_id=centre,
            file_name=HOSTILE if (centre, part) == ("c01", 1) else f"{centre}_export_{part}.csv",
            content_hash=f"{centre}{part}", size=1, file_index=part, exported=dt.date(2026, 9 + part, 20),
        )
        for centre in CENTRES
        for part in (1, 2)
    ]  # fmt: skip


def accounts() -> list[Account]:
    """What became of the lines of each delivery: 5 set aside in one, more in the others; 12 merged, 40 filtered."""
    found = []
    for at, delivery in enumerate(deliveries()):
        place = {"centre_id": delivery.centre_id, "delivery_id": delivery.delivery_id}
        aside = 5 if at == 0 else 20 + at
        found += [
            Account(step="read", table="line", rows_in=500 + at, rows_out=500 + at, **place),
            Account(step="stage", table="tumour", rows_in=900, rows_out=860, rows_filtered=40, **place),
            Account(step="validate", table="tumour", rows_in=860, rows_out=848 - aside, rows_set_aside=aside,
                    rows_merged=12, **place),
        ]  # fmt: skip
    return found


def journal(*, docs: str | None = None) -> Journal:
    """What the ledger knows of the snapshot, with one refused file."""
    refusal = Refusal("empty_file", "DUPONT_JEAN.csv", "c02", "le fichier est vide", "the file is empty",
                      "Refaites l'export.", "Export again.")  # fmt: skip
    return Journal(
        run_id=RUN,
        accounts=accounts(),
        deliveries=deliveries(),
        received=deliveries(),
        refusals=[refusal],
        findings=findings(),
        expected_days={centre: 1 if centre == LATE else 365 for centre in CENTRES},
        docs=docs,
        linkages=past(),
    )


def _acts(tumours: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One biopsy of each tumour, and the findings on some of them."""
    acts = pd.DataFrame(
        {"row_id": "b-" + tumours["tumour_id"], "tumour_id": tumours["tumour_id"], "patient_id": "p",
         "centre_id": tumours["centre_id"], "delivery_id": "d", "declaration_count": 1}
    )  # fmt: skip
    rule = rng.choice(["", "BIOPSY-001", "PATHWAY-001", "IDENTITY-005"], len(acts), p=[0.7, 0.12, 0.1, 0.08])
    flagged = acts[rule != ""]
    found = pd.DataFrame(
        {"finding_id": "f-" + flagged["row_id"], "rule_id": rule[rule != ""], "rule_version": 1, "severity": "warning",
         "table_name": "val_biopsy", "row_id": flagged["row_id"], "centre_id": flagged["centre_id"],
         "delivery_id": "d", "file": "f", "line": 1, "is_quarantined": False}
    )  # fmt: skip
    return acts, found


def fill_quality(con: duckdb.DuckDBPyConnection, network: Network, *, tumours: int = 6_000) -> None:
    """Create in `con` what the report and the portal read."""
    rng = np.random.default_rng(3)
    fill(con, network, rng, tumours=tumours, names=NAMES[: len(CENTRES)])
    con.execute(
        """
        UPDATE fct_tumour SET diagnosis_date_precision = 'day', diagnosis_date =
            (SELECT start_date + CAST(abs(hash(tumour_id)) % (end_date - start_date + 1) AS INTEGER)
             FROM dim_period WHERE dim_period.period_id = fct_tumour.period_id)
        """
    )
    con.execute("UPDATE fct_tumour SET diagnosis_date_precision = 'year' WHERE hash(tumour_id) % 40 = 0")
    acts, found = _acts(con.execute("SELECT * FROM fct_tumour WHERE period_id IS NOT NULL").df(), rng)
    insert(con, "fct_biopsy", acts)
    insert(con, "fct_finding", found)
    insert(con, "fct_rule_result", rule_results())
    con.execute(ddl(TABLES["fct_linkage"]))
    insert(con, "fct_linkage", pd.DataFrame(figures()))
