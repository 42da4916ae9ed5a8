"""What a run would say of files that were not sent yet.

They are received, staged and validated by the code of a run, with a key and in a folder that nobody else has and that
are gone afterwards: no ledger, no home folder and no key of a registry is read or written. A file that the centre
declares may be absent: what only that file can answer is not asked.
"""

import re
import secrets
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.account import Account, Reason
from pipelines.centre_work import MANIFEST, CentreJob, CentreResult, do_all
from pipelines.check_remarks import Remark, remarks
from pipelines.config import Centre, FileMap
from pipelines.delivery import Delivery
from pipelines.errors import Refusal
from pipelines.holds import Hold, HoldCode, HoldStatus, reason
from pipelines.intake.names import claim
from pipelines.intake.receive import Intake, take_files
from pipelines.intake.versions import Verdict as Decision
from pipelines.intake.versions import decide
from pipelines.io.inbox import look_at
from pipelines.io.store import Store
from pipelines.keys import KEY_BYTES
from validations.rules.catalogue import cross_table_rules, record_rules
from validations.rules.contract import UNKNOWN_PATIENT, UNKNOWN_TUMOUR

#: What a centre can do before it sends; afterwards a person of the registry would be asked.
_BEFORE_SENDING = {
    HoldCode.AMBIGUOUS_VERSION: (
        "N'envoyer que le bon fichier, ou numéroter la correction dans son nom.",
        "Send only the right file, or number the correction in its name.",
    ),
    HoldCode.FEWER_PARTS: (
        "Vérifier que toutes les parties sont là.",
        "Make sure that all parts are there.",
    ),
    HoldCode.TWO_PLACES: (
        "Mettre le bon contenu sous chaque nom.",
        "Put the right content under each name.",
    ),
}
_PARENTS = {"patient_identity": UNKNOWN_PATIENT, "tumour": UNKNOWN_TUMOUR}
_ALIASES = {"patient_identity": r"\bpatient\.", "tumour": r"\btumour\."}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of the files: those read, those that another replaces, those refused; what is said of their rows.

    `absent` are the declared files that were not given, `cut` the exports of which parts were not, `unasked` the ids
    of the rules that only these can answer.
    """

    read: tuple[Delivery, ...]
    is_refused: bool
    unread: tuple[str, ...] = ()
    absent: tuple[FileMap, ...] = ()
    cut: tuple[Hold, ...] = ()
    unasked: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[Remark, ...] = field(default=(), repr=False)
    accounts: tuple[Account, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def rows_set_aside(self) -> int:
        """The rows that a run would set aside, over all tables."""
        return sum(account.rows_set_aside for account in self.accounts if account.step != "read")

    @property
    def exit_code(self) -> int:
        """2 refused; 1 something to correct or to answer; 0 nothing: what is only counted asks nothing of anybody."""
        if self.is_refused:
            return 2
        is_asked = any(remark.is_asked for remark in self.remarks)
        return int(is_asked or bool(self.refusals) or bool(self.rows_set_aside))


def check_files(files: Sequence[Path], *, network_id: str, centre: Centre) -> Verdict:
    """What a run would say, had the centre sent these files and no others."""
    with tempfile.TemporaryDirectory(prefix="reseau-check-") as folder:
        store = Store(Path(folder) / "deliveries")
        given = look_at({path.resolve(): path for path in files}.values(), folder=centre.id)
        intake = take_files(given, centres={centre.id: centre}, store=store)
        decision = _decide(centre, intake, network_id=network_id)
        job = CentreJob(
            network_id=network_id,
            centre=centre,
            deliveries=decision.in_use,
            store=store.root,
            target=Path(folder) / "staged",
            key=secrets.token_bytes(KEY_BYTES),
        )
        return _judge(job, intake, decision)


def _decide(centre: Centre, intake: Intake, *, network_id: str) -> Decision:
    """Which files count. Parts that were not given are a question of sending, not of the rows of those that were."""
    first = decide(centre, intake.sightings, network_id=network_id)
    cut = [hold for hold in first.holds if hold.code == HoldCode.INCOMPLETE_PARTS]
    approved = [replace(hold, status=HoldStatus.APPROVED) for hold in cut]
    second = decide(centre, intake.sightings, network_id=network_id, decided=approved)
    return replace(second, holds=(*cut, *(h for h in second.holds if h.code != HoldCode.INCOMPLETE_PARTS)))


def _judge(job: CentreJob, intake: Intake, decision: Decision) -> Verdict:
    centre = job.centre
    holds = [hold for hold in decision.holds if hold.code in _BEFORE_SENDING]
    doubtful = [r.file for r in intake.refusals] + [f for hold in decision.holds for f in hold.facts["files"]]
    job, results = _stage(job, {found.file_index for name in doubtful if (found := claim(name, centre))})
    refusals = (
        *intake.refusals,
        *map(_held, holds),
        *(refusal for result in results for refusal in result.refusals),
    )
    given = {sighting.file_name for sighting in intake.sightings}
    told = {d.file_name for d in decision.in_use} | {f for hold in holds for f in hold.facts["files"]}
    named = {found.file_index for name in [*given, *doubtful] if (found := claim(name, centre))}
    return Verdict(
        read=job.deliveries,
        is_refused=bool(intake.refusals or holds) or not all(result.is_accepted for result in results[:1]),
        unread=tuple(sorted(given - told)),
        absent=tuple(file for index, file in enumerate(centre.files) if index not in named),
        cut=tuple(hold for hold in decision.holds if hold.code == HoldCode.INCOMPLETE_PARTS),
        unasked=_unasked(job),
        refusals=refusals,
        remarks=remarks(centre, job.deliveries, job.target) if (job.target / MANIFEST).exists() else (),
        accounts=results[-1].accounts if results else (),
        reasons=results[-1].reasons if results else (),
    )


def _stage(job: CentreJob, doubtful: Collection[int]) -> tuple[CentreJob, list[CentreResult]]:
    """Stage what was given, then without the files that this refuses: their centre corrects all files at once.

    `doubtful` are the files of the centre of which something is missing.
    """
    job = replace(job, whole=_whole(job.centre, job.deliveries, doubtful))
    if not job.deliveries:
        return job, []
    [first] = do_all([job], workers=1)
    refused = {refusal.file for refusal in first.refusals}
    rest = tuple(delivery for delivery in job.deliveries if delivery.file_name not in refused)
    if first.is_accepted or len(rest) == len(job.deliveries):
        return job, [first]
    lost = {*doubtful, *(delivery.file_index for delivery in {*job.deliveries} - {*rest})}
    job = replace(job, deliveries=rest, whole=_whole(job.centre, rest, lost))
    return job, [first, *(do_all([job], workers=1) if rest else ())]


def _whole(
    centre: Centre, deliveries: Iterable[Delivery], doubtful: Collection[int]
) -> frozenset[str] | None:
    """The entities of which every row was given; None when nothing is absent that a run waits for.

    An incremental export follows others, which are not known here.
    """
    modes = {(delivery.file_index, delivery.mode) for delivery in deliveries}
    whole = {index for index, mode in modes if mode == "full"} - {*doubtful}
    needed = {index for index, file in enumerate(centre.files) if not file.is_optional}
    if not doubtful and needed | {index for index, _ in modes} <= whole:
        return None
    return frozenset(_entities(centre)) - _entities(centre, {*range(len(centre.files))} - whole)


def _entities(centre: Centre, indexes: Collection[int] | None = None) -> set[str]:
    """The entities that some files of a centre hold, or all its files."""
    files = [file for index, file in enumerate(centre.files) if indexes is None or index in indexes]
    return {table.entity for file in files for sheet in file.sheets for table in sheet.tables}


def _unasked(job: CentreJob) -> tuple[str, ...]:
    """The rules that a run asks of this centre and that these files cannot answer."""
    if job.whole is None:
        return ()
    declared = _entities(job.centre)
    given = _entities(job.centre, {delivery.file_index for delivery in job.deliveries})
    found = {rule.id for rule in cross_table_rules(declared)} - {
        rule.id for rule in cross_table_rules(job.whole)
    }
    found |= {rule_id for entity, rule_id in _PARENTS.items() if entity in declared - job.whole}
    for parent, alias in _ALIASES.items():
        if parent in declared - given:
            asked = [rule for entity in given for rule in record_rules(entity)]
            found |= {r.id for r in asked if re.search(alias, f"{r.applies_when} {r.violated_when}")}
    return tuple(sorted(found))


def _held(hold: Hold) -> Refusal:
    """What would wait for a person, in the words of a refusal: until then nothing of it is loaded."""
    return Refusal(
        hold.code, ", ".join(hold.facts["files"]), hold.centre_id, *reason(hold), *_BEFORE_SENDING[hold.code]
    )
