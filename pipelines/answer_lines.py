"""The lines of a workbook that went out with questions and came back with answers."""

from collections.abc import Iterator, Sequence

from pipelines.errors import ConfigError


def cells_of(
    header: Sequence[str], records: Sequence[Sequence[str]], wanted: Sequence[str], *, name: str, command: str
) -> Iterator[list[str]]:
    """Of each line the cells of the columns whose header begins so, without the spaces around them.

    `command` wrote the workbook `name`. ConfigError when a column is not there.
    """
    places = {one: _place(header, one) for one in wanted}
    missing = [one for one, place in places.items() if place is None]
    if missing:
        remedy = f"Send the workbook that `{command}` wrote, with its columns."
        raise ConfigError(f"it has no column {', '.join(missing)}", where=name, remedy=remedy)
    found = [place for place in places.values() if place is not None]
    return ([record[place].strip() for place in found] for record in records)


def _place(header: Sequence[str], wanted: str) -> int | None:
    return next((place for place, name in enumerate(header) if name.strip().startswith(wanted)), None)
