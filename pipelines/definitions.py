"""What an indicator means, read from the header of its SQL file: the definition and the query never part.

The header is YAML between `/* ---` and `--- */`. Every text a reader sees exists in French and in English.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.errors import ConfigError
from pipelines.io.configuration import parse_yaml
from pipelines.io.share import read_sql

_HEADER = re.compile(r"\A/\* ---\n(.*?)\n--- \*/\n", re.DOTALL)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """A sentence in French and in English."""

    fr: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class Definition(_Strict):
    """One indicator: what is counted, among whom, what is unknown, and who vouches for it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    population: Text
    grain: str
    numerator: Text
    denominator: Text
    exclusions: Text
    unknown: Text
    #: Which way is better; `none` for an indicator that only completes others.
    direction: Literal["higher", "lower", "none"]
    #: Indicators of one partition (R0, R1, R2) exclude one another and share denominator and unknown.
    partition: str | None = None
    #: True for the indicator whose answer is the place of the first surgery: it is not broken down by place.
    defines_place: bool = False
    why: Text
    source: Text
    author: str
    checked_by: Text
    next_review: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]


def sql_header(sql: str, *, where: str) -> str:
    """The YAML text of the header of an SQL file. ConfigError when the file does not begin with one."""
    found = _HEADER.match(sql)
    if found is None:
        raise ConfigError(
            "no header between /* --- and --- */", where=where, remedy="Begin the file with one."
        )
    return found.group(1)


def parse_definition(sql: str, *, where: str) -> Definition:
    """The definition written at the top of an indicator's SQL text. ConfigError names every mistake."""
    return parse_yaml(sql_header(sql, where=where), Definition, where=where, first_line=2)


def load_definition(indicator_id: str) -> Definition:
    """The definition of one indicator. ConfigError when its file is absent, wrong or names another id."""
    where = f"sql/indicators/{indicator_id}.sql"
    try:
        sql = read_sql("indicators", f"{indicator_id}.sql")
    except FileNotFoundError as problem:
        raise ConfigError("the indicator has no SQL file", where=where, remedy="Write it.") from problem
    definition = parse_definition(sql, where=where)
    if definition.id != indicator_id:
        raise ConfigError(f"the header declares id {definition.id!r}", where=where, remedy="Name both alike.")
    return definition


def load_definitions(indicator_ids: Iterable[str]) -> dict[str, Definition]:
    """The definitions of these indicators, by id, in the given order. All mistakes are raised together."""
    definitions: dict[str, Definition] = {}
    problems: list[str] = []
    for indicator_id in indicator_ids:
        try:
            definitions[indicator_id] = load_definition(indicator_id)
        except ConfigError as problem:
            problems.append(str(problem))
    if problems:
        raise ConfigError("\n".join(problems))
    return definitions
