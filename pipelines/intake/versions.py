"""Which deliveries of a centre count: a function of all that was ever sent, of decisions and of the configuration.

Nothing here reads a clock or the order of arrival of different names. An export is used whole or not at all; what the
names cannot settle is a hold, and while one is open the centre is not staged anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

from pipelines.config import Centre
from pipelines.delivery import Delivery, Sighting, Version, reading_order
from pipelines.holds import Claimed, Hold, HoldCode, HoldStatus, hold_id
from pipelines.intake.names import Claim, claim

MOST_MISSING = 20
#: Fewer vanished patients than this are ordinary corrections, whatever their share of a small centre.
LEAST_OMITTED = 5


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a centre's files come to. `in_use` counts only when nothing is open: see `is_settled`."""

    centre_id: str
    in_use: tuple[Delivery, ...]
    superseded: tuple[Delivery, ...] = ()
    holds: tuple[Hold, ...] = ()
    is_waiting: bool = False

    @property
    def is_settled(self) -> bool:
        """True when the centre can be staged with `in_use`; else its last accepted staging stays in place."""
        return not self.holds and not self.is_waiting


@dataclass(frozen=True)
class _Offer:
    """One name with what it holds now."""

    claim: Claim
    sighting: Sighting

    @property
    def delivery_id(self) -> str:
        return self.sighting.delivery_id

    @property
    def number(self) -> int:
        """Its part; a name without one is the first."""
        return 1 if self.claim.part is None else self.claim.part


@dataclass(frozen=True)
class _Export:
    """All that claims one version of one file."""

    version: Version
    offers: tuple[_Offer, ...]

    @property
    def claims(self) -> frozenset[Claimed]:
        return frozenset((offer.delivery_id, self.version) for offer in self.offers)

    @property
    def replaces(self) -> bool:
        return all(offer.claim.replaces for offer in self.offers)

    @property
    def declared(self) -> int:
        """How many parts its names declare, 0 when they do not say."""
        return max(offer.claim.parts or 0 for offer in self.offers)

    @property
    def numbers(self) -> set[int]:
        """The parts that are there: the same data under two numbers is one part, the first."""
        first: dict[str, int] = {}
        for offer in self.offers:
            first[offer.delivery_id] = min(offer.number, first.get(offer.delivery_id, offer.number))
        return set(first.values())

    def missing(self) -> tuple[list[int], int]:
        """The numbers of the first missing parts, and how many parts are missing."""
        last = max(self.declared, *self.numbers)
        count = last - len(self.numbers & set(range(1, last + 1)))
        return list(islice((n for n in range(1, last + 1) if n not in self.numbers), MOST_MISSING)), count


@dataclass
class _Plan:
    """What is used of one file, and the questions that are open about it."""

    used: list[_Export] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    parts_before: int = 0

    def use(self, export: _Export) -> None:
        """Take an export; one that replaces leaves nothing of the older ones, nor of what was asked about them."""
        if export.replaces:
            self.used, self.holds, self.parts_before = [], [], len(export.numbers)
        self.used.append(export)


@dataclass(frozen=True)
class _Judge:
    """The decisions on one centre's holds, and what it had in use before."""

    network_id: str
    centre_id: str
    decided: Mapping[str, Hold]
    in_use: frozenset[Claimed]

    def hold(self, code: str, offers: Iterable[_Offer], **facts: Any) -> Hold:
        """The question about these offers, with the answer if there is one."""
        listed = list(offers)
        claims = tuple(sorted({(offer.delivery_id, offer.claim.version) for offer in listed}))
        name = hold_id(self.network_id, self.centre_id, code, [i for i, _ in claims])
        files = sorted({offer.sighting.file_name for offer in listed})
        asked = Hold(
            hold_id=name, centre_id=self.centre_id, code=code, claims=claims, facts={"files": files, **facts}
        )
        known = self.decided.get(name)
        return replace(asked, status=known.status, chosen=known.chosen) if known else asked

    def is_out(self, offer: _Offer) -> bool:
        """True when a decision put this data out of use under this version."""
        return any(
            hold.puts_out(offer.delivery_id, offer.claim.version)
            for hold in self.decided.values()
            if hold.centre_id == self.centre_id
        )


def decide(
    centre: Centre,
    history: Sequence[Sighting],
    *,
    network_id: str,
    decided: Iterable[Hold] = (),
    in_use: Iterable[Claimed] = (),
    waiting: Iterable[str] = (),
) -> Verdict:
    """What counts of everything that one centre ever sent, in the order in which each name changed.

    `in_use`: what its last settled verdict used; `waiting`: names that could not be taken this time.
    """
    judge = _Judge(network_id, centre.id, {hold.hold_id: hold for hold in decided}, frozenset(in_use))
    offers = _in_one_place(_offers(centre, history, judge), judge)
    plans = {index: _plan(_exports(offers, index), judge) for index in range(len(centre.files))}
    used = _deliveries(plans, offers)
    chosen = {delivery.delivery_id for delivery in used}
    return Verdict(
        centre_id=centre.id,
        in_use=tuple(sorted(used, key=reading_order)),
        superseded=_superseded(offers, chosen),
        holds=(*(hold for plan in plans.values() for hold in plan.holds), *_two_places(plans, judge)),
        is_waiting=any(_blocks(claim(name, centre), plans) for name in waiting),
    )


def _offers(centre: Centre, history: Sequence[Sighting], judge: _Judge) -> list[_Offer]:
    """What each name holds: the content seen last under it, among those that no decision put out."""
    held: dict[str, _Offer] = {}
    for sighting in history:
        claimed = claim(sighting.file_name, centre)
        if claimed is not None and not judge.is_out(offer := _Offer(claimed, sighting)):
            held[sighting.file_name] = offer
    return [held[name] for name in sorted(held)]


def _in_one_place(offers: list[_Offer], judge: _Judge) -> list[_Offer]:
    """The offers without those that a decision on the same data in two places left out."""
    return [offer for offer in offers if offer.claim.file_index in _places(offer.delivery_id, offers, judge)]


def _places(delivery_id: str, offers: list[_Offer], judge: _Judge) -> set[int]:
    mine = [offer for offer in offers if offer.delivery_id == delivery_id]
    indexes = {offer.claim.file_index for offer in mine}
    if len(indexes) == 1:
        return indexes
    status = judge.hold(HoldCode.TWO_PLACES, mine).status
    return {HoldStatus.APPROVED: {min(indexes)}, HoldStatus.REJECTED: set[int]()}.get(status, indexes)


def _exports(offers: Iterable[_Offer], file_index: int) -> list[_Export]:
    def version(offer: _Offer) -> Version:
        return offer.claim.version

    mine = sorted((offer for offer in offers if offer.claim.file_index == file_index), key=version)
    return [_Export(key, tuple(group)) for key, group in groupby(mine, key=version)]


def _plan(exports: Iterable[_Export], judge: _Judge) -> _Plan:
    plan = _Plan()
    for sent in exports:
        export, ties = _untie(sent, judge)
        plan.holds += ties
        if ties or export is None:
            continue
        missing, count = export.missing()
        if count:
            hold = judge.hold(HoldCode.INCOMPLETE_PARTS, export.offers, missing=missing, missing_count=count)
        elif _is_fewer(export, plan, judge):
            facts = {"parts": len(export.numbers), "before": plan.parts_before}
            hold = judge.hold(HoldCode.FEWER_PARTS, export.offers, **facts)
        else:
            plan.use(export)
            continue
        _answer(plan, export, hold)
    return plan


def _answer(plan: _Plan, export: _Export, hold: Hold) -> None:
    """Use the export, leave it, or ask: a whole export of fewer parts silences what was asked about older ones."""
    if hold.status == HoldStatus.APPROVED:
        plan.use(export)
    elif hold.status != HoldStatus.REJECTED and hold.code == HoldCode.FEWER_PARTS:
        plan.holds = [hold]
    elif hold.status != HoldStatus.REJECTED:
        plan.holds.append(hold)


def _is_fewer(export: _Export, plan: _Plan, judge: _Judge) -> bool:
    is_new = not export.claims <= judge.in_use
    return is_new and export.replaces and not export.declared and len(export.numbers) < plan.parts_before


def _untie(export: _Export, judge: _Judge) -> tuple[_Export | None, list[Hold]]:
    """The export with one data per part, as decided; and the parts of which nobody said which data counts."""
    kept: list[_Offer] = []
    holds: list[Hold] = []
    for _, group in groupby(sorted(export.offers, key=lambda o: o.number), key=lambda o: o.number):
        offers = list(group)
        if len({offer.delivery_id for offer in offers}) == 1:
            kept += offers
            continue
        hold = judge.hold(HoldCode.AMBIGUOUS_VERSION, offers)
        if hold.status == HoldStatus.APPROVED:
            kept += [offer for offer in offers if offer.delivery_id == hold.chosen]
        elif hold.status != HoldStatus.REJECTED:
            holds.append(hold)
    return (replace(export, offers=tuple(kept)) if kept else None), holds


def _deliveries(plans: Mapping[int, _Plan], offers: Sequence[_Offer]) -> list[Delivery]:
    """One delivery per data in use, as its greatest version names it."""
    found: dict[str, Delivery] = {}
    for plan in plans.values():
        for export in sorted(plan.used, key=lambda e: e.version):
            found |= {d.delivery_id: d for d in _each_once(export.offers, offers, is_full=export.replaces)}
    return list(found.values())


def _each_once(some: Iterable[_Offer], offers: Sequence[_Offer], *, is_full: bool) -> list[Delivery]:
    first: dict[str, _Offer] = {}
    for offer in sorted(some, key=lambda o: (o.number, o.sighting.file_name)):
        first.setdefault(offer.delivery_id, offer)
    return [_delivery(offer, offers, is_full=is_full) for offer in first.values()]


def _delivery(offer: _Offer, offers: Sequence[_Offer], *, is_full: bool) -> Delivery:
    """The delivery that a name offers; of several packings of its data the one with the smallest hash is read."""
    same = (other.sighting for other in offers if other.delivery_id == offer.delivery_id)
    content = min(same, key=lambda sighting: sighting.content_hash)
    return Delivery(
        delivery_id=offer.delivery_id,
        centre_id=offer.sighting.centre_id,
        file_name=offer.sighting.file_name,
        content_hash=content.content_hash,
        size=content.size,
        file_index=offer.claim.file_index,
        exported=offer.claim.version.exported,
        part=offer.claim.part,
        data_hash=offer.sighting.data_hash,
        version_number=offer.claim.version.number,
        parts=offer.claim.parts,
        mode="full" if is_full else "incremental",
    )


def _superseded(offers: Sequence[_Offer], chosen: set[str]) -> tuple[Delivery, ...]:
    """The deliveries that names still hold and that do not count, as their greatest version names them."""
    latest: dict[str, _Offer] = {}
    for offer in sorted(offers, key=lambda o: (o.claim.version, o.sighting.file_name)):
        if offer.delivery_id not in chosen:
            latest[offer.delivery_id] = offer
    found = (_delivery(offer, offers, is_full=offer.claim.replaces) for offer in latest.values())
    return tuple(sorted(found, key=reading_order))


def _two_places(plans: Mapping[int, _Plan], judge: _Judge) -> list[Hold]:
    """A hold for each data that would be read as two different files of the centre: one of the names is wrong."""
    used = [offer for plan in plans.values() for export in plan.used for offer in export.offers]
    by_id: Callable[[_Offer], str] = lambda offer: offer.delivery_id  # noqa: E731 - used twice on one line
    groups = [list(group) for _, group in groupby(sorted(used, key=by_id), key=by_id)]
    return [
        judge.hold(HoldCode.TWO_PLACES, group)
        for group in groups
        if len({offer.claim.file_index for offer in group}) > 1
    ]


def _blocks(waiting: Claim | None, plans: Mapping[int, _Plan]) -> bool:
    """True when a file that could not be taken may change what counts: not when an export in use replaced it."""
    if waiting is None:
        return False
    used = plans[waiting.file_index].used
    return not (used and used[0].replaces and waiting.version < used[0].version)


def omission(
    deliveries: Sequence[Delivery],
    *,
    network_id: str,
    accepted: Iterable[str],
    before: int,
    absent: int,
    percent: float,
    decided: Iterable[Hold] = (),
) -> Hold | None:
    """The hold of a staging in which too many patients vanished, with its answer if there is one; else None.

    `deliveries` are those of the patients that were staged, `accepted` the ids of the last accepted staging.
    """
    if absent < LEAST_OMITTED or absent <= before * percent / 100 or not deliveries:
        return None
    known = set(accepted)
    concerned = [d for d in deliveries if d.delivery_id not in known] or list(deliveries)
    claims = tuple(sorted((d.delivery_id, d.version) for d in concerned))
    centre_id = concerned[0].centre_id
    name = hold_id(network_id, centre_id, HoldCode.OMISSION, [i for i, _ in claims])
    facts = {"files": sorted(d.file_name for d in concerned), "before": before, "absent": absent}
    asked = Hold(hold_id=name, centre_id=centre_id, code=HoldCode.OMISSION, claims=claims, facts=facts)
    answer = next((hold for hold in decided if hold.hold_id == name), None)
    return replace(asked, status=answer.status, chosen=answer.chosen) if answer else asked
