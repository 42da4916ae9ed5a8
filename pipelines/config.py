"""What a network and a centre declare. A centre is data: one YAML file says how it writes.

Unknown keys are refused, and every mistake of a file is reported at once.
"""

import datetime as dt
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from pipelines.config_checks import BOOLEAN_VALUES as BOOLEAN_VALUES
from pipelines.config_checks import (
    Mistake,
    centre_mistakes,
    export_mistakes,
    file_mistakes,
    sheet_mistakes,
    table_mistakes,
    value_mistakes,
)
from validations.contracts.entities import ENTITY_REQUIRED

DateOrder = Literal["day_first", "month_first", "year_first"]
FileFormat = Literal["csv", "fixed", "xlsx", "xls", "xlsb", "ods", "parquet"]
#: What weighs the pairs of records; the weights are the same.
LinkageEngine = Literal["duckdb", "spark"]
#: Decided for each file, with evidence, when the centre's file does not say it.
AUTO: Final = "auto"
Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16", "cp850", "mac_roman", "auto"]
#: A whole number: `yes` and "12" are none.
Whole = Annotated[int, Field(strict=True)]
Percent = Annotated[float, Field(ge=0, le=100)]


def _refuse(mistakes: Iterable[Mistake]) -> None:
    """Report every mistake at its own place below the model that is checked."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("mistake", "{what}; {remedy}", {"what": m.what, "remedy": m.remedy}),
            loc=m.place,
            input=None,
        )
        for m in mistakes
    ]
    if details:
        raise ValidationError.from_exception_data("configuration", details)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(_Strict):
    """A period of the report, by date of diagnosis, both days included."""

    id: str
    fr: str
    en: str
    start: dt.date
    end: dt.date
    is_exhaustive: bool = True


class Published(_Strict):
    """A published value that the report prints beside ours, with its source."""

    indicator: str
    period: str
    percent: float
    source: str


class Scope(_Strict):
    """Which diagnoses count: malignancy classes of `config/codes/morphology.csv`."""

    malignancy_classes: tuple[str, ...]


class Network(_Strict):
    """One network: what `config/networks/<id>.yaml` says."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    fr: str
    en: str
    schedule: str
    legal_basis: str
    definition_version: str
    icdo_version: Literal["icdo32"]
    incident_from: dt.date
    scope: Scope
    reference_roles: tuple[str, ...]
    labelled_rcp_kinds: tuple[str, ...]
    periods: tuple[Period, ...]
    indicators: tuple[str, ...]
    published: tuple[Published, ...] = ()
    disclosure_threshold: Annotated[Whole, Field(ge=1)] = 11
    #: A full export in which more than this share of a centre's patients vanished is held until a person approves it.
    omission_hold_percent: Percent = 5.0
    #: A file that changed less than this many seconds ago is still being written: it waits for the next run.
    settle_seconds: Annotated[Whole, Field(ge=0)] = 0
    linkage_model: str
    linkage_engine: LinkageEngine = "duckdb"
    #: A run whose findings of severity error exceed this share of the staged rows ends with exit code 1.
    error_budget_percent: Percent = 5.0

    @model_validator(mode="after")
    def _known_references(self) -> "Network":
        periods = {period.id for period in self.periods}
        wrong = [p for p in self.published if p.indicator not in self.indicators or p.period not in periods]
        if wrong:
            raise ValueError(f"published values name an unknown indicator or period: {wrong}")
        return self


class TableMap(_Strict):
    """One entity read from a sheet: canonical field → the centre's column header."""

    entity: str
    columns: dict[str, str]
    constants: dict[str, str] = {}

    @model_validator(mode="after")
    def _is_sound(self) -> "TableMap":
        _refuse(table_mistakes(self))
        return self

    @property
    def presence(self) -> tuple[str, ...]:
        """The mapped fields that say a row states something about this entity: all but the keys."""
        return tuple(name for name in self.columns if name not in ("local_patient_id", "local_tumour_id"))


class SheetMap(_Strict):
    """One sheet of a workbook, or the whole of a text file."""

    sheet: str | None = None
    #: The physical line of the (first) header row, from 1.
    header_line: Annotated[Whole, Field(ge=1)] = 1
    #: How many rows the header takes; their texts are joined by a space.
    header_rows: Annotated[Whole, Field(ge=1, le=4)] = 1
    tables: tuple[TableMap, ...]
    ignored: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> "SheetMap":
        _refuse(sheet_mistakes(self))
        return self

    @property
    def expected_columns(self) -> tuple[str, ...]:
        """Every header this sheet should have, in the order of first mention."""
        mapped = [column for table in self.tables for column in table.columns.values()]
        return tuple(dict.fromkeys((*mapped, *self.ignored)))

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The headers without which the sheet cannot be used."""
        keys = (t.columns[k] for t in self.tables for k in ENTITY_REQUIRED[t.entity] if k in t.columns)
        return tuple(dict.fromkeys(keys))


class FileMap(_Strict):
    """One file of a delivery. `match` is a regular expression of the whole name.

    Its optional groups: `exported` (yyyymmdd, the declared export date), `version` (number of a correction of that
    export), `part` (number of the file) and `parts` (how many there are).
    """

    match: str
    sheets: tuple[SheetMap, ...]
    #: `full`: a later export replaces the earlier. `incremental`: it replaces the rows of the patients that it names.
    mode: Literal["full", "incremental"] = "full"
    #: False: without this file the centre's deliveries are incomplete and its last accepted ones stay in place.
    is_optional: bool = False

    @model_validator(mode="after")
    def _is_sound(self) -> "FileMap":
        _refuse(file_mistakes(self))
        return self

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled `match`."""
        return re.compile(self.match)


class Export(_Strict):
    """How a centre writes: format, text dialect, dates, numbers, words for missing."""

    format: FileFormat
    encoding: Encoding = "utf-8"
    separator: Literal[",", ";", "\t", "|", " ", ":", "~", "^", "auto"] = ";"
    quote: Literal['"', "'", "", "auto"] = '"'
    #: What stands before a quote within a quoted cell; "": the quote is doubled.
    escape: Literal["", "\\"] = ""
    #: The number of characters of each column of a `fixed` file, in order.
    widths: tuple[Annotated[Whole, Field(ge=1, le=10_000)], ...] = ()
    #: "auto": each file shows it, by its days over 12; a file that does not keeps its dates of doubtful order held.
    dates: DateOrder | Literal["auto"] = "day_first"
    #: The last year that two digits may mean: with 2029, 29 is 2029 and 30 is 1930. None: two-digit years are refused.
    two_digit_years_until: Annotated[Whole, Field(ge=1999, le=2099)] | None = None
    #: What stands between the parts of a date, "" for 20190403; None: "-" when the year is first, else "/".
    date_separator: Literal["/", "-", ".", ""] | None = None
    decimal: Literal[".", ","] = ","
    missing: tuple[str, ...] = ("",)
    #: field → the unit in which this centre writes it, where it is not the contract's.
    units: dict[str, Literal["cm", "mm"]] = {}

    @model_validator(mode="after")
    def _is_sound(self) -> "Export":
        _refuse(export_mistakes(self))
        return self


class Validity(_Strict):
    """A role of a centre in a network, with its dates."""

    network: str
    role: Literal["coordinating", "expert", "pathology", "bone", "outside"]
    valid_from: dt.date
    valid_to: dt.date | None = None


class Centre(_Strict):
    """One centre: what `config/centres/<network>/<id>.yaml` says."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: str
    aliases: tuple[str, ...] = ()
    city: str
    region: str
    finess: str | None = None
    roles: tuple[Validity, ...]
    #: Incident patients first seen here per year: the order of magnitude for volume drift.
    yearly_patients: Annotated[Whole, Field(ge=0)]
    #: A centre whose newest export is older than this is shown as late.
    expected_every_days: Annotated[Whole, Field(ge=1)] = 92
    export: Export
    files: tuple[FileMap, ...]
    #: field (or `boolean` for all yes/no fields) → canonical value → the centre's words for it
    values: dict[str, dict[str, tuple[str, ...]]] = {}

    @field_validator("id")
    @classmethod
    def _is_named_like_its_file(cls, name: str, info: ValidationInfo) -> str:
        expected = (info.context or {}).get("id", name)
        if name != expected:
            raise ValueError(f"the file declares id {name!r} and is called {expected}.yaml; name both alike")
        return name

    @field_validator("values")
    @classmethod
    def _values_are_sound(
        cls, values: dict[str, dict[str, tuple[str, ...]]]
    ) -> dict[str, dict[str, tuple[str, ...]]]:
        _refuse(value_mistakes(values))
        return values

    @model_validator(mode="after")
    def _is_sound(self) -> "Centre":
        _refuse(centre_mistakes(self))
        return self
