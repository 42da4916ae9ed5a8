"""`reseau link`: the persons of any table of people, by the engine of the nightly run, without labels.

The terminal and the JSON show counts only; ids go into the two files that were asked for.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import JsonOption
from pipelines.cli.show import integer, line, percent, print_json, say, table
from pipelines.cli.targets import refuse_unwritable
from pipelines.config import LinkageEngine
from pipelines.io.spark import DEFAULT_MASTER, MASTER_VARIABLE

if TYPE_CHECKING:
    from pipelines.link.table import TableLinked

MODEL = "fr-2026-2"

PeopleArgument = Annotated[
    Path,
    typer.Argument(metavar="PEOPLE", help="A table of people: CSV (UTF-8) or Parquet.", show_default=False),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="CLUSTERS.csv", help="Write id, person_id there.")]
PairsOption = Annotated[
    Path, typer.Option("--pairs", metavar="PAIRS.csv", help="Write every pair that was judged there.")
]
ColumnsOption = Annotated[
    Path, typer.Option("--columns", metavar="MAP.yaml", help="Which column of the table holds what.")
]
EngineOption = Annotated[
    LinkageEngine, typer.Option("--engine", help="What weighs the pairs; the result is the same.")
]
MasterOption = Annotated[
    str,
    typer.Option(
        "--spark-master",
        envvar=MASTER_VARIABLE,
        metavar="MASTER",
        help="Where Spark runs, with --engine spark.",
    ),
]


def link(
    people: PeopleArgument,
    out: OutOption,
    pairs: PairsOption,
    columns: ColumnsOption,
    engine: EngineOption = "duckdb",
    spark_master: MasterOption = DEFAULT_MASTER,
    as_json: JsonOption = False,
) -> int:
    """Find which rows of a table are one person."""
    from pipelines.io.linkage_model import load_model
    from pipelines.io.people import load_map, people_of, write_csv
    from pipelines.link.other import OtherColumns
    from pipelines.link.spark import scorer_of
    from pipelines.link.table import link_table

    for target in (out, pairs):
        refuse_unwritable(target, people)
    named = load_map(columns)
    other = OtherColumns.numbered(len(named.other.text), len(named.other.exact))
    with people_of(people, named) as con, scorer_of(engine, master=spark_master) as scorer:
        found = link_table(con, model=load_model(MODEL), other=other, scorer=scorer)
        write_csv(con, "SELECT id, person_id FROM clusters ORDER BY line", out)
        write_csv(con, "SELECT * EXCLUDE (l, r) FROM pairs ORDER BY l, r", pairs)
    _show(found, out, pairs, as_json=as_json)
    return 0


def _show(found: "TableLinked", out: Path, pairs: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(found), "clusters": str(out), "pairs": str(pairs)})
        return
    rows = [
        (say("enregistrements", "records"), integer(found.records)),
        (say("personnes", "persons"), integer(found.persons)),
        (say("plus grand groupe", "largest group"), integer(found.largest)),
        (say("paires liées", "linked pairs"), integer(found.links)),
        (say("paires à relire", "pairs to review"), integer(found.reviews)),
        (
            say("enregistrements à relire", "records in review"),
            f"{integer(found.records_in_review)} ({percent(100 * found.records_in_review / found.records)})",
        ),
    ]
    table(say("Rapprochement", "Linkage"), ["", say("nombre", "number")], rows)
    if found.lifted:
        names = ", ".join(found.lifted)
        line(
            say(
                f"Gardes levées, contredites par les numéros de la table : {names}.",
                f"Guards lifted, contradicted by the numbers of the table: {names}.",
            )
        )
    line(f"{out} · {pairs}")
