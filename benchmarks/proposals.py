"""How much of a centre's file is proposed right, without a question, for centres whose file is known.

Half of the centres, drawn by the hash of their id, were looked at while the lists of words were written; the others
never were. Ten further dialects are made from the first half: their headers stand in no list.
"""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.unseen import DIALECTS, Unseen, rewritten
from pipelines.config import Centre, FileMap, SheetMap
from pipelines.io.configuration import centre_ids, load_centre
from pipelines.propose.match import KEYS
from pipelines.propose.proposal import Column, Proposal, Sheet, propose
from pipelines.propose.reading import load_lexicon, read_sources
from pipelines.propose.source import SourceTable

NETWORK, PATIENTS, SEED = "netsarc", 2000, 1
_DIALECT_CENTRES = 2
Truth = Mapping[str, set[tuple[str, str]]]


def measure(patients: int = PATIENTS, seed: int = SEED) -> dict[str, Any]:
    """The shares of right proposals: seen and unseen centres, and unseen dialects."""
    from pipelines.synthetic.generate import generate

    with tempfile.TemporaryDirectory() as folder:
        generate(patients=patients, seed=seed, out=Path(folder), faults="default", network_id=NETWORK)
        exports = Path(folder, "exports")
        sources = {
            centre_id: read_sources(sorted(p for p in (exports / centre_id).iterdir() if p.is_file()))
            for centre_id in centre_ids(NETWORK)
            if (exports / centre_id).is_dir()
        }
    seen, unseen = halves(sources)
    return {
        "centres seen": _shares(_score(sources[c], load_centre(NETWORK, c)) for c in seen),
        "centres unseen": _shares(_score(sources[c], load_centre(NETWORK, c)) for c in unseen),
        "dialects unseen": _dialects({c: sources[c] for c in seen}),
    }


def halves(centres: Iterable[str]) -> tuple[list[str], list[str]]:
    """The centres in two halves, by the hash of their id."""
    ordered = sorted(centres, key=lambda c: hashlib.sha256(c.encode()).hexdigest())
    middle = (len(ordered) + 1) // 2
    return sorted(ordered[:middle]), sorted(ordered[middle:])


def _shares(scores: Iterable[Counter[str]]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for score in scores:
        total += score
    names = sorted({key.split(" ")[0] for key in total})
    return {n: {"right": total[f"{n} right"], "of": total[f"{n} right"] + total[f"{n} wrong"]} for n in names}


def _score(tables: list[SourceTable], centre: Centre) -> Counter[str]:
    """What is right and wrong in the proposal for one centre, by subject."""
    proposal = propose(tables, load_lexicon())
    found: Counter[str] = Counter()
    for file in proposal.files:
        wanted = _file_map(file.names[0], centre)
        found[f"match {_verdict(wanted is not None and file.match == wanted.match)}"] += 1
        for sheet in file.sheets:
            true = _sheet_map(sheet, wanted)
            if true is not None:
                found[f"header_line {_verdict(sheet.source.header_line == true.header_line)}"] += 1
                truth = _truth(true)
                found += _score_columns(sheet.columns, truth)
                found["columns wrong"] += len(truth.keys() - {column.header for column in sheet.columns})
    return found + _score_words(proposal, centre) + _score_export(proposal, centre)


def _verdict(is_right: bool) -> str:
    return "right" if is_right else "wrong"


def _file_map(name: str, centre: Centre) -> FileMap | None:
    return next((file for file in centre.files if file.pattern.fullmatch(name)), None)


def _sheet_map(sheet: Sheet, file: FileMap | None) -> SheetMap | None:
    name = sheet.source.sheet if sheet.source.is_workbook else None
    return next((s for s in file.sheets if s.sheet in (name, None)), None) if file else None


def _truth(sheet: SheetMap) -> Truth:
    found: dict[str, set[tuple[str, str]]] = {}
    for table in sheet.tables:
        for field, header in table.columns.items():
            found.setdefault(header, set()).add((table.entity, field))
    return found


def _score_columns(columns: Iterable[Column], truth: Truth) -> Counter[str]:
    """A column is right when its field is taken without a question; one that no map names, when it is left out.

    `taken` counts only the columns that were taken: what is wrong there nobody is asked about.
    """
    found: Counter[str] = Counter()
    for column in columns:
        wanted = truth.get(column.header, set())
        is_key = column.field in KEYS and column.field in {field for _, field in wanted}
        is_right = (column.entity, column.field) in wanted or is_key if column.is_taken else not wanted
        found[f"columns {_verdict(is_right)}"] += 1
        found[f"taken {_verdict(is_right)}"] += column.is_taken
    return found


def _score_words(proposal: Proposal, centre: Centre) -> Counter[str]:
    """A word is right when it has the centre's code; one that the centre does not map, when it is asked for."""
    found: Counter[str] = Counter()
    for word in proposal.words:
        codes = {w.casefold(): c for c, said in centre.values.get(word.field, {}).items() for w in said}
        is_right = word.code == codes.get(word.word.casefold())
        found[f"words {_verdict(is_right)}"] += 1
        found[f"words_taken {_verdict(is_right)}"] += word.code is not None
    return found


def _score_export(proposal: Proposal, centre: Centre) -> Counter[str]:
    true, found = centre.export, Counter[str]()
    compared: dict[str, object] = {"format": true.format, "dates": true.dates, "decimal": true.decimal}
    if true.format == "csv":
        compared |= {"encoding": true.encoding, "separator": true.separator}
    for key, wanted in compared.items():
        choice = proposal.choice(key)
        found[f"{key} {_verdict(choice is not None and choice.is_sure and choice.value == wanted)}"] += 1
    return found


def _dialects(sources: Mapping[str, list[SourceTable]]) -> dict[str, Any]:
    """Every dialect on the tables of two centres that send one entity a file and write days as 31/12/2020."""
    centres = {centre_id: load_centre(NETWORK, centre_id) for centre_id in sources}
    fit = [c for c in sources if _is_plain(centres[c])][:_DIALECT_CENTRES]
    return {d.name: _shares(_score_dialect(sources[c], centres[c], d) for c in fit) for d in DIALECTS}


def _is_plain(centre: Centre) -> bool:
    is_split = all(len(sheet.tables) == 1 for file in centre.files for sheet in file.sheets)
    return is_split and centre.export.format == "csv" and centre.export.dates == "day_first"


def _score_dialect(tables: list[SourceTable], centre: Centre, dialect: Unseen) -> Counter[str]:
    found: Counter[str] = Counter()
    pairs = list(_rewritten(tables, centre, dialect))
    truths = {table.file: truth for table, truth in pairs}
    for sheet, column in propose([table for table, _ in pairs], load_lexicon()).columns:
        wanted = truths[sheet.source.file].get(column.header)
        found += _score_columns([column], {column.header: {wanted}} if wanted else {})
    return found


def _rewritten(
    tables: Iterable[SourceTable], centre: Centre, dialect: Unseen
) -> Iterator[tuple[SourceTable, dict[str, tuple[str, str]]]]:
    for table in tables:
        file = _file_map(table.file, centre)
        changed = rewritten(table, file.sheets[0], centre, dialect) if file else None
        if changed:
            yield changed


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
