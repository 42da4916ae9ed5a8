"""From the inbox to the store: whose file each is, and what every name holds now.

Which of the files count is decided elsewhere, from names and contents alone: here is no question of versions. A file
that is still being written, or has nothing in it, is not taken; what its name held before stays known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.config import Centre
from pipelines.delivery import Sighting
from pipelines.errors import Refusal, RefusalCode
from pipelines.intake.names import claims
from pipelines.io.data_hash import data_hash
from pipelines.io.inbox import InboxFile, look_into
from pipelines.io.store import Store, Stored, UnstableFileError
from pipelines.refusals import printable, refusal

FileState = tuple[str, int, int]
Name = tuple[str, str]
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What a look found: the names that hold something new, the refused files, and those that wait, by centre.

    `known` is what to pass to the next look.
    """

    sightings: list[Sighting] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    waiting: dict[str, set[str]] = field(default_factory=dict)
    known: dict[FileState, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What earlier looks found: states of files, what each name holds, the data hash of each content."""

    known: Mapping[FileState, str]
    held: Mapping[Name, str]
    data: Mapping[str, str]


def receive(
    inbox: Path,
    *,
    centres: Mapping[str, Centre],
    store: Store,
    known: Mapping[FileState, str] | None = None,
    history: Sequence[Sighting] = (),
    settling: range = range(0),
) -> Intake:
    """Take every file of the inbox. `known` spares reading what did not change; `history` is all that was ever seen.

    A file whose time of change, in nanoseconds, is in `settling` is still being written.
    """
    store.sweep()
    return take_files(
        look_into(inbox), centres=centres, store=store, known=known, history=history, settling=settling
    )


def take_files(
    files: Iterable[InboxFile],
    *,
    centres: Mapping[str, Centre],
    store: Store,
    known: Mapping[FileState, str] | None = None,
    history: Sequence[Sighting] = (),
    settling: range = range(0),
) -> Intake:
    """Take these files, as `receive` takes those of the inbox."""
    intake = Intake()
    past = _Past(
        known=known or {},
        held={(s.centre_id, s.file_name): s.content_hash for s in history},
        data={s.content_hash: s.data_hash for s in history},
    )
    for centre_id, file in _placed(files, centres, intake):
        _take(file, centre_id, store=store, past=past, intake=intake, settling=settling)
    return intake


def _placed(
    files: Iterable[InboxFile], centres: Mapping[str, Centre], intake: Intake
) -> list[tuple[str, InboxFile]]:
    """The files with their centre, one per name; a refusal for each that cannot be placed."""
    by_name: dict[Name, InboxFile] = {}
    for file in sorted(files, key=lambda f: (not f.folder, str(f.path))):  # the centre's own folder first
        centre_id = _centre(file, centres)
        if isinstance(centre_id, Refusal):
            intake.refusals.append(centre_id)
        elif (name := (centre_id, printable(file.name))) in by_name:
            intake.refusals.append(_unexpected(file, centre_id, fr="ce nom est pris", en="its name is taken"))
        else:
            by_name[name] = file
    return [(centre_id, file) for (centre_id, _), file in sorted(by_name.items())]


def _take(
    file: InboxFile,
    centre_id: str,
    *,
    store: Store,
    past: _Past,
    intake: Intake,
    settling: range,
) -> None:
    """Note what a file holds, if that is new; a file that is empty or not ready waits."""
    name = printable(file.name)
    stored = _stored(file, store, past.known, settling)
    if isinstance(stored, str):
        intake.refusals.append(refusal(stored, file.name, centre_id=centre_id))
        intake.waiting.setdefault(centre_id, set()).add(name)
        return
    content_hash = stored.content_hash
    intake.known[file.state] = content_hash
    if past.held.get((centre_id, name)) == content_hash:
        return
    intake.sightings.append(
        Sighting(
            centre_id=centre_id,
            file_name=name,
            content_hash=content_hash,
            data_hash=past.data.get(content_hash) or data_hash(store.path(content_hash)),
            size=stored.size,
        )
    )


def _stored(file: InboxFile, store: Store, known: Mapping[FileState, str], settling: range) -> Stored | str:
    """The bytes of a file in the store, or the code that says why it waits."""
    if file.size == 0:
        return RefusalCode.EMPTY_FILE
    content_hash = known.get(file.state)
    if content_hash is not None and content_hash in store:
        return Stored(content_hash, file.size)
    if file.mtime_ns in settling:
        return RefusalCode.UNSTABLE
    try:
        return store.add(file.path, looked=(file.size, file.mtime_ns))
    except UnstableFileError:
        return RefusalCode.UNSTABLE


def times_of_settling(now_ns: int, *, seconds: int) -> range:
    """The times of change of a file that may still grow: near now, on either side, for two clocks may differ.

    >>> 9_000_000_000 in times_of_settling(10_000_000_000, seconds=3)
    True
    """
    return range(now_ns - seconds * _NANOSECONDS + 1, now_ns + seconds * _NANOSECONDS)


def _centre(file: InboxFile, centres: Mapping[str, Centre]) -> str | Refusal:
    """The centre of a file whose name exactly one file map admits, or why it cannot be taken."""
    if file.folder and file.folder not in centres:
        return refusal(RefusalCode.UNKNOWN_CENTRE, f"{file.folder}/{file.name}")
    centre_id = file.folder or None
    if not file.is_plain:
        return _unexpected(file, centre_id, fr="ce n'est pas un fichier lisible", en="it is no readable file")
    candidates = [centres[centre_id]] if centre_id else list(centres.values())
    found = [centre.id for centre in candidates for _ in claims(printable(file.name), centre)]
    if not found:
        return _unexpected(file, centre_id, fr="aucun nom déclaré ne convient", en="no declared name matches")
    if len(found) > 1:
        return _unexpected(
            file, centre_id, fr="plusieurs noms déclarés conviennent", en="several names match"
        )
    return found[0]


def _unexpected(file: InboxFile, centre_id: str | None, *, fr: str, en: str) -> Refusal:
    return refusal(RefusalCode.UNKNOWN_FILE, file.name, centre_id=centre_id, why_fr=fr, why_en=en)
