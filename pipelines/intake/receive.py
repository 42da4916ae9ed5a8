"""From the inbox to the store: whose file it is, which of the centre's files, and whether it is the latest.

The declared export date in the name orders the files of a centre, never the clock of arrival: the same set of files
gives the same deliveries whatever the order in which they came.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.config import Centre
from pipelines.delivery import Delivery, delivery_id, reading_order
from pipelines.errors import Refusal, RefusalCode
from pipelines.io.inbox import InboxFile, look_into
from pipelines.io.store import Store, UnstableFileError
from pipelines.refusals import printable, refusal

FileState = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What was found: the deliveries to use, those that a later export replaces, and the refused files.

    `duplicates` are names whose bytes came under another name too; `known` is what to pass to the next call.
    """

    deliveries: list[Delivery] = field(default_factory=list)
    superseded: list[Delivery] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    known: dict[FileState, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """Where a file belongs: a centre, one of its file maps, and what the name declares."""

    centre_id: str
    file_index: int
    exported: dt.date | None
    part: int | None


def receive(
    inbox: Path, *, centres: Mapping[str, Centre], store: Store, known: Mapping[FileState, str] | None = None
) -> Intake:
    """Take every file of the inbox. `known` spares reading files whose path, size and time did not change."""
    store.sweep()
    intake = Intake()
    accepted: list[Delivery] = []
    for file in look_into(inbox):
        place = _place(file, centres)
        if isinstance(place, Refusal):
            intake.refusals.append(place)
        elif (content_hash := _content_hash(file, store, known or {})) is None:
            intake.refusals.append(refusal(RefusalCode.UNSTABLE, file.name, centre_id=place.centre_id))
        else:
            intake.known[file.state] = content_hash
            accepted.append(_delivery(file, place, content_hash))
    _sort_out(accepted, intake)
    return intake


def _content_hash(file: InboxFile, store: Store, known: Mapping[FileState, str]) -> str | None:
    content_hash = known.get(file.state)
    if content_hash in store:
        return content_hash
    try:
        return store.add(file.path).content_hash
    except UnstableFileError:
        return None


def _delivery(file: InboxFile, place: _Place, content_hash: str) -> Delivery:
    return Delivery(
        delivery_id=delivery_id(place.centre_id, content_hash),
        centre_id=place.centre_id,
        file_name=printable(file.name),
        content_hash=content_hash,
        size=file.size,
        file_index=place.file_index,
        exported=place.exported,
        part=place.part,
    )


def _place(file: InboxFile, centres: Mapping[str, Centre]) -> _Place | Refusal:
    """Where a file belongs, or why it cannot be taken."""
    if file.folder and file.folder not in centres:
        return refusal(RefusalCode.UNKNOWN_CENTRE, f"{file.folder}/{file.name}")
    centre_id = file.folder or None
    if not file.is_plain:
        return _unexpected(file, centre_id, fr="ce n'est pas un fichier", en="it is not a plain file")
    candidates = [centres[centre_id]] if centre_id else list(centres.values())
    places = [place for centre in candidates for place in _matches(file.name, centre)]
    if not places:
        return _unexpected(file, centre_id, fr="aucun nom déclaré ne convient", en="no declared name matches")
    if len(places) > 1:
        return _unexpected(
            file, centre_id, fr="plusieurs noms déclarés conviennent", en="several names match"
        )
    if file.size == 0:
        return refusal(RefusalCode.EMPTY_FILE, file.name, centre_id=places[0].centre_id)
    return places[0]


def _unexpected(file: InboxFile, centre_id: str | None, *, fr: str, en: str) -> Refusal:
    return refusal(RefusalCode.UNKNOWN_FILE, file.name, centre_id=centre_id, why_fr=fr, why_en=en)


def _matches(name: str, centre: Centre) -> list[_Place]:
    found = []
    for index, file_map in enumerate(centre.files):
        match = file_map.pattern.fullmatch(name)
        if match is not None and (declared := _declared(match)) is not None:
            found.append(_Place(centre.id, index, *declared))
    return found


def _declared(match: re.Match[str]) -> tuple[dt.date | None, int | None] | None:
    """The export date and part that a name declares; None when its date is not a day of the calendar."""
    groups = match.groupdict()
    exported, part = groups.get("exported"), groups.get("part")
    try:
        day = dt.datetime.strptime(exported, "%Y%m%d").date() if exported else None  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return day, int(part) if part else None


def _sort_out(accepted: Iterable[Delivery], intake: Intake) -> None:
    """Fill `deliveries`, `superseded` and `duplicates`: one delivery per content, one per file and part."""
    by_id: dict[str, Delivery] = {}
    by_name = sorted(accepted, key=lambda d: (d.centre_id, d.file_name))
    for delivery in sorted(
        by_name, key=_day, reverse=True
    ):  # bytes sent again are as recent as their last name
        if delivery.delivery_id in by_id:
            intake.duplicates.append(delivery.file_name)
        else:
            by_id[delivery.delivery_id] = delivery
    latest: dict[tuple[str, int, int | None], Delivery] = {}
    for delivery in sorted(by_id.values(), key=_version):
        place = (delivery.centre_id, delivery.file_index, delivery.part)
        if place in latest:
            intake.superseded.append(latest[place])
        latest[place] = delivery
    intake.deliveries.extend(sorted(latest.values(), key=lambda d: (d.centre_id, *reading_order(d))))


def _day(delivery: Delivery) -> dt.date:
    return delivery.exported or dt.date.min


def _version(delivery: Delivery) -> tuple[dt.date, str, str]:
    """What orders two exports of one file: the declared date, else the name, else the content."""
    return _day(delivery), delivery.file_name, delivery.content_hash
