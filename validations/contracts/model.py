"""What a field, a code list and a table are."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """The type of a field, independent of any library."""

    TEXT = "text"
    CODE = "code"  # one value of a closed list
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"


class Sensitivity(StrEnum):
    """How far a field may travel. An `identity` field never leaves the integration zone."""

    IDENTITY = "identity"
    QUASI = "quasi"  # identifies together with others: birth year and month, commune, dates
    CLINICAL = "clinical"
    TECHNICAL = "technical"


class Layer(StrEnum):
    """The layers of the flow, in order; the value is the table prefix."""

    STAGED = "stg"
    VALIDATED = "val"
    LINKED = "lnk"
    HARMONISED = "har"
    DIMENSION = "dim"
    FACT = "fct"
    REPORT = "ind"


INTEGRATION_ZONE = frozenset({Layer.STAGED, Layer.VALIDATED, Layer.LINKED})


@dataclass(frozen=True)
class Code:
    """One value of a closed list, with its label in French and English."""

    value: str
    fr: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column: its name, type, meaning, bounds and sensitivity."""

    name: str
    kind: Kind
    fr: str
    en: str
    codes: tuple[Code, ...] = ()
    low: float | None = None
    high: float | None = None
    sensitivity: Sensitivity = Sensitivity.CLINICAL
    unit: str | None = None

    @property
    def code_values(self) -> tuple[str, ...]:
        """The values a code field may take, in the order of the list."""
        return tuple(code.value for code in self.codes)

    def renamed(self, name: str) -> "Field":
        """The same field under another name, for a derived column."""
        return replace(self, name=name)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: an ordered list of fields, its key and the fields that may not be empty."""

    layer: Layer
    subject: str
    fr: str
    en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    required: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name, `{layer}_{subject}`."""
        return f"{self.layer.value}_{self.subject}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def mandatory(self) -> frozenset[str]:
        """The columns that may not be empty: the key and the required fields."""
        return frozenset(self.key) | frozenset(self.required)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name}")
