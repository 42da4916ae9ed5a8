"""Any file, and what tables are in it: the kind by content, archives unpacked, then the reader of each kind.

Run it in a contained process (`pipelines.io.contained`): what a file does to its parser must not be done to us.
A member of an archive that is no table is passed over and named; one that is damaged refuses the whole file.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.kind import WORDS, Kind
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.text_tables import NOTHING_KNOWN, Overrides, find_text_tables
from pipelines.io.reading.unpack import Member, unpack
from pipelines.refusals import printable, refused

_NO_LIMITS_GIVEN = Limits()
_PROLOG = 1 << 16
_BETWEEN = " › "


def read_any(
    path: Path, *, overrides: Overrides = NOTHING_KNOWN, limits: Limits = _NO_LIMITS_GIVEN
) -> FoundFile:
    """The tables of any file, its decisions with their evidence. FileRefused, with a code, when there can be none."""
    if path.stat().st_size > limits.total_bytes:
        n = limits.total_bytes >> 20
        raise refused(RefusalCode.OVER_LIMIT, path.name, why_fr=f"plus de {n} Mio", why_en=f"over {n} MiB")
    return find_tables(path.read_bytes(), name=path.name, overrides=overrides, limits=limits)


def find_tables(content: bytes, *, name: str, overrides: Overrides, limits: Limits) -> FoundFile:
    """The same of a content that is in memory already; `name` is what refusals call it."""
    found: list[tuple[Member, FoundFile]] = []
    passed_over: list[tuple[Member, FileRefused]] = []
    for member in unpack(content, name=name, limits=limits):
        try:
            found.append((member, _member_tables(member, name, overrides, limits)))
        except FileRefused as problem:
            if problem.refusal.code != RefusalCode.UNKNOWN_KIND:
                raise
            passed_over.append((member, problem))
    if passed_over and not any(file.tables for _, file in found):
        raise passed_over[0][1]
    container = _container(content, found, passed_over)
    if len(found) == 1 and not passed_over:
        return _single(*found[0], container=container)
    return _joined(found, passed_over, container=container)


def _member_tables(member: Member, name: str, overrides: Overrides, limits: Limits) -> FoundFile:
    kind = member.kind.id
    if kind == "empty":
        return FoundFile(decisions=(), tables=())
    if kind == "text":
        return find_text_tables(member.content, overrides=overrides)
    if kind == "encrypted":
        raise refused(RefusalCode.PASSWORD, name)
    if kind == "parquet":
        from pipelines.io.reading.parquet_tables import find_parquet_table

        return find_parquet_table(member.content, name=name, limits=limits)
    if kind in ("xlsx", "xlsb", "xls", "ods"):
        return _workbook_tables(member, name, overrides, limits)
    if kind == "xml" and _declares_entities(member.content):
        raise refused(RefusalCode.ENTITIES, name)
    fr, en = WORDS[kind]
    raise refused(RefusalCode.UNKNOWN_KIND, name, found_fr=fr, found_en=en)


def _declares_entities(content: bytes) -> bool:
    """True for an XML document that declares a type or an entity, in whatever encoding, before its first element."""
    prolog = content[:_PROLOG].replace(b"\0", b"")
    return re.search(rb"<!(?:DOCTYPE|ENTITY)", prolog, re.IGNORECASE) is not None


def _workbook_tables(member: Member, name: str, overrides: Overrides, limits: Limits) -> FoundFile:
    from pipelines.io.guards import check_workbook
    from pipelines.io.reading.workbook_tables import find_workbook_tables

    check_workbook(member.content, member.kind.id, name=name, limits=limits)
    return find_workbook_tables(member.content, name=name, limits=limits, overrides=overrides)


def _container(
    content: bytes, found: list[tuple[Member, FoundFile]], passed_over: list[tuple[Member, FileRefused]]
) -> tuple[Decision, ...]:
    members = [member for member, _ in (*found, *passed_over)]
    if len(members) == 1 and members[0].content is content:
        return ()
    n = len(members)
    kind = "gzip" if content.startswith(b"\x1f\x8b") else "zip"
    return (Decision(what="container", value=kind, confidence=1.0, evidence=f"{n} files in it"),)


def _single(member: Member, file: FoundFile, *, container: tuple[Decision, ...]) -> FoundFile:
    decisions = (*container, _kind_decision(member.kind), *file.decisions)
    return replace(file, decisions=decisions, tables=tuple(_named(member, table) for table in file.tables))


def _joined(
    found: list[tuple[Member, FoundFile]],
    passed_over: list[tuple[Member, FileRefused]],
    *,
    container: tuple[Decision, ...],
) -> FoundFile:
    """All members as one file: what was decided of a member stands with its tables."""
    tables: list[FoundTable] = []
    outside: dict[str, list[int]] = {}
    for member, file in found:
        own = (_kind_decision(member.kind), *file.decisions)
        tables += (
            replace(_named(member, table), decisions=(*own, *table.decisions)) for table in file.tables
        )
        outside |= {_path(member, reason): lines for reason, lines in file.outside.items()}
    return FoundFile(
        decisions=(*container, *_passed_over(found, passed_over)), tables=tuple(tables), outside=outside
    )


def _passed_over(
    found: list[tuple[Member, FoundFile]], passed_over: list[tuple[Member, FileRefused]]
) -> Iterator[Decision]:
    for member, _ in passed_over:
        evidence = f"it is {WORDS[member.kind.id][1]}"
        yield Decision(what="passed over", value=_path(member), confidence=1.0, evidence=evidence)
    for member, file in found:
        if not file.tables:
            yield Decision(
                what="passed over", value=_path(member), confidence=1.0, evidence="it holds no table"
            )


def _kind_decision(kind: Kind) -> Decision:
    return Decision(what="kind", value=kind.id, confidence=kind.confidence, evidence=kind.evidence_en)


def _named(member: Member, table: FoundTable) -> FoundTable:
    if not member.names:
        return table
    return replace(table, name=_path(member, *([table.name] if table.name else [])))


def _path(member: Member, *more: str) -> str:
    return _BETWEEN.join((*map(printable, member.names), *more))


def default_table(file: FoundFile) -> int:
    """The place, from 0, of the table to take when nobody says: the largest that is not on a hidden sheet."""
    hidden = [any(decision.what == "hidden" for decision in table.decisions) for table in file.tables]
    sizes = [
        0 if is_hidden and not all(hidden) else t.size
        for t, is_hidden in zip(file.tables, hidden, strict=True)
    ]
    return sizes.index(max(sizes))
