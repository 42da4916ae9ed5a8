"""`make bench-linkage`: linkage against known truth, over seeds, and its cost.

Networks go through their real files: generated with their usual faults, received, staged, linked as in a night. The
stress networks have ten times the twins, namesakes and children with a parent's names. The development sets of others
are read from the folder that `RESEAU_LINKAGE_SETS` names and left out, with a word, where there is none. Writes
docs/reference/linkage-quality.md from the results that it keeps in linkage.json.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import linkage_page
from benchmarks.detection import _machine
from benchmarks.measure import run
from benchmarks.networks import PATIENTS, staged_network, write_identities
from pipelines.link.evaluate import LinkageScores, evaluate

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "linkage-quality.md"
RESULTS = ROOT / "benchmarks" / "linkage.json"
MODEL = "fr-2026-2"
SEEDS = (1, 2, 3, 4, 5)
SIZES = (100_000, 1_000_000)
#: Percentages of `rates.csv`, ten times.
STRESS = {"twins": 1.6, "parent_child": 0.8, "homonyms": 2.0}
_SETS = "RESEAU_LINKAGE_SETS"
_KEY = b"a key for the benchmarks, no real"

#: A development set: its files, the map of its columns, and the person of a row.
FRENCH_MAP = """
id: unique_id
source: centre
birth_name: nom_naissance
used_name: nom_utilise
first_names: prenoms
sex: sexe
birth_date: dob
birth_place: commune_naissance
ins: ins
residence_postcode: cp_residence
"""
FEBRL_MAP = """
id: rec_id
birth_name: surname
first_names: given_name
birth_date: {column: date_of_birth, format: "%Y%m%d"}
residence_postcode: postcode
other:
  text: [address_1, address_2, suburb]
  exact: [soc_sec_id, street_number, state]
"""
SETS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "fr_registry_20k": (("fr_synth/fr_registry_20k.parquet",), FRENCH_MAP, "entity"),
    "fr_hard_20k": (("fr_synth/fr_hard_20k.parquet",), FRENCH_MAP, "entity"),
    "FEBRL 3": (("febrl/dataset3.csv",), FEBRL_MAP, "split_part(rec_id, '-', 2)"),
    "FEBRL 4": (("febrl/dataset4a.csv", "febrl/dataset4b.csv"), FEBRL_MAP, "split_part(rec_id, '-', 2)"),
}
_AS_LINKED = """
CREATE VIEW lnk_record AS
SELECT coalesce(source, '') AS centre_id, id AS local_patient_id, CAST(person_id AS VARCHAR) AS person_id
FROM clusters INNER JOIN people USING (line, id)
"""
_TRUTH = """
CREATE VIEW truth_record AS
SELECT coalesce(source, '') AS centre_id, id AS local_patient_id, CAST({person} AS VARCHAR) AS person_key
FROM people INNER JOIN read_parquet('{table}') ON {id} = id
"""


def measure_network(seed: int, patients: int, *, rates: dict[str, float]) -> LinkageScores:
    """The scores of one network, linked as on its first night."""
    from contextlib import closing

    from pipelines.io.linkage_model import load_model
    from pipelines.io.tables import connect, show, show_files
    from pipelines.link.step import link
    from validations.contracts.tables import TABLES

    with (
        staged_network(seed, patients, rates=rates) as (registry, truth),
        closing(connect(registry.home.work(registry.network.id) / "scratch")) as con,
    ):
        for name in ("val_patient_identity", "val_tumour"):
            show(con, TABLES[name], registry.tables(name))
        show_files(con, "truth_record", [truth / "record.parquet"])
        link(con, model=load_model(MODEL), key=_KEY)
        return evaluate(con)


def _write_table(paths: list[str], target: Path) -> None:
    """The rows of all files as one Parquet of trimmed text."""
    import duckdb

    with duckdb.connect() as con:
        is_parquet = paths[0].endswith("parquet")
        rows = con.read_parquet(paths[0]) if is_parquet else con.read_csv(paths, all_varchar=True)
        texts = (f'trim(CAST("{name}" AS VARCHAR)) AS {name.strip()}' for name in rows.columns)
        rows.project(", ".join(texts)).write_parquet(str(target))


def measure_set(folder: Path, name: str) -> LinkageScores | None:
    """The scores of a development set with the default configuration of `reseau link`; None when it is absent."""
    from pipelines.io.linkage_model import load_model
    from pipelines.io.people import load_map, people_of
    from pipelines.link.other import OtherColumns
    from pipelines.link.table import link_table

    files, columns, person = SETS[name]
    paths = [str(folder / file) for file in files]
    if not all(Path(path).exists() for path in paths):
        return None
    with tempfile.TemporaryDirectory() as kept:
        table, written = Path(kept) / "people.parquet", Path(kept) / "map.yaml"
        written.write_text(columns, encoding="utf-8")
        _write_table(paths, table)
        named = load_map(written)
        with people_of(table, named) as con:
            other = OtherColumns.numbered(len(named.other.text), len(named.other.exact))
            link_table(con, model=load_model(MODEL), other=other)
            con.execute(_AS_LINKED).fetchall()
            con.execute(_TRUTH.format(person=person, id=named.id, table=table)).fetchall()
            return evaluate(con)


def link_night(identities: Path, out: Path) -> dict[str, Any]:
    """One night's linkage of identities in Parquet, persons, ids and log written; what was found, in numbers."""
    import duckdb

    from pipelines.io.event_log import EventLog
    from pipelines.io.linkage_model import load_model
    from pipelines.link.history import event_schema, new_events, read_known
    from pipelines.link.step import link

    start = time.perf_counter()
    log = EventLog(out / "persons", event_schema())
    with duckdb.connect() as con:
        con.execute("SET preserve_insertion_order = FALSE").fetchall()
        con.read_parquet(str(identities)).create_view("val_patient_identity")
        con.execute(
            "CREATE TABLE val_tumour AS SELECT DISTINCT centre_id, local_patient_id FROM val_patient_identity"
        ).fetchall()
        link(con, model=load_model(MODEL), key=_KEY, known=read_known(con, log.read()))
        log.append(new_events(con, run_id=1, model=MODEL))
        for name in ("lnk_record", "lnk_person", "lnk_review"):
            con.table(name).write_parquet(str(out / f"{name}.parquet"))
        seconds = time.perf_counter() - start
        records, persons, two = con.execute(_NUMBERS).fetchall()[0]
    return {"records": records, "persons": persons, "with_two_ins": two, "seconds": seconds}


_NUMBERS = """
SELECT
    (SELECT count(*) FROM lnk_record), (SELECT count(*) FROM lnk_person),
    (SELECT count(*) FROM (
        SELECT person_id FROM val_patient_identity INNER JOIN lnk_record USING (centre_id, local_patient_id)
        WHERE ins_status = 'QUAL'
        GROUP BY person_id HAVING count(DISTINCT link_ins(ins_matricule, ins_oid)) > 1))
"""


def measure_cost(records: int) -> dict[str, Any]:
    """Seconds and memory of a night's linkage and of `reseau link` on about `records` records."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        people, columns, found = folder / "people.parquet", folder / "map.yaml", folder / "found.json"
        written = write_identities(people, records=records, seed=1)
        columns.write_text(_IDENTITY_MAP, encoding="utf-8")
        night = [sys.executable, "-m", "benchmarks.linkage", "--night", str(people), "--out", str(found)]
        table = [sys.executable, "-m", "pipelines", "link", str(people), "--columns", str(columns),
                 "--out", str(folder / "clusters.csv"), "--pairs", str(folder / "pairs.csv")]  # fmt: skip
        costs = {name: run(one, log=folder / "log") for name, one in (("night", night), ("table", table))}
        if any(cost.exit_code for cost in costs.values()):
            raise SystemExit((folder / "log").read_text(encoding="utf-8"))
        print(f"  {records}: {costs}", flush=True)
        told = {name: asdict(cost) for name, cost in costs.items()}
        return {**told, "written": written, **json.loads(found.read_text(encoding="utf-8"))}


_IDENTITY_MAP = """
id: row_id
source: centre_id
birth_name: birth_name
used_name: used_name
first_names: first_names
sex: sex
birth_date: birth_date
birth_place: birth_place_cog
ins: ins_matricule
residence_postcode: residence_commune
"""


def _save(found: dict[str, Any]) -> None:
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    stamp = {"date": datetime.now(UTC).date().isoformat(), "machine": _machine()}
    known |= {name: {**stamp, "found": value} for name, value in found.items()}
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(linkage_page.page(known), encoding="utf-8")


def _told(name: str, score: LinkageScores) -> dict[str, Any]:
    print(f"  {name}: precision {score.precision:.5f}, recall {score.recall:.4f}, "
          f"review {score.reviewed_share:.4f}, twins apart {score.twins_apart:.4f}", flush=True)  # fmt: skip
    return asdict(score)


def main(arguments: Iterable[str] | None = None) -> None:
    """Measure what is asked (all, when nothing is) and write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("parts", nargs="*", help="quality, sets, cost")
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--night", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(None if arguments is None else list(arguments))
    if asked.night:
        with tempfile.TemporaryDirectory() as kept:
            asked.out.write_text(json.dumps(link_night(asked.night, Path(kept))))
        return
    parts = asked.parts or ("quality", "sets", "cost")
    if "quality" in parts:
        for name, rates in (("registry", {}), ("stress", STRESS)):
            scores = [
                _told(f"{name} {seed}", measure_network(seed, asked.patients, rates=rates))
                for seed in asked.seeds
            ]
            _save({name: {"patients": asked.patients, "seeds": list(asked.seeds), "scores": scores}})
    if "sets" in parts and (folder := os.environ.get(_SETS)):
        found = {name: measure_set(Path(folder), name) for name in SETS}
        _save({"sets": {name: _told(name, score) for name, score in found.items() if score}})
    elif "sets" in parts:
        print(f"  NOT MEASURED: the development sets; {_SETS} names no folder")
    if "cost" in parts:
        _save({"cost": {str(size): measure_cost(size) for size in asked.sizes}})


if __name__ == "__main__":
    main()
