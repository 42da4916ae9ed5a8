"""SQL that several rules read a tumour with: the written codes as numbers and letters, the certain bounds of an age.

What cannot be read is NULL, so that a rule built on it stays silent: the form of a code has rules of its own.
"""

import re
from functools import cache

#: The four digits of the written morphology (`8850/3`, `M88503`, `88503`), as a number.
MORPHOLOGY = "TRY_CAST(regexp_extract(morphology_code, '^M?-?([89][0-9]{3})', 1) AS INTEGER)"
#: The behaviour digit of the written morphology, as a number; a digit of grade may follow it.
BEHAVIOUR = "TRY_CAST(regexp_extract(morphology_code, '^M?-?[89][0-9]{3}/?([0-9])[0-9]?$', 1) AS INTEGER)"
#: The morphologies that a sarcoma network registers, perivascular tumours included (8710 to 8714).
SARCOMA = "8710-8714 8800-8936 8963 8990-8992 9040-9045 9120-9262 9364-9373 9540-9582"
#: The written topography without its point, in capitals: `C492`, or `C49` when the subsite is not given.
SITE = "NULLIF(regexp_extract(replace(upper(topography_code), '.', ''), '^C[0-9]{2,3}$', 0), '')"
#: The complete years at diagnosis that the patient had at least, and at most, with dates known in part.
AGE_AT_LEAST = "date_sub('year', patient.birth_date_latest, diagnosis_date)"
AGE_AT_MOST = "date_sub('year', patient.birth_date, diagnosis_date_latest)"
#: The written diagnosis in small letters without accents.
LABEL = "strip_accents(lower(diagnosis_label))"
#: Words that stand for an answer and give none, when they are all that is written.
_NO_ANSWER = (
    "autres?|others?|inconnue?s?|unknown|null|none|nsp|nr|na|n/a|nc|nd|non (renseigne|precise|connu|communique)e?s?"
    "|a preciser|[^a-z]*"
)


def has_morphology(codes: str, morphology: str = MORPHOLOGY) -> str:
    """`8936 9180-9187`: the written morphology is one of these codes or ranges."""
    spans = (code.partition("-") for code in codes.split())
    return f"({' OR '.join(f'{morphology} BETWEEN {low} AND {high or low}' for low, _, high in spans)})"


def has_site(sites: str, site: str = SITE) -> str:
    """`4[01]|492`: the written topography begins so, behind its C (a regular expression)."""
    return f"regexp_matches({site}, '^C({sites})')"


def morphology_of(column: str) -> str:
    """The four digits of another written morphology, as a number."""
    return MORPHOLOGY.replace("morphology_code", column)


def says_nothing(column: str) -> str:
    """The words are there, and say nothing."""
    return f"regexp_full_match(lower(strip_accents(trim({column}))), '{_NO_ANSWER}')"


#: The same of the tumour that a row belongs to.
TUMOUR_MORPHOLOGY = morphology_of("tumour.morphology_code")
TUMOUR_SITE = SITE.replace("topography_code", "tumour.topography_code")

#: What the scan computes once of each written tumour, beside its columns: DuckDB would compute it again in every rule.
COMPUTED = {
    "site": SITE,
    "site_number": f"TRY_CAST(substr({SITE}, 2, 2) AS INTEGER) * 11"
    f" + COALESCE(TRY_CAST(substr({SITE}, 4, 1) AS INTEGER) + 1, 0)",
    "morphology_number": MORPHOLOGY,
    "behaviour_number": BEHAVIOUR,
    "label_words": LABEL,
}
#: Every topography that can be written, without its C, at the place of its number: C00, C00.0 … C99.9.
_WRITTEN = [f"{site:02d}{subsite}" for site in range(100) for subsite in ("", *"0123456789")]
_NAMES = (
    (TUMOUR_SITE, "tumour.site"),
    (TUMOUR_MORPHOLOGY, "tumour.morphology_number"),
    (SITE, "site"),
    (MORPHOLOGY, "morphology_number"),
    (BEHAVIOUR, "behaviour_number"),
    (LABEL, "label_words"),
)


#: Lists of spans shorter than this stay comparisons.
_FEW_SPANS = 3
_SPANS = re.compile(
    r"\(((?:tumour\.)?morphology_number) BETWEEN \d{4} AND \d{4}(?: OR \1 BETWEEN \d{4} AND \d{4})*\)"
)


@cache
def on_computed(sql: str) -> str:
    """The same condition on the computed columns; a question about a site is asked of its number, not of its text.

    A list of codes is one look into a string of bits: DuckDB plans every comparison anew for every centre.
    """
    for expression, name in _NAMES:
        sql = sql.replace(expression, name)
    asked = r"regexp_matches\(((?:tumour\.)?site), '\^C\((.*?)\)'\)"
    sql = re.sub(asked, lambda found: _in_sites(f"{found.group(1)}_number", found.group(2)), sql)
    return _SPANS.sub(lambda found: _in_morphologies(found.group(0), found.group(1)), sql)


@cache
def _in_sites(number: str, sites: str) -> str:
    return _in_bits(number, [re.match(f"(?:{sites})", written) is not None for written in _WRITTEN])


def _in_morphologies(spans: str, number: str) -> str:
    bounds = [(int(low), int(high)) for low, high in re.findall(r"BETWEEN (\d{4}) AND (\d{4})", spans)]
    if len(bounds) < _FEW_SPANS:
        return spans
    is_in = [any(low <= code <= high for low, high in bounds) for code in range(8000, 10000)]
    return _in_bits(f"{number} - 8000", is_in)


def _in_bits(place: str, is_in: list[bool]) -> str:
    bits = "".join(str(int(one)) for one in is_in)
    return f"(get_bit('{bits}'::BIT, {place}) = 1)"
