"""The golden identity of one person on the terminal: for reviewers, never for a machine or a log."""

from itertools import groupby

from pipelines.cli.show import integer, line, say, table
from pipelines.golden_identity import SHORTEST, GoldenIdentity, Trait, Wording
from validations.contracts.codes import RULED_BY
from validations.contracts.tables import TABLES

_FIELDS = {field.name: field for field in TABLES["lnk_person"].fields}
_REASONS = {code.value: code for code in RULED_BY}


def show_person(person: GoldenIdentity) -> None:
    """Each trait with its value, its record, what decided, and what else was written by whom."""
    short = person.person_id[:SHORTEST]
    if person.asked_id != person.person_id:
        line(
            f"{person.asked_id[:SHORTEST]} "
            + say(f"fait maintenant partie de {short} :", f"is part of {short} now:")
        )
    records = ", ".join(map("/".join, person.records))
    title = f"{say('Personne', 'Person')} {person.person_id}\n{say('dossiers', 'records')} : {records}"
    header = [
        say("trait", "trait"), say("valeur retenue", "value chosen"), say("de", "from"), say("pourquoi", "why"),
        say("écrite par", "written by"), say("aussi écrit", "also written"),
    ]  # fmt: skip
    table(
        title, header, [_row(trait, len(person.records)) for trait in person.traits], numbers_from=len(header)
    )
    line(
        say(
            "« ! » : une autre valeur contredit celle qui est retenue. Identité : ne pas copier hors de la zone.",
            "“!”: another value contradicts the one chosen. An identity: do not copy it out of its zone.",
        )
    )


def _row(trait: Trait, records: int) -> tuple[str | None, ...]:
    field = _FIELDS[trait.field]
    name, others = say(field.fr, field.en), _others(trait.others)
    if trait.choice is None:
        return name, None, None, None, None, others
    reason = _REASONS[trait.choice.ruled_by]
    why = say(reason.fr, reason.en) + (" !" if trait.choice.is_contested else "")
    votes = f"{integer(trait.choice.votes)} / {integer(records)}"
    return name, trait.choice.text, "/".join(trait.choice.record), why, votes, others


def _others(wordings: tuple[Wording, ...]) -> str | None:
    """Each value once, with the records that wrote it and the day of their export."""
    lines = (
        f"{text} — {', '.join(map(_whose, group))}"
        for text, group in groupby(wordings, key=lambda wording: wording.text)
    )
    return "\n".join(lines) or None


def _whose(wording: Wording) -> str:
    day = f" ({wording.exported:%d/%m/%Y})" if wording.exported else ""
    return "/".join(wording.record) + day
