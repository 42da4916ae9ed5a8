"""The centre's file as text: what was taken with its confidence, what was not as comments `# à décider:`.

The values of identity columns never stand in it: headers, code words and counts only.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from pipelines.propose.about import About, yearly_patients
from pipelines.propose.choice import Choice
from pipelines.propose.proposal import File, Proposal, Sheet, tables_of
from pipelines.propose.values import Word

_LEFT = "# à décider:"
_PLAIN = {"format", "encoding", "dates"}
_NUMBERS = {"two_digit_years_until"}
_UNWRITTEN = {"quote": '"'}


def centre_text(proposal: Proposal, about: About) -> str:
    """The YAML of the centre, ready for `config/centres/<network>/<id>.yaml`."""
    parts = (_head(proposal, about), _export(proposal), _files(proposal, about), _values(proposal.words))
    return "\n".join(line for part in parts for line in part) + "\n"


def _quoted(text: str) -> str:
    r"""Any text as a YAML scalar of one line: what cannot be seen is escaped.

    >>> _quoted("a\u2028b")
    '"a\\u2028b"'
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in json.dumps(text, ensure_ascii=False))


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _head(proposal: Proposal, about: About) -> Iterator[str]:
    estimate = yearly_patients(proposal)
    yield f"# {about.id} : proposé par reseau new-centre ; à relire avant la première exécution."
    yield f"id: {about.id}"
    yield f"name: {_quoted(about.name or about.id)}"
    for key, known in (("city", about.city), ("region", about.region)):
        yield f"{key}: {_quoted(known or '?')}" + ("" if known else f"  {_LEFT} {key}")
    yield "roles:"
    left = "" if about.role else f"  {_LEFT} role"
    yield f"  - {{network: {about.network}, role: {about.shown_role}, valid_from: {about.valid_from}}}{left}"
    known_number = about.yearly_patients
    yield f"yearly_patients: {known_number if known_number is not None else estimate.value}"


def _export(proposal: Proposal) -> Iterator[str]:
    yield "export:"
    for choice in proposal.export:
        if _UNWRITTEN.get(choice.key) != choice.value and "." not in choice.key:
            yield f"  {choice.key}: {_scalar(choice)}  {_mark(choice)}"
    yield f"  missing: [{', '.join(_quoted(word) for word in dict.fromkeys(('', *proposal.missing)))}]"
    unit = next((c for c in proposal.export if c.key.startswith("units.")), None)
    if unit and unit.is_sure:
        yield f"  units: {{{unit.key.partition('.')[2]}: {unit.value}}}  {_mark(unit)}"


def _scalar(choice: Choice) -> str:
    return choice.value if choice.key in _PLAIN | _NUMBERS else _quoted(choice.value)


def _mark(choice: Choice) -> str:
    left = "" if choice.is_sure else f"{_LEFT} "
    why = "" if choice.fr == choice.en else f" {choice.fr}"  # what reading found is told by `reseau read`
    return f"{left or '# '}{choice.confidence:.2f}{why}"


def _files(proposal: Proposal, about: About) -> Iterator[str]:
    yield "files:"
    for file in proposal.files:
        usable = [sheet for sheet in file.sheets if sheet.has_patients and tables_of(sheet)]
        if usable:
            yield from _file(file, usable, about)
        else:
            yield f"  {_LEFT} {_quoted(file.names[0])}"


def _file(file: File, usable: Iterable[Sheet], about: About) -> Iterator[str]:
    yield f"  - match: '{file.match.replace(chr(39), chr(39) * 2)}'"
    yield "    sheets:"
    for sheet in usable:
        yield from _sheet(sheet, about)


def _sheet(sheet: Sheet, about: About) -> Iterator[str]:
    source = sheet.source
    named = [f"sheet: {_quoted(source.sheet)}"] if source.is_workbook and source.sheet else []
    rows = [f"header_rows: {source.header_rows}"] if source.header_rows > 1 else []
    lines = [*named, f"header_line: {source.header_line}", *rows]
    yield from (f"      {'-' if text is lines[0] else ' '} {text}" for text in lines)
    yield "        tables:"
    confidences = {column.header: column.confidence for column in sheet.columns}
    for entity, columns, constants in tables_of(sheet):
        yield from _table(entity, columns, constants, confidences, about)
    ignored = [c.header for c in sheet.columns if c.field is None and c.header]
    if ignored:
        yield f"        ignored: [{', '.join(_quoted(h) for h in dict.fromkeys(ignored))}]"
    for column in sheet.columns:
        if column.is_asked:
            yield f"        {_LEFT} {_quoted(column.header)} ({column.target} ? {column.confidence:.2f})"


def _table(
    entity: str,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    confidences: Mapping[str, float],
    about: About,
) -> Iterator[str]:
    yield f"          - entity: {entity}"
    yield "            columns:"
    for field, header in columns.items():
        yield f"              {field}: {_quoted(header)}  # {confidences[header]:.2f}"
    stated = dict(constants)
    if "morphology_code" in columns and "morphology_version" not in columns and about.morphology_version:
        stated["morphology_version"] = about.morphology_version
    if stated:
        yield f"            constants: {{{', '.join(f'{k}: {_quoted(v)}' for k, v in stated.items())}}}"


def _values(words: Iterable[Word]) -> Iterator[str]:
    by_field: dict[str, dict[str | None, list[Word]]] = {}
    for word in words:
        by_field.setdefault(word.field, {}).setdefault(word.code, []).append(word)
    known = {field: codes for field, codes in by_field.items() if any(codes)}
    yield "values:" if known else "values: {}"
    for field, codes in by_field.items():
        if field in known:
            yield f"  {field}:"
        for code, said in codes.items():
            if code is None:
                yield from (f"    {_LEFT} {_quoted(word.word)} ({word.n} ×)" for word in said)
            else:
                yield f"    {_quoted(code)}: [{', '.join(_quoted(word.word) for word in said)}]"
