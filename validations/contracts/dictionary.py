"""The data dictionary in Markdown: what an analyst reads before the first query."""

from validations.contracts.model import Field, Layer, Table

_LAYERS = {
    Layer.STAGED: ("Préparée (stg)", "Staged"),
    Layer.VALIDATED: ("Validée (val)", "Validated"),
    Layer.LINKED: ("Reliée (lnk)", "Linked"),
    Layer.HARMONISED: ("Harmonisée (har)", "Harmonised"),
    Layer.DIMENSION: ("Dimensions (dim)", "Dimensions"),
    Layer.FACT: ("Faits (fct)", "Facts"),
    Layer.REPORT: ("Rapport (ind)", "Report"),
}


def _domain(field: Field) -> str:
    if field.codes:
        return ", ".join(f"`{code.value}`" for code in field.codes)
    bounds = [
        f"≥ {field.low:g}" if field.low is not None else "",
        f"≤ {field.high:g}" if field.high is not None else "",
    ]
    return " ".join([*filter(None, bounds), field.unit or ""]).strip()


def _cell(text: str) -> str:
    """The text on one line, its bars kept from ending the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _row(table: Table, field: Field) -> str:
    mark = "clé" if field.name in table.key else ("oui" if field.name in table.mandatory else "")
    cells = (
        f"`{field.name}`",
        field.kind.value,
        mark,
        field.fr,
        field.en,
        _domain(field),
        field.sensitivity.value,
    )
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _section(table: Table) -> str:
    head = (
        f"### `{table.name}`\n\n{table.fr[0].upper()}{table.fr[1:]}. "
        f"*{table.en[0].upper()}{table.en[1:]}.*\n\n"
        "| champ | type | obligatoire | sens | meaning | valeurs | sensibilité |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(_row(table, field) for field in table.fields) + "\n"


def markdown(tables: dict[str, Table]) -> str:
    """The whole dictionary, layer by layer, in the order of the declaration."""
    parts = [
        "# Dictionnaire des données\n\n"
        "*Page générée depuis `validations/contracts` ; ne pas modifier à la main.*\n"
    ]
    for layer, (fr, en) in _LAYERS.items():
        parts.append(f"## {fr} · {en}\n")
        parts.extend(_section(table) for table in tables.values() if table.layer is layer)
    return "\n".join(parts)
