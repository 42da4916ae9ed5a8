"""`reseau code`: any table of diagnoses, by the reading of the nightly run. The terminal shows counts only."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, percent, print_json, say, table
from pipelines.cli.targets import refuse_unwritable

if TYPE_CHECKING:
    from pipelines.harmonise.coding import Coded

HEADER = ("id", "morphology", "topography", "entity", "decision", "method", "score", "candidates", "reason")

LabelsArgument = Annotated[
    Path,
    typer.Argument(
        metavar="LABELS", help="A table of diagnoses: CSV (UTF-8) or Parquet.", show_default=False
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="CODED.csv", help="Write the answers there.")]


def code(
    labels: LabelsArgument,
    out: OutOption,
    network: NetworkOption = DEFAULT_NETWORK,
    as_json: JsonOption = False,
) -> int:
    """Give each row of a table of diagnoses its code, or ranked candidates for a person."""
    from pipelines.harmonise.coding import code_many
    from pipelines.harmonise.misplaced import Stated
    from pipelines.io.configuration import load_network
    from pipelines.io.labels import STATED, load_labels, write_coded

    refuse_unwritable(out, labels)
    scope = load_network(network).scope.malignancy_classes
    given = load_labels(labels)
    rows = [Stated(**dict(zip(STATED, combination, strict=True))) for combination in given.combinations]
    coded = code_many(rows, scope=scope)
    lang = say("fr", "en")
    write_coded(out, HEADER, given, [_cells(answer, lang) for answer in coded])
    counts: Counter[str] = Counter(coded[combination].decision for combination in given.combination_of)
    _show(counts, distinct=len(rows), out=out, as_json=as_json)
    return 0


def _cells(answer: "Coded", lang: str) -> list[str]:
    from pipelines.cli.code_words import in_words

    ranked = "|".join(f"{one.code}:{one.score:.3f}" for one in answer.candidates)
    return [
        answer.morphology or "", answer.topography or "", answer.entity or "", answer.decision, answer.method,
        f"{answer.score:.3f}", ranked, in_words(answer.reasons, lang=lang),
    ]  # fmt: skip


def _show(counts: Counter[str], *, distinct: int, out: Path, as_json: bool) -> None:
    total = sum(counts.values())
    if as_json:
        decided = {name: counts[name] for name in ("auto", "review", "out_of_scope")}
        print_json({"rows": total, "distinct": distinct, **decided, "coded": str(out)})
        return
    names = {
        "auto": say("codées d'office", "coded automatically"),
        "review": say("à relire", "to review"),
        "out_of_scope": say("hors périmètre", "out of scope"),
    }
    rows = [(name, integer(counts[key]), percent(100 * counts[key] / total)) for key, name in names.items()]
    rows = [(say("lignes", "rows"), integer(total), ""), *rows]
    table(say("Codage", "Coding"), ["", say("nombre", "number"), "%"], rows)
    line(str(out))
