"""The linkage model: one versioned artefact, read from `config/linkage`, never trained during a run.

`<id>.yaml` holds what people decide (thresholds, limits, blocking), `<id>.json` what was estimated (the Splink
settings with their m and u probabilities).
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.errors import ConfigError
from pipelines.io.configuration import parse_yaml
from pipelines.io.share import share


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Thresholds(_Strict):
    """Match weights in bits (log2 of the odds), the prior included."""

    component_from: float
    review_from: float
    auto_from: float
    ambiguity_margin: Annotated[float, Field(ge=0)]
    weight_cap: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> "Thresholds":
        if not self.component_from <= self.review_from <= self.auto_from <= self.weight_cap:
            raise ValueError("expected component_from <= review_from <= auto_from <= weight_cap")
        return self


class Limits(_Strict):
    """Sizes beyond which a shared value is no identity: a test patient, a dummy number, a default date."""

    records_per_identifier: Annotated[int, Field(ge=2)]
    records_per_block: Annotated[int, Field(ge=2)]
    records_per_component: Annotated[int, Field(ge=2)]


class Prior(_Strict):
    """What is expected before any trait is seen; the chance that two records match follows from the volume.

    `common_value_records` is the weight, in records, of the model's own frequencies against those of the data.
    """

    pairs_per_record: Annotated[float, Field(gt=0, le=2)]
    minimum_records: Annotated[int, Field(ge=2)]
    common_value_records: Annotated[int, Field(ge=0)]


class LinkageModel(_Strict):
    """One model: the decisions of `<id>.yaml`, with the Splink settings of `<id>.json`."""

    id: str
    provenance: str
    thresholds: Thresholds
    limits: Limits
    prior: Prior
    #: Two records are compared when they agree on every column of one of these lists.
    blocking: tuple[tuple[str, ...], ...]
    settings: dict[str, Any] = {}


def model_ids() -> list[str]:
    """The models that `config/linkage` holds, by name; no file is parsed."""
    return sorted(path.stem for path in share().joinpath("config", "linkage").glob("*.yaml"))


def load_model(model_id: str) -> LinkageModel:
    """One model. ConfigError when it is unknown or one of its two files is wrong."""
    folder = share().joinpath("config", "linkage")
    if model_id not in model_ids():
        known = ", ".join(model_ids())
        raise ConfigError(f"linkage model {model_id!r} is unknown", remedy=f"Known models: {known}.")
    decisions, estimates = folder / f"{model_id}.yaml", folder / f"{model_id}.json"
    model = parse_yaml(decisions.read_text(encoding="utf-8"), LinkageModel, where=decisions.name)
    try:
        settings = json.loads(estimates.read_text(encoding="utf-8"))
        LinkageModel.model_validate({**model.model_dump(), "settings": settings})
    except (OSError, ValueError) as problem:  # absent, not UTF-8, not JSON, not an object
        what = "the estimated settings cannot be read"
        raise ConfigError(what, where=estimates.name, remedy="Train the model again.") from problem
    return model.model_copy(update={"settings": settings})


def save_settings(model_id: str, settings: dict[str, Any]) -> None:
    """Write the estimated settings of a model, keys in a fixed order so that versions can be compared."""
    path = share().joinpath("config", "linkage", f"{model_id}.json")
    text = json.dumps(settings, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
