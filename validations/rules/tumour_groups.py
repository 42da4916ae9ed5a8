"""When two tumours of one patient may be one: the groups of site and of histology of IARC/IACR (2004), in SQL.

Of the groups of blood and lymph (8 to 14) one is made, 8: this registry does not count them. A code that no group has
is a group of its own, so that the same code declared twice is seen. The perivascular tumours and sarcomas that came
after 2004 (8714, 9045, 9137, 9138) are put with the sarcomas, the round cell sarcomas 9366 to 9368 with Ewing.
"""

from validations.rules.expressions import has_morphology

_SITES = {
    "C00": "C00 C03 C04 C05 C06",
    "C01": "C01 C02",
    "C09": "C09 C10 C12 C13 C14",
    "C19": "C19 C20",
    "C23": "C23 C24",
    "C33": "C33 C34",
    "C40": "C40 C41",
    "C65": "C65 C66 C67 C68",
}
SARCOMA, KAPOSI, OTHER, UNSPECIFIED = 6, 15, 16, 17
#: A code of the first group that has it counts there.
_HISTOLOGIES = {
    1: "8051-8084 8120-8131",
    2: "8090-8110",
    3: "8140-8149 8160-8162 8190-8221 8260-8337 8350-8551 8570-8576 8940-8941",
    4: "8030-8046 8150-8157 8170-8180 8230-8255 8340-8347 8560-8562 8580-8671",
    5: "8010-8015 8020-8022 8050",
    SARCOMA: "8680-8714 8800-8921 8990-8992 9040-9045 9120-9138 9141-9252 9370-9373 9540-9582",
    7: "9050-9055",
    8: "9590-9992",
    KAPOSI: "9140",
    OTHER: "8720-8790 8930-8936 8950-8983 9000-9030 9060-9110 9260-9369 9380-9539",
    UNSPECIFIED: "8000-8005",
}


def site_group(site: str) -> str:
    """The group of a written topography (`C492`); NULL for an unknown primary, which is no evidence."""
    groups = " ".join(
        f"WHEN substr({site}, 1, 3) IN ({', '.join(repr(one) for one in sites.split())}) THEN '{group}'"
        for group, sites in _SITES.items()
    )
    return f"CASE {groups} ELSE NULLIF(substr({site}, 1, 3), 'C80') END"


def histology_group(morphology: str) -> str:
    """The number of the group of four digits of a morphology, or these digits themselves."""
    groups = " ".join(
        f"WHEN {has_morphology(codes, morphology)} THEN {group}" for group, codes in _HISTOLOGIES.items()
    )
    return f"CASE {groups} ELSE {morphology} END"


def _is_of_any_part(site: str) -> str:
    """The part of the organ is not said, or several are."""
    return f"(length({site}) = 3 OR right({site}, 1) IN ('8', '9'))"


#: Two tumours of one patient in one centre that are neither benign nor in situ: the one diagnosed later, which a rule
#: asks about, beside one diagnosed before, `most_days` earlier at most. `is_same_place`: the same site group, no other
#: part of it, no other side.
TUMOUR_PAIR = f"""
    WITH grouped AS (
        SELECT row_id, local_patient_id, local_tumour_id, diagnosis_date, diagnosis_date_latest, laterality, site,
            morphology_number AS morphology,
            {site_group("site")} AS site_group,
            {histology_group("morphology_number")} AS histology_group
        FROM kept_tumour
        WHERE coalesce(behaviour_number, 3) IN (1, 3)
    )
    SELECT
        later.row_id,
        earlier.morphology AS earlier_morphology,
        later.morphology AS later_morphology,
        earlier.histology_group AS earlier_group,
        later.histology_group AS later_group,
        earlier.site_group = later.site_group AS is_same_site,
        earlier.site_group = later.site_group
            AND (earlier.site = later.site OR {_is_of_any_part("earlier.site")} OR {_is_of_any_part("later.site")})
            AND NOT coalesce(
                concat(earlier.laterality, '-', later.laterality) IN ('left-right', 'right-left'), FALSE
            ) AS is_same_place,
        later.diagnosis_date_latest - earlier.diagnosis_date AS most_days
    FROM grouped AS later
        INNER JOIN grouped AS earlier ON earlier.local_patient_id = later.local_patient_id
            AND (coalesce(earlier.diagnosis_date, DATE '9999-12-31'), earlier.local_tumour_id)
                < (coalesce(later.diagnosis_date, DATE '9999-12-31'), later.local_tumour_id)
"""  # noqa: S608 - constants of this module
