"""One function per kind of fault: rows and field in, new values out, by column. None empties the cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.synthetic.draws import Booleans, between, pick, share

Values = dict[str, "pd.Series[str]"]
_OID_NIA = "1.2.250.1.213.1.4.9"
_LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
#: What one hears and writes otherwise. The first that applies is made.
_SOUNDS = (
    ("PH", "F"), ("AULT$", "AUD"), ("EAU", "AU"), ("AU", "O"), ("Y", "I"), ("QU", "K"), ("CK", "K"), ("LL", "L"),
    ("TT", "T"), ("NN", "N"), ("RR", "R"), ("SS", "S"), ("ET$", "AY"), ("ER$", "EZ"), ("EN", "AN"), ("[TDSX]$", ""),
)  # fmt: skip
_UNKNOWN_WORDS = ["à préciser", "code 99", "voir dossier"]
_UNKNOWN_PLACES = ["Établissement non répertorié", "Clinique du Grand Large", "Hôpital de jour"]


def can_strike(kind: str, table: pa.Table, field: str) -> Booleans:
    """Where a kind of fault has something to strike, beyond a value that is there."""
    if kind not in _CONDITIONS:
        return np.ones(table.num_rows, np.bool_)
    return np.asarray(pc.fill_null(_CONDITIONS[kind](table, field), False), np.bool_)


def _texts(values: Any) -> "pd.Series[str]":
    return pd.Series(values, dtype=object)


def _is_full_date(table: pa.Table, field: str) -> Any:
    return pc.equal(pc.utf8_length(table[field]), 10)


_CONDITIONS: dict[str, Callable[[pa.Table, str], Any]] = {
    "compound_first_name": lambda t, f: pc.match_substring_regex(t[f], r"^\S+[- ]\S"),
    "fewer_first_names": lambda t, f: pc.match_substring(t[f], " "),
    "married_name": lambda t, f: pc.not_equal(t[f], t["used_name"]),
    "status_not_qualified": lambda t, f: pc.and_(pc.equal(t[f], "QUAL"), pc.is_valid(t["ins_matricule"])),
    "changed_ins": lambda t, _: pc.equal(t["ins_status"], "QUAL"),
    "mistyped_ins": lambda t, _: pc.equal(t["ins_status"], "RECUP"),
    "swapped_day_month": lambda t, f: pc.less_equal(pc.utf8_slice_codeunits(t[f], 8, 10), "12"),
    "partial_date": _is_full_date,
    "impossible_date": _is_full_date,
    "default_date": _is_full_date,
    "date_typo": _is_full_date,
    "unit_slip": lambda t, f: pc.greater(pc.utf8_length(t[f]), 1),
}


def typo(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """One letter replaced, lost, or exchanged with the next."""
    words = rows[field].to_numpy(object).astype(str)
    n, width = len(words), max(words.dtype.itemsize // 4, 2)
    letters = words.astype(f"U{width}").view("U1").reshape(n, width).copy()
    at = np.minimum(between(0, np.maximum(np.char.str_len(words) - 2, 0), n, rng), width - 2)
    row, kind = np.arange(n), pick(["replace", "lose", "swap"], [1, 1, 1], n, rng)
    following = letters[row, at + 1].copy()
    swap, replace = kind == "swap", kind == "replace"
    letters[row[swap], at[swap] + 1] = letters[row[swap], at[swap]]
    letters[row[swap], at[swap]] = following[swap]
    letters[row[replace], at[replace]] = _LETTERS[between(0, 25, n, rng)][replace]
    letters[row[kind == "lose"], at[kind == "lose"]] = "\0"
    joined = pd.Series(["".join(line) for line in letters.tolist()], dtype=object)
    return {field: joined.str.replace("\0", "", regex=False)}


def phonetic(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The name as it is heard."""
    old = rows[field]
    new = old.copy()
    for sound, spelling in _SOUNDS:
        heard = old.str.replace(sound, spelling, n=1, regex=True)
        new = new.where(new.ne(old), heard)
    return {field: new}


def accent_case(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The name as people write it, with accents and small letters."""
    return {field: rows[f"pretty_{field}"]}


def compound_first_name(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """JEAN PIERRE for JEAN-PIERRE, or the reverse."""
    old = rows[field]
    spaced = old.str.replace("-", " ", n=1, regex=False)
    joined = old.str.replace(" ", "-", n=1, regex=False)
    return {field: spaced.where(old.str.contains(r"^\S+-"), joined)}


def fewer_first_names(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The first of several first names alone."""
    return {field: rows[field].str.split().str[0]}


def married_name(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The used name in the place of the birth name."""
    return {field: rows["used_name"]}


def swapped_names(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The name in the place of the first names, and the reverse."""
    return {field: rows["first_names"], "first_names": rows[field]}


def swapped_day_month(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """2014-03-07 for 2014-07-03."""
    date = rows[field]
    return {field: date.str[:5] + date.str[8:10] + "-" + date.str[5:7]}


def default_date(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """The first of January, or the last of December, of the right year."""
    return {field: rows[field].str[:5] + pick(["01-01", "12-31"], [70, 30], len(rows), rng)}


def date_typo(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """One day more, or ten years less."""
    date = rows[field].to_numpy(object).astype("datetime64[D]")
    next_day = (date + 1).astype(str).astype(object)
    decade = rows[field].str[:2] + (rows[field].str[2].astype("int64[pyarrow]") - 1).clip(lower=0).astype(
        "string[pyarrow]"
    )
    earlier = decade + rows[field].str[3:]
    return {
        field: pd.Series(
            np.where(share(len(rows), 50, rng), next_day, earlier.to_numpy(object)), dtype=object
        )
    }


def partial_date(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """The month alone, or the year alone."""
    year = share(len(rows), 20, rng)
    return {field: rows[field].str[:7].where(~year, rows[field].str[:4])}


def impossible_date(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """A day that no calendar has."""
    return {field: rows[field].str[:5] + "02-31"}


def missing(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """Nothing."""
    return {field: _texts([None] * len(rows))}


def missing_ins(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """No INS; the identity is then provisional, or validated on papers only."""
    nothing = _texts([None] * len(rows))
    status = _texts(pick(["VALI", "PROV"], [40, 60], len(rows), rng))
    return {field: nothing, "ins_oid": nothing, "ins_status": status}


def status_not_qualified(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """An INS that the service returned, without a look at the papers."""
    return {field: _texts(["RECUP"] * len(rows))}


def changed_ins(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The number of before: a person waiting for a NIR had another number, of the list of NIA."""
    sex = rows[field].str[0].map({"1": "7", "2": "8"})
    return {field: sex + rows[field].str[1:], "ins_oid": _texts([_OID_NIA] * len(rows))}


def mistyped_ins(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """The last two characters exchanged."""
    ins = rows[field]
    return {field: ins.str[:11] + ins.str[12] + ins.str[11]}


def unknown_word(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """A word that no centre declares."""
    return {field: _texts(pick(_UNKNOWN_WORDS, [1, 1, 1], len(rows), rng))}


def unknown_facility(rows: pd.DataFrame, field: str, rng: np.random.Generator) -> Values:
    """A place of surgery that no table knows."""
    return {field: _texts(pick(_UNKNOWN_PLACES, [1, 1, 1], len(rows), rng))}


def unit_slip(rows: pd.DataFrame, field: str, _: np.random.Generator) -> Values:
    """Centimetres in a column of millimetres."""
    centimetres = rows[field].astype("double[pyarrow]") / 10
    return {field: centimetres.round(1).astype("string[pyarrow]").str.replace(r"\.0$", "", regex=True)}


KINDS = {
    function.__name__: function
    for function in (
        typo, phonetic, accent_case, compound_first_name, fewer_first_names, married_name, swapped_names,
        swapped_day_month, default_date, date_typo, partial_date, impossible_date, missing, missing_ins,
        status_not_qualified, changed_ins, mistyped_ins, unknown_word, unknown_facility, unit_slip,
    )
}  # fmt: skip
