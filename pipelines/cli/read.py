"""`reseau read`: what is in a file that nobody described, and its table as a clean CSV.

The terminal shows decisions, counts, line numbers and names of columns; never a value of a record.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption, NetworkOption
from pipelines.cli.read_words import OUTSIDE, evidence_in_french, value_in_french, what_in_french
from pipelines.cli.show import integer, line, percent, say, show_error, table
from pipelines.errors import FileRefused, Refusal, RegistryError

if TYPE_CHECKING:
    from pipelines.io.reading.text_tables import Overrides

_CLEAN = "clean.csv"
_SHOWN_LINES, _SHOWN_NAMES, _SHOWN_CHARACTERS = 10, 40, 40

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Any file.", show_default=False)]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write the table there as clean CSV; - is standard output.")
]
ListOption = Annotated[bool, typer.Option("--list", help="Only list the tables.")]
TableOption = Annotated[
    int | None, typer.Option("--table", help="The table to take, from 1. Default: the largest.")
]
EncodingOption = Annotated[str | None, typer.Option("--encoding", help="Do not decide it: utf-8, cp1252 …")]
SeparatorOption = Annotated[str | None, typer.Option("--separator", help="Do not decide it; \\t is a tab.")]
QuoteOption = Annotated[str | None, typer.Option("--quote", help="Do not decide it; '' is none.")]
EscapeOption = Annotated[
    str | None, typer.Option("--escape", help="Do not decide it: \\\\, '' (doubled) or none.")
]
HeaderLineOption = Annotated[
    int | None, typer.Option("--header-line", min=1, help="The line of the header, from 1.")
]
HeaderRowsOption = Annotated[
    int | None, typer.Option("--header-rows", min=0, help="How many rows it takes; 0: none.")
]
CentreOption = Annotated[str | None, typer.Option("--centre", help="Read it as this centre's YAML says.")]


def read(
    file: FileArgument,
    out: OutOption = None,
    as_json: JsonOption = False,
    only_list: ListOption = False,
    number: TableOption = None,
    encoding: EncodingOption = None,
    separator: SeparatorOption = None,
    quote: QuoteOption = None,
    escape: EscapeOption = None,
    header_line: HeaderLineOption = None,
    header_rows: HeaderRowsOption = None,
    centre: CentreOption = None,
    network: NetworkOption = DEFAULT_NETWORK,
) -> int:
    """Tell what is in any file, and write its table as a clean CSV with --out."""
    given = {
        "encoding": encoding,
        "separator": None if separator is None else separator.replace("\\t", "\t"),
        "quote": quote,
        "escape": escape,
        "header_line": header_line,
        "header_rows": header_rows,
    }
    _check(file, out, as_json=as_json)
    overrides = _overrides(given, centre, network, name=file.name)
    try:
        found = _read_contained(file, overrides, number, out)
    except FileRefused as problem:
        return _show_refusal(problem.refusal, as_json=as_json)
    _show(found, out, as_json=as_json, only_list=only_list)
    return 0


def _check(file: Path, out: Path | None, *, as_json: bool) -> None:
    if not file.exists():
        raise RegistryError(say("le fichier n'existe pas", "there is no such file"), where=str(file))
    if not file.is_file() or not os.access(file, os.R_OK):
        raise RegistryError(
            say("ce n'est pas un fichier lisible", "it is not a readable file"), where=str(file)
        )
    if out is not None and not _is_stdout(out) and not out.resolve().parent.is_dir():
        raise RegistryError(say("son dossier n'existe pas", "its folder does not exist"), where=str(out))
    if as_json and out is not None and _is_stdout(out):
        what = say("--json et --out - écrivent au même endroit", "--json and --out - write to the same place")
        raise RegistryError(what, remedy="reseau read FILE --out CLEAN.csv --json")


def _is_stdout(out: Path) -> bool:
    return str(out) == "-"


def _overrides(given: dict[str, Any], centre_id: str | None, network_id: str, *, name: str) -> "Overrides":
    """What the options say, above what the centre's file says."""
    from pipelines.io.reading.text_tables import Overrides

    known: dict[str, Any] = {}
    if centre_id is not None:
        from pipelines.io.reading.declared import declared_dialect

        known = asdict(declared_dialect(network_id, centre_id, name=name))
    return Overrides(**{**known, **{key: value for key, value in given.items() if value is not None}})


def _read_contained(
    file: Path, overrides: "Overrides", number: int | None, out: Path | None
) -> dict[str, Any]:
    from pipelines.io.contained import allowance, run_contained
    from pipelines.io.reading.describe import describe_file
    from pipelines.io.reading.limits import Limits

    clean = None if out is None else Path(_CLEAN)
    with _target(out) as place:
        answer = run_contained(
            describe_file,
            file.resolve(),
            overrides,
            Limits(),
            number,
            clean,
            limits=allowance(file.stat().st_size),
            name=file.name,
            keep={} if place is None else {_CLEAN: place},
        )
    found: dict[str, Any] = answer.facts
    return found


def _target(out: Path | None) -> AbstractContextManager[Path | None]:
    from pipelines.io.reading.clean_csv import replacing, streaming

    if out is None:
        return nullcontext()
    return streaming(sys.stdout.buffer) if _is_stdout(out) else replacing(out)


def _show_refusal(refusal: Refusal, *, as_json: bool) -> int:
    if as_json:
        _print_json({"file": refusal.file, "kind": None, "decisions": [], "tables": [], "chosen": None, "outside": {},
                    "refusal": asdict(refusal)})  # fmt: skip
    reason = say(refusal.reason_fr, refusal.reason_en)
    remedy = say(refusal.remedy_fr, refusal.remedy_en)
    show_error(RegistryError(f"{reason} [{refusal.code}]", where=refusal.file, remedy=remedy))
    return 2


def _print_json(content: dict[str, Any]) -> None:
    """One JSON document in ASCII: names of columns may hold what no terminal can show."""
    typer.echo(json.dumps(content, indent=2))


def _show(found: dict[str, Any], out: Path | None, *, as_json: bool, only_list: bool) -> None:
    if as_json:
        _print_json(found)
    elif out is None:
        _show_tables(found) if only_list else _show_all(found)
    elif not _is_stdout(out):
        _show_written(found, out)
    if found["chosen"] is None:
        what = say("aucun tableau dans ce fichier", "there is no table in this file")
        show_warning(f"{found['file']} : {what}")


def show_warning(text: str) -> None:
    """A remark on standard error: what follows it is still true."""
    from rich.markup import escape

    from pipelines.cli.show import console

    console(error=True).print(f"[yellow]{say('Attention', 'Warning')}[/] {escape(text)}")


def _show_written(found: dict[str, Any], out: Path) -> None:
    if found["chosen"] is None:
        return line(say(f"Écrit, vide : {out}", f"Written, empty: {out}"))
    chosen = found["tables"][found["chosen"] - 1]
    counts = [
        _counted(chosen["n_records"], "ligne", "record"),
        _counted(chosen["n_columns"], "colonne", "column"),
    ]
    if chosen["ragged_lines"]:
        counts.append(_counted(len(chosen["ragged_lines"]), "ligne irrégulière", "ragged record"))
    return line(say(f"Écrit : {out}", f"Written: {out}") + f" ({', '.join(counts)})")


def _counted(n: int, fr: str, en: str) -> str:
    """A count with its noun, each word of it in the plural in French.

    >>> _counted(2, "ligne irrégulière", "ragged record")
    '2 lignes irrégulières'
    """
    french = " ".join(word + "s" * (n > 1) for word in fr.split())
    return f"{integer(n)} {say(french, en + 's' * (n != 1))}"


def _show_all(found: dict[str, Any]) -> None:
    chosen = None if found["chosen"] is None else found["tables"][found["chosen"] - 1]
    decisions = [*found["decisions"], *(chosen["decisions"] if chosen else ())]
    header = [
        say("décision", "decision"),
        say("valeur", "value"),
        say("confiance", "confidence"),
        say("pourquoi", "why"),
    ]
    table(found["file"], header, map(_decision_row, decisions), numbers_from=len(header))
    _show_tables(found)
    if chosen:
        _show_chosen(chosen)
    for reason, lines in found["outside"].items():
        line(say(f"Hors tableau, {_reason(reason)} : ", f"Outside, {reason}: ") + _ranges(lines))


def _decision_row(decision: dict[str, Any]) -> tuple[str, ...]:
    what, value, evidence = decision["what"], decision["value"], decision["evidence"]
    confidence = percent(100 * decision["confidence"], decimals=0)
    if say("fr", "en") == "fr":
        return what_in_french(what), value_in_french(value), confidence, evidence_in_french(evidence)
    return what.replace("_", " "), value.replace("1 rows", "1 row"), confidence, evidence


def _show_tables(found: dict[str, Any]) -> None:
    header = ["n°", say("nom", "name"), say("lignes", "records"), say("colonnes", "columns"),
              say("en-tête à la ligne", "header at line"), say("irrégulières", "ragged")]  # fmt: skip
    rows = (
        (
            f"→ {t['number']}" if t["number"] == found["chosen"] else t["number"],
            t["name"],
            integer(t["n_records"]),
            t["n_columns"],
            _ranges(t["header_lines"]) or say("aucun", "none"),
            integer(len(t["ragged_lines"])),
        )
        for t in found["tables"]
    )
    table(say("Tableaux", "Tables"), header, rows, numbers_from=2)


def _show_chosen(chosen: dict[str, Any]) -> None:
    names = [_short(name) for name in chosen["header"][:_SHOWN_NAMES]]
    more = "" if len(chosen["header"]) <= _SHOWN_NAMES else f" … ({len(chosen['header'])})"
    line(say("Colonnes : ", "Columns: ") + " · ".join(names) + more)
    for key, fr, en in (
        ("ragged_lines", "Lignes irrégulières (gardées)", "Ragged lines (kept)"),
        ("null_lines", "Lignes avec un caractère nul (gardé)", "Lines with a null character (kept)"),
    ):
        if chosen[key]:
            line(say(f"{fr} : ", f"{en}: ") + _some(chosen[key]))


def _short(name: str) -> str:
    from pipelines.refusals import printable

    shown = printable(name) or "∅"
    return shown if len(shown) <= _SHOWN_CHARACTERS else shown[: _SHOWN_CHARACTERS - 1] + "…"


def _some(lines: Sequence[int]) -> str:
    """The first line numbers, and how many there are when there are more.

    >>> _some([4, 9])
    '4, 9'
    """
    shown = ", ".join(map(str, lines[:_SHOWN_LINES]))
    return shown if len(lines) <= _SHOWN_LINES else f"{shown} … ({integer(len(lines))})"


def _reason(reason: str) -> str:
    *place, last = reason.split(" › ")
    return " › ".join((*place, OUTSIDE.get(last, last)))


def _ranges(lines: Sequence[int]) -> str:
    """Line numbers with runs drawn together, the first runs only.

    >>> _ranges([1, 2, 3, 7])
    '1-3, 7'
    """
    runs = list(_runs(sorted(lines)))
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs[:_SHOWN_LINES])
    return shown if len(runs) <= _SHOWN_LINES else f"{shown} … ({integer(len(lines))})"


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        yield numbers[0], numbers[-1]
