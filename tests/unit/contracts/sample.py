"""A table with one field of each kind and each constraint: small enough to predict what is derived from it."""

from validations.contracts.make import code, count, date, flag, integer, number, technical, text
from validations.contracts.model import Code, Field, Kind, Layer, Table

COLOURS = (Code("red", "rouge", "red"), Code("green", "vert", "green"))


def table(*fields: Field, key: tuple[str, ...] = ("id",), required: tuple[str, ...] = ()) -> Table:
    """A fact of these fields, whose first is its id."""
    own = (technical("id", "identifiant", "id"), *fields)
    return Table(
        layer=Layer.FACT,
        subject="sample",
        fr="échantillon",
        en="sample",
        fields=own,
        key=key,
        required=required,
    )


SAMPLE = table(
    text("note", "note", "note"),
    code("colour", COLOURS, "couleur", "colour"),
    date("seen_date", "vu le", "seen on"),
    integer("grade", "grade", "grade", 1, 4),
    number("size_mm", "taille", "size", 0.3, 1000, "mm"),
    flag("is_new", "nouveau", "new"),
    technical("at", "instant", "instant", Kind.TIMESTAMP),
    count("seen_count", "vus", "seen"),
    required=("colour", "seen_count"),
)
