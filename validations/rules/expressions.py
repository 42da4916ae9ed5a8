"""SQL that several rules read a tumour with: the written codes as numbers and letters, the certain bounds of an age.

What cannot be read is NULL, so that a rule built on it stays silent: the form of a code has rules of its own.
"""

#: The four digits of the written morphology (`8850/3`, `M88503`, `88503`), as a number.
MORPHOLOGY = "TRY_CAST(regexp_extract(morphology_code, '^M?-?([89][0-9]{3})', 1) AS INTEGER)"
#: The behaviour digit of the written morphology, as a number.
BEHAVIOUR = "TRY_CAST(regexp_extract(morphology_code, '^M?-?[89][0-9]{3}/?([0-9])', 1) AS INTEGER)"
#: The written topography without its point, in capitals: `C492`, or `C49` when the subsite is not given.
SITE = "NULLIF(regexp_extract(replace(upper(topography_code), '.', ''), '^C[0-9]{2,3}$', 0), '')"
#: The complete years at diagnosis that the patient had at least, and at most, with dates known in part.
AGE_AT_LEAST = "date_sub('year', patient.birth_date_latest, diagnosis_date)"
AGE_AT_MOST = "date_sub('year', patient.birth_date, diagnosis_date_latest)"


def has_morphology(codes: str) -> str:
    """`8936 9180-9187`: the written morphology is one of these codes or ranges."""
    spans = (code.partition("-") for code in codes.split())
    return f"({' OR '.join(f'{MORPHOLOGY} BETWEEN {low} AND {high or low}' for low, _, high in spans)})"


def has_site(sites: str) -> str:
    """`4[01]|492`: the written topography begins so, behind its C (a regular expression)."""
    return f"regexp_matches({SITE}, '^C({sites})')"
