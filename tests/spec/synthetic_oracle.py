"""The definitions of `netsarc-1` a second time, row by row, in plain Python: what the truth is compared with.

Dates are ISO text and may be a month or a year; an answer is True, False, or None where nobody can know.
"""

import calendar
import datetime as dt

FIRST_KINDS = ("resection", "excisional_biopsy", "unplanned_excision", "amputation")
NEEDLES = ("core", "incisional", "fna")
LABELLED = ("sarcoma_network", "resos")
INCIDENT_FROM = dt.date(2010, 1, 1)
SAME_LESION = dt.timedelta(60)  # a histology that changed at second reading
JOINED_SITES = {"C41": "C40"}  # bone is one site


def interval(text):
    """The first and the last day that a date may mean; None when there is no date."""
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, None, None)[:3]
    first = dt.date(year, month or 1, day or 1)
    last_month = month or 12
    last = dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return first, last


def is_before(one, other):
    """Whether a date is before another: the same day is not, an overlap is unknown."""
    a, b = interval(one), interval(other)
    if a is None or b is None:
        return None
    if a[1] < b[0]:
        return True
    return False if a[0] >= b[1] else None


def any_of(answers):
    """Yes if any is yes; else unknown if any is unknown; else no."""
    answers = list(answers)
    return True if True in answers else None if None in answers else False


def first_surgery(surgeries):
    """The earliest act that counts, all its declarations together; None when nothing counts or no date is known."""
    acts = [
        act
        for act in surgeries
        if act["surgery_kind"] in FIRST_KINDS and act["surgery_target"] in ("primary", None)
    ]
    dated = [act for act in acts if act["surgery_date"] is not None]
    if not dated:
        return None
    date = min(act["surgery_date"] for act in dated)
    same = [act for act in dated if act["surgery_date"] == date]
    margins = [act["margin"] for act in same]
    places = [act["surgery_facility"] for act in same if act["surgery_facility"] is not None]
    return {
        "date": date,
        "margin": next((margin for margin in ("R2", "R1", "R0") if margin in margins), None),
        "places": sorted(set(places)),
        "is_palliative": any(act["surgery_intent"] == "palliative" for act in same),
    }


def biopsy_before(surgery_date, biopsies, statements):
    """Answer of `biopsy_before_surgery`; `statements` are what the records say of `had_biopsy`."""
    needles = [act for act in biopsies if act["biopsy_kind"] in NEEDLES]
    if needles:
        return any_of(is_before(act["biopsy_date"], surgery_date) for act in needles)
    if "no" in statements or any(act["biopsy_kind"] == "excisional" for act in biopsies):
        return False
    return None


def board_before(surgery_date, boards):
    """Answer of `network_rcp_before_surgery`: no labelled board at all is a no."""
    return any_of(is_before(act["rcp_date"], surgery_date) for act in boards if act["rcp_kind"] in LABELLED)


def in_reference(places, reference_names):
    """Answer of `first_surgery_in_reference`."""
    return None if not places else any(place in reference_names for place in places)


def answers(tumour, reference_names):
    """Every indicator of one tumour: its acts by entity and its `records`; None when it is not counted."""
    first = first_surgery(tumour["surgery"])
    if first is None or first["is_palliative"]:
        return None
    margin = first["margin"]
    return {
        "biopsy_before_surgery": biopsy_before(
            first["date"], tumour["biopsy"], {record["had_biopsy"] for record in tumour["records"]}
        ),
        "network_rcp_before_surgery": board_before(first["date"], tumour["rcp"]),
        "first_surgery_in_reference": in_reference(first["places"], reference_names),
        **{f"{name.lower()}_first_surgery": margin and margin == name for name in ("R0", "R1", "R2")},
    }


def responsible_centre(records):
    """The centre of the primary record: earliest diagnosis, then smallest id; else the smallest id of all."""
    primary = [record for record in records if record["entry_reason"] == "primary"]
    key = (lambda r: (r["diagnosis_date"], r["centre_id"])) if primary else (lambda r: r["centre_id"])
    return min(primary or records, key=key)["centre_id"]


def golden_diagnosis(records, reviews):
    """The expert's reading, else the responsible centre's diagnosis."""
    if reviews:
        return reviews[0]["expert_morphology"]
    centre = responsible_centre(records)
    return next(record["morphology"] for record in records if record["centre_id"] == centre)


def period_of(date, periods):
    """The period in which the whole interval of a date falls."""
    span = interval(date)
    if span is None:
        return None
    return next((p.id for p in periods if p.start <= span[0] and span[1] <= p.end), None)


def is_candidate(tumour):
    """Whether a tumour may be its person's incident one: in scope, since 2010, seen from the start by a centre."""
    span = interval(tumour["diagnosis_date"])
    is_primary = any(record["entry_reason"] == "primary" for record in tumour["records"])
    return span is not None and span[0] >= INCIDENT_FROM and tumour["is_in_scope"] and is_primary


def incident_keys(tumours):
    """The keys of the incident tumours: the first candidate of each person."""
    found = {}
    for tumour in sorted(filter(is_candidate, tumours), key=lambda t: (t["diagnosis_date"], t["tumour_key"])):
        found.setdefault(tumour["person_key"], tumour["tumour_key"])
    return set(found.values())


def are_one_primary(a, b, iarc_group):
    """Whether two local tumours of one person are one primary."""
    sites = [JOINED_SITES.get(t["topography"][:3], t["topography"][:3]) for t in (a, b)]
    if sites[0] != sites[1]:
        return False
    groups = [iarc_group.get(t["morphology"]) for t in (a, b)]
    unspecified = "17"
    if None in groups or unspecified in groups or groups[0] == groups[1]:
        return True
    days = [dt.date.fromisoformat(t["diagnosis_date"]) for t in (a, b)]
    return abs(days[0] - days[1]) <= SAME_LESION
