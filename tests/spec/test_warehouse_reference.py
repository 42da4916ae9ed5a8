"""The six indicators against a second implementation: plain Python on random pathways, day sets instead of SQL.

A date is the set of days it may be. "Before" holds when it holds for every choice of days, and not when for none.
"""

import datetime as dt
from dataclasses import dataclass, field

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract_rows import span
from tests.star import star

DAY = dt.date(2019, 5, 1)
#: Days of a few weeks, their months, a year, and nothing: enough for every order to occur.
DATES = st.one_of(
    st.integers(0, 40).map(lambda n: (DAY + dt.timedelta(days=n)).isoformat()),
    st.sampled_from(["2019-04", "2019-05", "2019-06", "2018", "2019", "-"]),
)
Days = frozenset[dt.date] | None
#: Anything that removes tumour; the others never are a first surgery.
REMOVES = ("resection", "excisional_biopsy", "unplanned_excision", "amputation")


@dataclass(frozen=True)
class Act:
    kind: str
    date: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pathway:
    had_biopsy: str
    entry_reason: str
    diagnosis: str
    biopsies: list[Act] = field(default_factory=list)
    meetings: list[Act] = field(default_factory=list)
    surgeries: list[Act] = field(default_factory=list)


def acts(kinds: tuple[str, ...], *details: st.SearchStrategy[str]) -> st.SearchStrategy[list[Act]]:
    one = st.builds(Act, st.sampled_from(kinds), DATES, st.tuples(*details))
    # the same kind on the same day is one act: kept out here, tested by itself
    return st.lists(one, max_size=3, unique_by=lambda act: (act.kind, act.date))


PATHWAYS = st.builds(
    Pathway,
    st.sampled_from(["true", "false", "-"]),
    st.sampled_from(["primary", "primary", "primary", "relapse"]),
    st.sampled_from(["2019-05-01", "2019", "2009-12-31", "-", "2021-01-01"]),
    acts(("core", "incisional", "fna", "excisional")),
    acts(("sarcoma_network", "local"), st.sampled_from(["true", "false"])),
    acts(
        ("resection", "resection", "amputation", "re_excision", "exploratory"),
        st.sampled_from(["primary", "-", "metastasis"]),
        st.sampled_from(["curative", "curative", "palliative", "-"]),
        st.sampled_from(["R0", "R1", "R2", "RX", "-"]),
        st.sampled_from(
            ["true | f_in", "false | f_out", "- | -"]
        ),  # two cells: a place is known with its facility
    ),
)


def days(date: str) -> Days:
    first, last, _ = span(None if date == "-" else dt.date.fromisoformat(date) if len(date) == 10 else date)
    if first is None or last is None:
        return None
    return frozenset(first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def is_before(one: Days, other: Days) -> bool | None:
    if one is None or other is None:
        return None
    answers = {a < b for a in (min(one), max(one)) for b in (min(other), max(other))}
    return answers.pop() if len(answers) == 1 else None


def any_before(candidates: list[Act], surgery: Act) -> bool | None:
    answers = [is_before(days(act.date), days(surgery.date)) for act in candidates]
    return True if True in answers else None if None in answers else False


def first_surgery(pathway: Pathway) -> Act | None:
    found = [a for a in pathway.surgeries if a.kind in REMOVES and a.detail[0] in ("primary", "-")]
    dated = [
        (min(d), max(d), position, a) for position, a in enumerate(found) if (d := days(a.date)) is not None
    ]
    return min(dated)[3] if dated else found[0] if found else None


def biopsy(pathway: Pathway, surgery: Act) -> bool | None:
    real = [act for act in pathway.biopsies if act.kind != "excisional"]
    if real:
        return any_before(real, surgery)
    return False if pathway.had_biopsy == "false" or pathway.biopsies else None


def expected(pathway: Pathway) -> dict[str, bool | None]:
    """Every indicator of an eligible tumour; nothing when it is not eligible."""
    surgery, diagnosed = first_surgery(pathway), days(pathway.diagnosis)
    is_incident = (
        diagnosed is not None and min(diagnosed) >= dt.date(2010, 1, 1) and pathway.entry_reason == "primary"
    )
    if not is_incident or diagnosed is None or max(diagnosed) > dt.date(2020, 12, 31) or surgery is None:
        return {}
    _, intent, margin, place = surgery.detail
    if intent == "palliative":
        return {}
    labelled = [act for act in pathway.meetings if act.detail[0] == "true"]
    margins = {f"r{n}_first_surgery": None if margin in ("RX", "-") else margin == f"R{n}" for n in range(3)}
    return {
        "biopsy_before_surgery": biopsy(pathway, surgery),
        "network_rcp_before_surgery": any_before(labelled, surgery),
        "first_surgery_in_reference": {"t": True, "f": False, "-": None}[place[0]],
        **margins,
    }


def tables(pathways: list[Pathway]) -> dict[str, str]:
    def events(header: str, name: str) -> str:
        lines = [
            " | ".join([f"t{i}", f"p{i}", f"t{i}:{n}", act.kind, act.date, *act.detail])
            for i, pathway in enumerate(pathways)
            for n, act in enumerate(getattr(pathway, name))
        ]
        return "\n".join([f"tumour_id | patient_id | row_id | {header}", *lines])

    lines = [
        f"t{i} | p{i} | {p.had_biopsy} | {p.entry_reason} | {p.diagnosis}" for i, p in enumerate(pathways)
    ]
    given = {
        "har_tumour": "\n".join(
            ["tumour_id | patient_id | had_biopsy | entry_reason | diagnosis_date", *lines]
        ),
        "har_biopsy": events("biopsy_kind | biopsy_date", "biopsies"),
        "har_rcp": events("rcp_kind | rcp_date | is_labelled", "meetings"),
        "har_surgery": events(
            "surgery_kind | surgery_date | surgery_target | surgery_intent | margin | is_in_reference | facility_id",
            "surgeries",
        ),
    }
    return {name: text for name, text in given.items() if "\n" in text}


@given(st.lists(PATHWAYS, min_size=40, max_size=60))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_queries_agree_with_the_reference_on_random_pathways(pathways: list[Pathway]):
    with duckdb.connect() as con:
        star(con, tables(pathways))
        found = con.execute("SELECT tumour_id, indicator_id, is_achieved FROM fct_indicator").fetchall()
        assert {(t, i): a for t, i, a in found} == {
            (f"t{n}", indicator): achieved
            for n, pathway in enumerate(pathways)
            for indicator, achieved in expected(pathway).items()
        }
        results = con.execute("""
            SELECT indicator_id, sum(eligible_count), sum(achieved_count), sum(missing_count) FROM ind_conformity
            WHERE group_kind = 'all' GROUP BY indicator_id
        """).fetchall()
        answers = [(i, a) for pathway in pathways for i, a in expected(pathway).items()]
        assert {row[0]: row[1:] for row in results} == {
            row[0]: (
                sum(i == row[0] for i, _ in answers),
                sum(i == row[0] and a is True for i, a in answers),
                sum(i == row[0] and a is None for i, a in answers),
            )
            for row in results
        }
