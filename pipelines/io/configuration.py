"""Reading YAML and code tables: plain YAML only, and all mistakes of all files together, each with its line.

A configuration file may come from anybody: `pipelines.io.yaml_text` refuses what could hurt before it is read.
"""

import types
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipelines.config import Centre, Network
from pipelines.config_checks import nearest
from pipelines.errors import ConfigError
from pipelines.io.share import share
from pipelines.io.yaml_text import MAX_CHARACTERS, Document, Flaw, Place, YamlRefused, read_document

if TYPE_CHECKING:
    import pandas as pd
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class _Text:
    """A YAML text to check: its name for people, its first line in that file, the id that it must declare."""

    text: str
    where: str
    first_line: int = 1
    id: str | None = None


def parse_yaml(text: str, model: type[Model], *, where: str, first_line: int = 1) -> Model:
    """The checked content of a YAML text. ConfigError names every mistake with its place.

    `first_line` is the line of the file `where` on which the text begins.
    """
    return _checked(_Text(text, where, first_line), model)


def _checked(source: _Text, model: type[Model]) -> Model:
    try:
        document = read_document(source.text)
    except YamlRefused as problem:
        flaw = Flaw((), problem.position, problem.what, problem.remedy)
        raise _refusal(source, [flaw]) from problem
    try:
        content = model.model_validate(document.content, context={"id": source.id} if source.id else None)
    except ValidationError as problem:
        flaws = _flaws(problem, document, model)
        raise _refusal(source, [*document.flaws, *flaws]) from problem
    if document.flaws:
        raise _refusal(source, document.flaws)
    return content


def _refusal(source: _Text, flaws: Iterable[Flaw]) -> ConfigError:
    """Every mistake on a line of its own, as `file:line:column: place: what; remedy`, in the order of the text."""
    lines = []
    for flaw in sorted(flaws, key=lambda flaw: flaw.position):
        line, column = flaw.position
        place = ".".join(str(step) for step in flaw.place) or "file"
        at = f"{source.where}:{line + source.first_line - 1}:{column}"
        lines.append(f"{at}: {place}: {flaw.what}; {flaw.remedy}")
    refusal = ConfigError("\n".join(dict.fromkeys(lines)))
    refusal.where = source.where  # the message already says it on every line
    return refusal


def _flaws(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Flaw]:
    known = {flaw.place for flaw in document.flaws}
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        place = detail["loc"]
        if place not in known:
            what, remedy = _explained(detail, place, model)
            found.append(Flaw(place, document.position(place), what, remedy))
    return found


def _explained(detail: "ErrorDetails", place: Place, model: type[BaseModel]) -> tuple[str, str]:
    if detail["type"] == "mistake":  # a check of ours, which has its own remedy
        return detail["ctx"]["what"], detail["ctx"]["remedy"]
    if detail["type"] == "extra_forbidden":
        owner = _model_at(model, place[:-1])
        return "unknown key", nearest(str(place[-1]), owner.model_fields if owner else ())
    if detail["type"] == "missing":
        return "this key is missing", "add it"
    return detail["msg"], "correct it"


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model that describes the content at `place`; None where there is none."""
    kind: Any = model
    for step in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and step in kind.model_fields:
            kind = kind.model_fields[str(step)].annotation
        else:  # an item of a list, a value of a mapping
            kind = next((arg for arg in reversed(get_args(kind)) if arg is not Ellipsis), None)
        if get_origin(kind) in (Union, types.UnionType):
            kind = next((arg for arg in get_args(kind) if arg is not type(None)), None)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _load(path: Path, model: type[Model], *, id: str | None = None) -> Model:
    where = str(path.relative_to(share())) if path.is_relative_to(share()) else path.name
    try:
        with path.open("rb") as file:
            content = file.read(4 * MAX_CHARACTERS + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        what = f"the file is not UTF-8 (byte {problem.start})"
        raise ConfigError(what, where=where, remedy="Save it as UTF-8.") from None
    except FileNotFoundError:
        raise ConfigError("there is no such file", where=where, remedy="Check the id.") from None
    except OSError as problem:
        what = f"the file cannot be read ({type(problem).__name__})"
        raise ConfigError(what, where=where, remedy="Check what it is and who may read it.") from problem
    return _checked(_Text(text, where, id=id), model)


def network_ids() -> list[str]:
    """The networks that `config/networks` declares, by name; no file is parsed."""
    return sorted(path.stem for path in share().joinpath("config", "networks").glob("*.yaml"))


def load_network(network_id: str) -> Network:
    """One network. ConfigError when it is unknown or its file is wrong."""
    path = share().joinpath("config", "networks", f"{network_id}.yaml")
    if network_id not in network_ids():
        known = ", ".join(network_ids())
        raise ConfigError(f"network {network_id!r} is unknown", remedy=f"Known networks: {known}.")
    return _load(path, Network)


def centre_ids(network_id: str) -> list[str]:
    """The centres of a network, by name; no file is parsed."""
    return sorted(path.stem for path in share().joinpath("config", "centres", network_id).glob("*.yaml"))


def load_centre(network_id: str, centre_id: str) -> Centre:
    """One centre of a network. ConfigError when its file is wrong or names another id."""
    path = share().joinpath("config", "centres", network_id, f"{centre_id}.yaml")
    return _load(path, Centre, id=centre_id)


def load_centres(network_id: str) -> dict[str, Centre]:
    """Every centre of a network, by id. The mistakes of all files are raised together."""
    centres: dict[str, Centre] = {}
    problems: list[str] = []
    for centre_id in centre_ids(network_id):
        try:
            centres[centre_id] = load_centre(network_id, centre_id)
        except ConfigError as problem:
            problems.append(str(problem))
    if problems:
        raise ConfigError("\n".join(problems))
    return centres


def read_codes(name: str) -> "pd.DataFrame":
    """One of our code tables, `config/codes/<name>.csv`, as text; an empty cell is missing."""
    import pandas as pd

    path = share().joinpath("config", "codes", f"{name}.csv")
    return pd.read_csv(path, dtype="string[pyarrow]", keep_default_na=False, na_values=[""])


def read_calibration(name: str) -> "pd.DataFrame":
    """One table of the synthetic network, `config/synthetic/<name>.csv`, as text; an empty cell is missing."""
    import pandas as pd

    path = share().joinpath("config", "synthetic", f"{name}.csv")
    return pd.read_csv(path, dtype="string[pyarrow]", keep_default_na=False, na_values=[""])
