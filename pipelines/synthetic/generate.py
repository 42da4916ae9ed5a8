"""The whole network: drawn in blocks of patients, written centre by centre, so that memory does not grow with size."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.config import FileMap
from pipelines.io.exports_write import Spool, TruthFolder, empty_folder, write_delimited, write_workbook
from pipelines.io.inbox import mark_synthetic
from pipelines.synthetic import declare, truth
from pipelines.synthetic.calibration import Calibration, load_calibration
from pipelines.synthetic.draws import Integers
from pipelines.synthetic.events import biopsy_statements, draw_events
from pipelines.synthetic.faults import Tables, inject
from pipelines.synthetic.layout import PATIENTS_PER_PART, entities_of, file_name, file_of, has_parts
from pipelines.synthetic.pathway import draw_pathways
from pipelines.synthetic.people import draw_people
from pipelines.synthetic.places import file_places, numbered, place_of, shifted
from pipelines.synthetic.records import draw_local_tumours, draw_records
from pipelines.synthetic.reviews import draw_reviews
from pipelines.synthetic.sheets import Sheet, build_sheet
from pipelines.synthetic.survival import draw_outcomes, draw_relapses, knows_death, last_news, vital_status
from pipelines.synthetic.text import as_text
from pipelines.synthetic.tumours import draw_tumours, population
from pipelines.synthetic.words import Writer, code_book
from validations.contracts.entities import ENTITIES

BLOCK = 50_000  # incident patients drawn at a time
NO_RATES: Mapping[str, float] = MappingProxyType({})
Progress = Callable[[str, int, int], None]


def generate(
    *, patients: int, seed: int, out: Path, faults: Literal["none", "default"], network_id: str = "netsarc",
    rates: Mapping[str, float] = NO_RATES, progress: Progress | None = None,
) -> dict[str, int]:  # fmt: skip
    """Write `out/exports/<centre>/` and `out/truth/*.parquet`; the rows of each truth table and the number of files.

    `patients` counts the incident ones; the others come on top. `rates` are percentages in place of those of
    `rates.csv`. Earlier content of the two folders is removed.
    """
    cal = load_calibration(network_id).with_rates(rates)
    tell = progress or (lambda _step, _done, _total: None)
    empty_folder(out / "exports")
    mark_synthetic(out / "exports")
    empty_folder(out / "truth")
    with TruthFolder(out / "truth") as kept, Spool(out / ".spool") as spool:
        _draw_blocks(cal, patients, seed, faults, kept, spool, tell)
        spool.finish()
        files = _write_centres(cal, out / "exports", spool, kept, tell)
        counts = dict(kept.counts)
    return {**counts, "files": files}


def _draw_blocks(
    cal: Calibration, patients: int, seed: int, faults: str, kept: TruthFolder, spool: Spool, tell: Progress
) -> None:
    blocks = max(1, -(-patients // BLOCK))
    counters = np.zeros(len(cal.centres), np.int64)
    sent = {entity: np.zeros(len(cal.centres), np.int64) for entity in ENTITIES}
    first_key = 0
    for block in range(blocks):
        rng = np.random.default_rng([seed, block])
        incident = patients // blocks + (block < patients % blocks)
        tables, truths = draw_block(cal, incident, first_key, (block, blocks), counters, rng)
        first_key += truths["person"].num_rows
        if faults == "default":
            tables, found = inject(cal, tables, rng)
            spool.append("fault", shifted(found, sent).sort_by("centre"))
        for name, table in tables.items():
            spool.append(name, table)
            sent[name] += np.bincount(table["centre"].to_numpy(), minlength=len(cal.centres))
        for name, table in truths.items():
            kept.append(name, table)
        tell("draw", block + 1, blocks)


def draw_block(
    cal: Calibration, incident: int, first_key: int, block: tuple[int, int], counters: Integers,
    rng: np.random.Generator,
) -> tuple[Tables, Tables]:  # fmt: skip
    """The canonical tables of one block of patients, by entity, and its truth tables."""
    tumours = draw_tumours(cal, population(cal, incident), rng)
    people = draw_people(cal, tumours, first_key=first_key, block=block[0], blocks=block[1], rng=rng)
    path, reviews = draw_reviews(cal, draw_pathways(cal, tumours, people, rng), rng)
    path["had_biopsy"] = biopsy_statements(path, rng)
    records = draw_records(cal, path, reviews, counters, rng)
    held = draw_local_tumours(path, records, reviews)
    frames = _declared(cal, path, people, records, held, rng)
    frames["pathology_review"] = declare.declared_reviews(reviews, held)
    keys = truth.tumour_keys(people, path)
    truths = {
        "person": truth.person_table(people),
        "record": truth.record_table(cal, people, records),
        "tumour": truth.tumour_table(cal, path, keys, held, people),
        "local_tumour": truth.local_tumour_table(cal, held, keys),
        "indicator": truth.indicator_table(cal, path, keys, held),
    }
    return {entity: as_text(frames[entity], entity) for entity in ENTITIES}, truths


def _declared(
    cal: Calibration, path: pd.DataFrame, people: pd.DataFrame, records: pd.DataFrame, held: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Every entity but the reviews, as rows of the records that send them."""
    events = draw_events(cal, path, rng)
    relapses = draw_relapses(cal, path, records, rng)
    outcomes = draw_outcomes(cal, path, {**events, "follow_up": relapses}, rng)
    knows = knows_death(outcomes, records, rng)
    knows_held = knows[held["record"].to_numpy()]
    news = last_news(path, outcomes, held, knows_held, relapses, rng)
    relapses = relapses.assign(disease_status=None, death_date=declare.NO_DATE)
    frames = declare.declare({**events, "follow_up": relapses}, held, rng)
    told = news.merge(
        held[["record", "tumour", "centre", "local_patient_id", "local_tumour_id", "record_kind"]],
        on=["record", "tumour"], validate="1:1",
    )  # fmt: skip
    told = told[told["record_kind"] != "review_registry"]
    frames["follow_up"] = pd.concat([frames["follow_up"], told], ignore_index=True)
    frames["patient_identity"] = declare.identities(records, people, vital_status(outcomes, records, knows))
    frames["patient_history"] = declare.histories(records, people)
    frames["tumour"] = declare.local_tumours(held, path)
    return frames


def _write_centres(cal: Calibration, exports: Path, spool: Spool, kept: TruthFolder, tell: Progress) -> int:
    book = code_book(cal)
    files = 0
    for number, centre in enumerate(cal.centres):
        found = {entity: spool.read(entity, number) for entity in ENTITIES if cal.sends(number, entity)}
        tables = {entity: numbered(table) for entity, table in found.items() if table is not None}
        parts = _parts(tables)
        places = []
        for file in centre.files:
            split = _by_part(tables, parts) if has_parts(file) else {1: tables}
            for part, content in split.items():
                sheets = _write_file(exports / centre.id, file, part, Writer(centre, book), content)
                places.append(file_places(file_name(file, part), sheets, content))
                files += bool(sheets)
        faults = spool.read("fault", number)
        if faults is not None:
            told = truth.fault_table(cal, faults, _fault_files(cal, number, faults, parts))
            kept.append("fault", place_of(told, faults["row"], places))
        tell("write", number + 1, len(cal.centres))
    return files


def _parts(tables: Tables) -> "pd.Series[int]":
    """The part of each local patient, for exports that come in several files."""
    patients = (
        tables["patient_identity"]["local_patient_id"].to_pandas() if tables else pd.Series([], dtype=object)
    )
    return pd.Series(np.arange(len(patients)) // PATIENTS_PER_PART + 1, index=pd.Index(patients))


def _by_part(tables: Tables, parts: "pd.Series[int]") -> dict[int, Tables]:
    split: dict[int, Tables] = {}
    for part in sorted(parts.unique()):
        patients = pa.array(parts.index[parts == part].to_numpy(object), pa.string())
        split[int(part)] = {
            entity: table.filter(pc.is_in(table["local_patient_id"], patients))
            for entity, table in tables.items()
        }
    return split


def _write_file(folder: Path, file: FileMap, part: int, writer: Writer, tables: Tables) -> list[Sheet]:
    """Write one file; no sheet when the centre has no row for it. An empty export is not sent."""
    if not any(entity in tables and tables[entity].num_rows for entity in entities_of(file.sheets)):
        return []
    path = folder / file_name(file, part)
    sheets = [build_sheet(writer, sheet, tables) for sheet in file.sheets]
    if writer.is_workbook:
        grids = [(sheet.name, sheet.preamble, sheet.header, sheet.columns) for sheet in sheets]
        write_workbook(path, sheets=grids, file_format=writer.export.format)
    else:
        _write_text(path, sheets[0], writer)
    return sheets


def _write_text(path: Path, sheet: Sheet, writer: Writer) -> None:
    write_delimited(
        path, preamble=sheet.preamble, header=sheet.header, columns=sheet.columns, export=writer.export,
        ragged=sheet.ragged.tolist(),
    )  # fmt: skip


def _fault_files(cal: Calibration, number: int, faults: pa.Table, parts: "pd.Series[int]") -> list[str]:
    """The name of the file that holds the row of each fault."""
    centre = cal.centres[number]
    by_entity = {entity: file_of(centre, entity) for entity in ENTITIES}
    part = parts.reindex(faults["local_patient_id"].to_pandas()).fillna(1).astype(int)
    return [
        file_name(file, of_part) if (file := by_entity[entity]) else ""
        for entity, of_part in zip(faults["entity"].to_pylist(), part, strict=True)
    ]
