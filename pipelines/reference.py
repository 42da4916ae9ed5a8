"""The generated pages of `docs/reference`: from the contract, the rules, the indicators and the centres."""

from pipelines.config import Centre, Export
from pipelines.configuration_keys import keys_page, written
from pipelines.definitions import Definition, load_definitions
from pipelines.io.configuration import load_centres, load_network, network_ids
from validations.contracts.dictionary import markdown
from validations.contracts.tables import TABLES

_PROPOSAL = "A rule marked *proposal* is ours and waits for the sign-off of a clinician; until then it stops nothing.\n"
_COVERAGE = """Règles publiées ailleurs, en trois tableaux : celles que nos règles citent et évaluent, celles que garde
une autre partie de la chaîne, avec son fichier, et celles que ce registre n'évalue pas, avec la raison. Published
rules, in three tables: those that our rules cite and evaluate, those that another part of the chain keeps, with its
file, and those that this registry does not evaluate, with the reason.
"""
_GENERATED = "*Page générée par `make docs` ; ne pas modifier à la main. Generated; do not edit.*\n"
_KEYS = """Toute erreur d'un fichier est refusée avec sa ligne et ce qu'il faut faire ; toutes sont dites ensemble.
YAML simple seulement : ni ancres, ni alias, ni étiquettes. Every mistake of a file is refused with its line and what to
do, all together. Plain YAML only: no anchors, aliases or tags.
"""


def pages() -> dict[str, str]:
    """Every generated page: file name → Markdown."""
    return {
        "dictionary.md": markdown(TABLES),
        "indicators.md": _indicators(),
        "centres.md": _centres(),
        "configuration.md": "\n".join(["# Configuration\n", _GENERATED, _KEYS, *keys_page()]),
        "rules.md": _rules(),
        "rule-coverage.md": _rule_coverage(),
    }


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _indicators() -> str:
    names = {name: load_network(name).indicators for name in network_ids()}
    wanted = dict.fromkeys(indicator for listed in names.values() for indicator in listed)
    sections = (_indicator(definition) for definition in load_definitions(wanted).values())
    return "\n".join(["# Indicateurs · Indicators\n", _GENERATED, *sections])


def _indicator(definition: Definition) -> str:
    rows = [
        _row((name, text.fr, text.en))
        for name, text in (
            ("population", definition.population),
            ("numérateur · numerator", definition.numerator),
            ("dénominateur · denominator", definition.denominator),
            ("exclusions", definition.exclusions),
            ("inconnu · unknown", definition.unknown),
            ("pourquoi · why", definition.why),
        )
    ]
    facts = f"`{definition.id}` · {definition.source.en} · next review {definition.next_review}\n"
    head = [
        f"## {definition.title.fr} · {definition.title.en}\n",
        facts,
        "| | français | English |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _dialect(centre: Centre) -> str:
    export = centre.export
    texts = {"csv": f"{export.encoding}, `{export.separator!r}`, ", "fixed": f"{export.encoding}, "}
    text = texts.get(export.format, "")
    usual = f"{export.format}, {text}{export.dates}, `{export.decimal}`"
    return "; ".join([usual, *_unusual(export), *_unusual_files(centre)])


def _unusual(export: Export) -> list[str]:
    """What this centre writes otherwise than nearly all: named as in its file."""
    told = ("quote", "escape", "widths", "two_digit_years_until", "date_separator", "missing", "units")
    fields = Export.model_fields
    return [
        f"{name} `{written(getattr(export, name))}`"
        for name in told
        if getattr(export, name) != fields[name].default
    ]


def _unusual_files(centre: Centre) -> list[str]:
    incremental = sum(file.mode == "incremental" for file in centre.files)
    optional = sum(file.is_optional for file in centre.files)
    tall = sum(sheet.header_rows > 1 for file in centre.files for sheet in file.sheets)
    late = centre.expected_every_days
    counted = (
        (incremental, "incremental files"),
        (optional, "optional files"),
        (tall, "headers of several rows"),
    )
    expected = (
        [f"expected every {late} days"] if late != Centre.model_fields["expected_every_days"].default else []
    )
    return [*(f"{what}: {count}" for count, what in counted if count), *expected]


def _centres() -> str:
    parts = ["# Centres\n", _GENERATED]
    for network in network_ids():
        parts += [
            f"## {network}\n",
            "| centre | nom | ville | rôles | fichiers | dialecte |",
            "|---|---|---|---|---|---|",
        ]
        for centre in load_centres(network).values():
            roles = ", ".join(f"{role.network}: {role.role}" for role in centre.roles)
            cells = (
                f"`{centre.id}`",
                centre.name,
                centre.city,
                roles,
                str(len(centre.files)),
                _dialect(centre),
            )
            parts.append(_row(cells))
    return "\n".join([*parts, ""])


def _rules() -> str:
    from validations.rules.catalogue import CATALOGUE

    parts = ["# Règles de validation · Validation rules\n", _GENERATED, _PROPOSAL]
    parts += [
        "| règle | table | gravité | suite | phrase | sentence | que faire | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rule in CATALOGUE.values():
        cells = (
            f"`{rule.id}` v{rule.version}",
            rule.table or "*",
            rule.severity.value,
            rule.consequence.value,
            rule.sentence_fr,
            rule.sentence_en,
            rule.remedy_fr,
            rule.source + (" (proposal)" if rule.status == "proposal" else ""),
        )
        parts.append(_row(cells))
    return "\n".join([*parts, ""])


def _rule_coverage() -> str:
    from validations.rules.coverage import cited
    from validations.rules.elsewhere import ELSEWHERE
    from validations.rules.waived import WAIVED

    found = cited()
    ours = {rule for rules in found.values() for rule in rules}
    parts = ["# Règles de référence · Reference rules\n", _GENERATED, _COVERAGE]
    parts += [
        f"## Citées · Cited\n\n{len(found)} références, {len(ours)} règles · references, rules\n",
        "| référence · reference | nos règles · our rules |",
        "|---|---|",
        *(_row((f"`{name}`", ", ".join(f"`{rule}`" for rule in rules))) for name, rules in found.items()),
        f"\n## Gardées ailleurs · Kept elsewhere\n\n{len(ELSEWHERE)} références · references\n",
        "| référence · reference | fichier · file | ce qu'il fait | what it does |",
        "|---|---|---|---|",
        *(_row((f"`{name}`", f"`{ELSEWHERE[name][0]}`", *ELSEWHERE[name][1:])) for name in sorted(ELSEWHERE)),
        f"\n## Non évaluées · Not evaluated\n\n{len(WAIVED)} références · references\n",
        "| référence · reference | raison | reason |",
        "|---|---|---|",
        *(_row((f"`{name}`", *WAIVED[name])) for name in sorted(WAIVED)),
    ]
    return "\n".join([*parts, ""])
