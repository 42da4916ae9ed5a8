"""A centre's files turned back into canonical rows: the words, dates and codes of its YAML undone, nothing shared with
the code that wrote them.
"""

import re

from pipelines.io.configuration import read_codes
from pipelines.io.exports import read_tables
from validations.contracts.entities import ENTITIES, PATIENT_ENTITIES
from validations.contracts.model import Kind

KEYS = ("local_patient_id", "local_tumour_id")
ORDERS = {"day_first": "dmy", "month_first": "mdy", "year_first": "ymd"}
SOURCES = {  # what each written code or label is made of
    "morphology_code": "morphology",
    "diagnosis_label": "morphology",
    "topography_code": "topography",
    "topography_label": "topography",
    "initial_morphology_code": "initial_morphology",
    "initial_label": "initial_morphology",
    "expert_morphology_code": "expert_morphology",
    "expert_label": "expert_morphology",
}
PAIRED = ("adicap_code", "icd10_code")  # made of morphology and topography together


def keys_of(entity):
    return KEYS[:1] if entity in PATIENT_ENTITIES else KEYS


def date_of(text, export):
    """The ISO date of a text that a dialect wrote; a month or a year where no more is said."""
    if export.format != "csv" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text  # a typed cell
    digits = re.findall(r"\d+", text)
    order = ORDERS[export.dates]
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [text[:4], text[4:6], text[6:]] if order == "ymd" else [text[:2], text[2:4], text[4:]]
    if len(digits) < 3:
        return "-".join(sorted(digits, key=len, reverse=True))
    parts = dict(zip(order, digits, strict=True))
    return f"{parts['y']}-{parts['m']}-{parts['d']}"


def canonical(text, field, centre):
    """The canonical value of one cell; None for a blank one."""
    export = centre.export
    if text in {"", *export.missing}:
        return None
    if field.kind is Kind.DATE:
        return date_of(text, export)
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        return text.replace(",", ".") if export.format == "csv" and export.decimal == "," else text
    if field.kind in (Kind.CODE, Kind.BOOLEAN):
        said = centre.values.get("boolean" if field.kind is Kind.BOOLEAN else field.name, {})
        return next((code for code, words in said.items() if text in words), f"not a word: {text}")
    return text


def read_centre(folder, centre):
    """[(entity, fields, canonical rows)] of every table that the centre's files hold, one entry per table map."""
    found = []
    for path in sorted(folder.iterdir()):
        (file,) = [f for f in centre.files if f.pattern.fullmatch(path.name)]
        read = read_tables(path, export=centre.export, sheets=file.sheets, name=path.name)
        for sheet, source in zip(file.sheets, read, strict=True):
            found += [(map_, _rows(source.frame, map_, centre)) for map_ in sheet.tables]
    return found


def _rows(frame, map_, centre):
    fields = {field.name: field for field in ENTITIES[map_.entity]}
    columns = [
        [canonical(text, fields[name], centre) for text in frame[header].tolist()]
        for name, header in map_.columns.items()
    ]
    return [dict(zip(map_.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def entity_rows(read, entity):
    """The rows of an entity over all its table maps. A line that says nothing of it is none; a patient who stands in
    several lines is one.
    """
    rows = [
        row
        for map_, found in read
        if map_.entity == entity
        for row in found
        if any(row[name] is not None for name in map_.presence)
    ]
    if entity in PATIENT_ENTITIES:
        rows = list({tuple(row.items()): row for row in rows}.values())
    return rows


class Codes:
    """Codes and words read back to the true codes, from the code tables themselves."""

    def __init__(self):
        self.labels = _pairs("morphology", "label_fr", "morphology")
        self.sites = _pairs("topography", "label_fr", "topography")
        self.behaviour = _pairs("morphology", "morphology", "behaviour")
        moved = read_codes("morphology_migration")
        certain = moved[moved["certainty"] == "certain"]
        self.moved = dict(zip(certain["code_old"], certain["code_new"], strict=True))
        self.doubtful = set(moved["code_old"]) - set(self.moved)
        self.lesions = _groups("adicap", "lesion", "morphology")
        self.icd10 = _groups("icd10_topography", "icd10", "topography")

    def says(self, field, text, row, edition):
        """True when the written text can only mean the true code of the row; a blank code says nothing false."""
        if field in PAIRED:
            return text is None or self._is_pair(field, text, row)
        true = row[SOURCES[field]]
        if field == "topography_code":
            return text == true
        if field == "topography_label":
            return self.sites.get(text) == true
        if field.endswith("label"):
            return self.labels.get(text) == true
        if edition == "icdo32":
            return text == true
        return text is None or (text not in self.doubtful and self.moved.get(text, text) == true)

    def _is_pair(self, field, text, row):
        if field == "icd10_code":
            return self.behaviour[row["morphology"]] == "3" and row["topography"] in self.icd10[text]
        return text.startswith("BH") and self.lesions[text[4:]] == {row["morphology"]}


def _pairs(name, key, value):
    table = read_codes(name)
    return dict(zip(table[key], table[value], strict=True))


def _groups(name, key, value):
    table, groups = read_codes(name), {}
    for one, other in zip(table[key], table[value], strict=True):
        groups.setdefault(one, set()).add(other)
    return groups
