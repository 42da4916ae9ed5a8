"""Reading YAML and code tables: safe loader, no duplicate keys, all mistakes of a file reported together."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.config import Centre, Network
from pipelines.errors import ConfigError
from pipelines.io.share import share

if TYPE_CHECKING:
    import pandas as pd

Model = TypeVar("Model", bound=BaseModel)
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # the C loader is typed Any
    """A safe loader that refuses a key written twice in one mapping."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = loader.construct_pairs(node, deep=True)
    keys = [key for key, _ in pairs]
    mark = node.start_mark
    if not all(isinstance(key, Hashable) for key in keys):
        raise yaml.constructor.ConstructorError(None, None, "a list or a mapping stands as a key", mark)
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"key written twice: {', '.join(twice)}", mark)
    return dict(pairs)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _problems(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(str(p) for p in e['loc']) or 'file'}: {e['msg']}" for e in error.errors())


def parse_yaml(text: str, model: type[Model], *, where: str) -> Model:
    """The checked content of a YAML text. ConfigError names `where` and every mistake found."""
    try:
        return model.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader
    except yaml.YAMLError as problem:
        raise ConfigError(str(problem), where=where, remedy="Correct the file.") from problem
    except ValidationError as problem:
        raise ConfigError(_problems(problem), where=where, remedy="Correct the file.") from problem
    except ValueError as problem:  # a day that no calendar has, as 2010-02-30
        raise ConfigError(
            f"a value cannot be read: {problem}", where=where, remedy="Correct the file."
        ) from problem


def _load(path: Path, model: type[Model]) -> Model:
    where = str(path.relative_to(share())) if path.is_relative_to(share()) else path.name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError("there is no such file", where=where, remedy="Check the id.") from None
    except UnicodeDecodeError as problem:
        what = f"the file is not UTF-8 (byte {problem.start})"
        raise ConfigError(what, where=where, remedy="Save it as UTF-8.") from None
    return parse_yaml(text, model, where=where)


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
    centre = _load(path, Centre)
    if centre.id != centre_id:
        raise ConfigError(f"the file declares id {centre.id!r}", where=path.name, remedy="Name both alike.")
    return centre


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
