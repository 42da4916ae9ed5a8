"""The figures of the page as tables: one tidy table for machines, one readable table for people, a page of reading."""

from typing import TYPE_CHECKING, Any

from pipelines.io.report_files import Column, Sheet
from pipelines.report.numbers import day_text
from pipelines.report.order import EDITIONS, GROUP_LABELS, ordered_rows
from pipelines.report.read import Release

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = (
    "eligible_count", "achieved_count", "not_achieved_count", "missing_count", "percent_missing",
    "percent_all", "percent_all_low", "percent_all_high", "percent_known", "percent_known_low", "percent_known_high",
    "bound_low", "bound_high", "published_percent",
)  # fmt: skip
_TIDY = (
    "network_id", "snapshot", "definition_version", "icdo_version", "data_cut", "indicator_id", "indicator_fr",
    "indicator_en", "period_id", "group_kind", "group_id", "group_fr", "group_en", *_FIGURES, "published_source",
    "disclosure",
)  # fmt: skip
_CSV_DECIMALS = 4
_READABLE: tuple[tuple[str, str, str, float], ...] = (
    ("indicator_fr", "Indicateur", "text", 34),
    ("indicator_en", "Indicator", "text", 34),
    ("period_fr", "Période\nPeriod", "text", 12),
    ("group_fr", "Groupe", "text", 34),
    ("group_en", "Group", "text", 34),
    ("eligible_count", "N\néligibles\neligible", "count", 10),
    ("achieved_count", "n\natteint\nachieved", "count", 10),
    ("missing_count", "inconnu\nunknown", "count", 10),
    ("percent_missing", "inconnu, %\nunknown, %", "percent", 11),
    ("percent_all", "% de tous\n% of all", "percent", 10),
    ("percent_all_low", "IC 95 % bas\n95% CI low", "percent", 11),
    ("percent_all_high", "IC 95 % haut\n95% CI high", "percent", 11),
    ("percent_known", "% des connus\n% of known", "percent", 11),
    ("percent_known_low", "IC 95 % bas\n95% CI low", "percent", 11),
    ("percent_known_high", "IC 95 % haut\n95% CI high", "percent", 11),
    ("bound_low", "si tous les\ninconnus : non\nif all unknown: no", "percent", 16),
    ("bound_high", "si tous les\ninconnus : oui\nif all unknown: yes", "percent", 16),
    ("published_percent", "publié\npublished", "percent", 10),
    ("published_source", "source", "text", 24),
    ("disclosure", "secret\ndisclosure", "text", 12),
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SYNTHETIC = ("⚠", "Données synthétiques : aucune personne réelle.", "Synthetic data: no real person.")
_FILE_NOTES = (
    ("CSV",
     "conformite.csv : UTF-8 avec BOM, point-virgule, virgule décimale (pour un programme : sep=';', decimal=',').",
     "conformite.csv: UTF-8 with BOM, semicolons, decimal commas (for a program: sep=';', decimal=',')."),
    ("Pourcentages / Percentages",
     "De 0 à 100 dans le CSV et la feuille « data » ; cellules de pourcentage dans « Résultats ».",
     "From 0 to 100 in the CSV and in sheet “data”; percentage cells in “Results”."),
    ("IC / CI", "Intervalle de Wilson à 95 %.", "Wilson 95% interval."),
    ("disclosure",
     "shown : tout est montré ; partial : une partie est masquée ; masked : tout est masqué.",
     "shown: everything is shown; partial: a part is hidden; masked: everything is hidden."),
    ("Cellule vide / Empty cell", "Masquée, ou sans objet.", "Hidden, or not applicable."),
)  # fmt: skip


def neutral(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what would begin a formula.

    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def tidy(release: Release) -> "pd.DataFrame":
    """Every published figure, one row per indicator, period and group, in the order of the page."""
    import pandas as pd

    rows = ordered_rows(release)
    network = release.network
    shown = rows[["is_eligible_shown", "is_achieved_shown", "is_missing_shown"]].sum(axis=1)
    labels = [GROUP_LABELS.get(key) for key in zip(rows["group_kind"], rows["group_id"], strict=True)]
    names = rows["group_id"].map(release.centres).fillna(rows["group_id"])
    keys = zip(rows["indicator_id"], rows["period_id"], strict=True)
    frame = rows.assign(
        network_id=network["network_id"], snapshot=release.snapshot, data_cut=release.data_cut,
        definition_version=network["definition_version"], icdo_version=network["icdo_version"],
        indicator_fr=[release.definitions[name].title.fr for name in rows["indicator_id"]],
        indicator_en=[release.definitions[name].title.en for name in rows["indicator_id"]],
        group_fr=[label[0] if label else name for label, name in zip(labels, names, strict=True)],
        group_en=[label[1] if label else name for label, name in zip(labels, names, strict=True)],
        published_source=pd.Series([release.sources.get(key) for key in keys], index=rows.index, dtype=object),
        disclosure=shown.map({3: "shown", 0: "masked"}).fillna("partial"),
    )  # fmt: skip
    frame["published_source"] = frame["published_source"].where(frame["published_percent"].notna())
    return frame


def csv_table(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The tidy table as the CSV holds it: fixed columns, four decimals, no text that a spreadsheet would run."""
    table = frame[list(_TIDY)].copy()
    numbers = [name for name in _FIGURES if not name.endswith("_count")]
    table[numbers] = table[numbers].astype("Float64").round(_CSV_DECIMALS)
    for name in ("indicator_fr", "indicator_en", "group_id", "group_fr", "group_en", "published_source"):
        table[name] = table[name].map(neutral, na_action="ignore")
    return table


def _cells(frame: "pd.DataFrame", names: list[str]) -> list[list[Any]]:
    """The rows of a frame with None for what is absent and plain numbers for what is not."""
    columns = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names]
    return [[_plain(value) for value in row] for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _data_sheet(frame: "pd.DataFrame") -> Sheet:
    columns = tuple(
        Column(name, "plain" if name in _FIGURES or name == "snapshot" else "text", 16.0) for name in _TIDY
    )
    return Sheet("data", columns, _cells(frame, list(_TIDY)))


def _readable_sheet(frame: "pd.DataFrame", release: Release) -> Sheet:
    periods = {period["period_id"]: period["label_fr"] for period in release.periods}
    labelled = frame.assign(period_fr=frame["period_id"].map(periods))
    columns = tuple(Column(header, kind, width) for _, header, kind, width in _READABLE)
    return Sheet("Résultats - Results", columns, _cells(labelled, [name for name, *_ in _READABLE]))


def _reading_rows(release: Release, *, is_synthetic: bool) -> list[tuple[str, str, str]]:
    network, cut = release.network, release.data_cut
    rows = [
        *([_SYNTHETIC] if is_synthetic else []),
        ("Réseau / Network", network["label_fr"], network["label_en"]),
        ("Instantané / Snapshot", str(release.snapshot), str(release.snapshot)),
        ("Données arrêtées au / Data cut", day_text(cut, "fr") if cut else "—", day_text(cut, "en") if cut else "—"),
        ("Définitions / Definitions", str(network["definition_version"]), str(network["definition_version"])),
        ("CIM-O / ICD-O", *EDITIONS.get(network["icdo_version"], (network["icdo_version"],) * 2)),
        ("Secret / Disclosure",
         f"Les effectifs de 1 à {release.threshold - 1}, et ce qui permettrait de les retrouver, sont masqués.",
         f"Counts from 1 to {release.threshold - 1}, and what would give them back, are hidden."),
        *_FILE_NOTES,
    ]  # fmt: skip
    for definition in release.definitions.values():
        for label, text in (
            ("", definition.numerator),
            (" : N", definition.denominator),
            (" : ?", definition.unknown),
        ):
            rows.append((f"{definition.id}{label}", text.fr, text.en))
    return rows


def workbook_sheets(frame: "pd.DataFrame", release: Release, *, is_synthetic: bool) -> list[Sheet]:
    """The three sheets of the workbook: what to know, the readable table, the tidy table."""
    columns = (
        Column("Sujet / Subject", "text", 34),
        Column("Lisez-moi", "text", 80),
        Column("Read me", "text", 80),
    )
    reading = Sheet(
        "Lisez-moi - Read me", columns, _reading_rows(release, is_synthetic=is_synthetic), is_table=False
    )
    return [reading, _readable_sheet(frame, release), _data_sheet(frame)]
