"""From canonical text to what one centre writes: its words, its date order, its decimal mark, its code system."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.config import Centre, Export, TableMap
from pipelines.synthetic.calibration import CURRENT_EDITION, Calibration
from pipelines.synthetic.draws import where
from pipelines.synthetic.text import DAMAGE, CodeDamage
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Field, Kind

_MONTHS = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
_CODES = {
    "morphology_code": "morphology",
    "initial_morphology_code": "initial_morphology",
    "expert_morphology_code": "expert_morphology",
}
_LABELS = {
    "diagnosis_label": "morphology",
    "initial_label": "initial_morphology",
    "expert_label": "expert_morphology",
}


@dataclass(frozen=True)
class CodeBook:
    """How true codes are written: older edition, ADICAP, ICD-10, words. A code without entry is left out."""

    old: dict[str, str]
    current: dict[str, str]
    label: dict[str, str]
    adicap: dict[tuple[str, str], str]
    icd10: dict[str, str]
    site: dict[str, str]
    behaviour: dict[str, str]


def code_book(cal: Calibration) -> CodeBook:
    """The code book of our tables. What an older edition cannot say with certainty is left to the label."""
    table = cal.tables["morphology"]
    codes = table["morphology"].to_list()
    return CodeBook(
        old=cal.older_codes,
        current=dict(zip(codes, codes, strict=True)),
        label=dict(zip(codes, table["label_fr"], strict=True)),
        adicap=_adicap_codes(cal),
        icd10=_icd10_codes(cal),
        site=dict(
            zip(cal.tables["topography"]["topography"], cal.tables["topography"]["label_fr"], strict=True)
        ),
        behaviour=dict(zip(codes, table["behaviour"], strict=True)),
    )


def _adicap_codes(cal: Calibration) -> dict[tuple[str, str], str]:
    """(morphology, topography) → ADICAP code, where the lesion says exactly this and the organ is known."""
    lesions = cal.tables["adicap"]
    lesions = lesions[lesions["predicate"] == "exact"].drop_duplicates("morphology")
    organs = cal.tables["adicap_organs"]
    return {
        (morphology, site): f"BH{organ}{lesion}"
        for site in cal.tables["topography"]["topography"]
        for prefix, organ in zip(organs["topography"], organs["organ"], strict=True)
        if site.startswith(prefix)
        for morphology, lesion in zip(lesions["morphology"], lesions["lesion"], strict=True)
    }


def _icd10_codes(cal: Calibration) -> dict[str, str]:
    table = cal.tables["icd10_topography"]
    table = table[(table["predicate"] == "exact") & table["icd10"].str.startswith("C")]
    return dict(zip(table["topography"], table["icd10"], strict=True))


@dataclass(frozen=True)
class Writer:
    """Writes the columns of one centre. A cell is text; in a workbook also a number or a day."""

    centre: Centre
    book: CodeBook

    @property
    def export(self) -> Export:
        """The centre's dialect."""
        return self.centre.export

    @cached_property
    def is_workbook(self) -> bool:
        """True when cells have types."""
        return self.export.format != "csv"

    def column(self, table: pa.Table, entity: str, field: str, map_: TableMap) -> pa.Array:
        """One column as text."""
        if field in _CODES:
            return self._codes(table, _CODES[field], map_)
        if field in _LABELS:
            return _mapped(table[_LABELS[field]], self.book.label)
        if field in ("adicap_code", "icd10_code", "topography_code", "topography_label"):
            return self._site_or_pair(table, field)
        declared = next(f for f in ENTITIES[entity] if f.name == field)
        return self._value(table[field], declared)

    def _value(self, values: pa.ChunkedArray, field: Field) -> pa.Array:
        if field.kind is Kind.DATE:
            return dates_as_written(values, self.export)
        if field.kind is Kind.NUMBER and self.export.decimal == ",":
            return pc.replace_substring(values, ".", ",")
        if field.kind in (Kind.CODE, Kind.BOOLEAN):
            name = "boolean" if field.kind is Kind.BOOLEAN else field.name
            declared = self.centre.values.get(name, {})  # noqa: PD011 - a mapping of the YAML, not a frame
            words = {code: said[0] for code, said in declared.items() if said}
            return _mapped(values, words, keep_unknown=True)
        return values

    def _codes(self, table: pa.Table, source: str, map_: TableMap) -> pa.Array:
        is_current = map_.constants.get("morphology_version", CURRENT_EDITION) == CURRENT_EDITION
        codes = _mapped(table[source], self.book.current if is_current else self.book.old)
        if source != "morphology":
            return codes
        mark = table[DAMAGE].to_numpy()
        full = pc.equal(pa.array(mark), CodeDamage.FULL)
        short = pc.equal(pa.array(mark), CodeDamage.SHORT)
        return pc.if_else(full, _as_dates(codes), pc.if_else(short, _as_short_dates(codes), codes))

    def _site_or_pair(self, table: pa.Table, field: str) -> pa.Array:
        site = table["topography"]
        if field == "topography_code":
            return site
        if field == "topography_label":
            return _mapped(site, self.book.site)
        if field == "icd10_code":
            malignant = pc.equal(_mapped(table["morphology"], self.book.behaviour), "3")
            return pc.if_else(malignant, _mapped(site, self.book.icd10), pa.scalar(None, pa.string()))
        pair = pc.binary_join_element_wise(table["morphology"], site, " ")
        return _mapped(pair, {" ".join(key): code for key, code in self.book.adicap.items()})


def _flat(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _mapped(
    values: pa.ChunkedArray | pa.Array, words: dict[str, str], *, keep_unknown: bool = False
) -> pa.Array:
    values = _flat(values)
    if not words:
        return values if keep_unknown else pa.nulls(len(values), pa.string())
    position = pc.index_in(values, pa.array(list(words), pa.string()))
    found = pa.array(list(words.values()), pa.string()).take(position)
    return pc.coalesce(found, values) if keep_unknown else found


def dates_as_written(values: pa.ChunkedArray | pa.Array, export: Export) -> pa.Array:
    """ISO dates in the order and with the mark of a dialect; a partial date keeps the parts it has."""
    values = _flat(values)
    mark = export.date_separator
    if mark is None:
        mark = "-" if export.dates == "year_first" else "/"
    year, month, day = (pc.utf8_slice_codeunits(values, a, b) for a, b in ((0, 4), (5, 7), (8, 10)))
    orders = {
        "day_first": (day, month, year), "month_first": (month, day, year), "year_first": (year, month, day)
    }  # fmt: skip
    full = pc.binary_join_element_wise(*orders[export.dates], mark)
    short = (year, month) if export.dates == "year_first" else (month, year)
    partial = pc.binary_join_element_wise(*short, mark or "-")
    length = pc.utf8_length(values)
    return pc.if_else(pc.equal(length, 10), full, pc.if_else(pc.equal(length, 7), partial, values))


def _parts(codes: pa.Array) -> tuple[pa.Array, pa.Array]:
    return pc.utf8_slice_codeunits(codes, 0, 4), pc.utf8_slice_codeunits(codes, 5, 6)


def _as_dates(codes: pa.Array) -> pa.Array:
    """8858/3 as a spreadsheet stores it: the first day of a month of the year 8858."""
    year, month = _parts(codes)
    return pc.binary_join_element_wise(year, pc.binary_join_element_wise("0", month, ""), "01", "-")


def _as_short_dates(codes: pa.Array) -> pa.Array:
    """8858/3 as a spreadsheet shows it: mars-58."""
    year, month = _parts(codes)
    names = _mapped(month, {str(rank): name for rank, name in enumerate(_MONTHS, 1)})
    return pc.binary_join_element_wise(names, pc.utf8_slice_codeunits(year, 2, 4), "-")


def cells(column: pa.Array, source: pa.Array, field: Field | None, export: Export) -> list[Any]:
    """The cells of a workbook column: days and numbers are typed where the text allows, the rest stays text."""
    text: list[Any] = _flat(column).to_pylist()
    if field is None or field.kind not in (Kind.DATE, Kind.NUMBER, Kind.INTEGER):
        return text
    if field.kind is Kind.DATE:
        typed: list[Any] = _days(_flat(source))
    else:
        decimal = (
            pd.Series(text, dtype=object).str.replace(",", ".", regex=False)
            if export.decimal == ","
            else text
        )
        number = pd.to_numeric(pd.Series(decimal, dtype=object), errors="coerce").to_numpy(np.float64)
        typed = where(np.isnan(number), None, number.astype(object)).tolist()
    return [value if value is not None else word for value, word in zip(typed, text, strict=True)]


def _days(values: pa.Array) -> list[Any]:
    """Real days; None for a partial or impossible date."""
    stamps = pc.strptime(values, format="%Y-%m-%d", unit="s", error_is_null=True)
    days = stamps.cast(pa.date32())
    real = pc.equal(days.cast(pa.string()), values)
    found: list[Any] = pc.if_else(real, days, pa.scalar(None, pa.date32())).to_pylist()
    return found
