"""What forbids a join, whatever its weight. A veto holds for the two clusters, not only for the two records.

`must` pairs are joined first. A hard veto (2) is final; a soft one (1) leaves the join to a human.

| rule | meaning | outcome |
|---|---|---|
| ML1 | equal INS, traits compatible | must; two qualified ones before any other |
| ML4 | five strict traits equal and certain | must |
| ML2 | equal INS, traits incompatible: collision or usurpation | soft |
| CL1 | two different qualified INS of one kind | hard |
| CL2 | a human said: two persons | hard |
| ML3 | a human said: one person; it lifts what only asks, against CL1 it is an alert | must; hard, and asked |
| CL9 | humans contradict each other | soft |
| CL4 | two different INS, not both qualified or of two kinds (a NIA may become a NIR) | soft |
| CL5 | first names of two persons, no equal INS: twins, siblings | soft |
| CL7 | treated more than 30 days after the death of the other, no equal INS | soft |
| CL6 | sex differs, no first name is equal (JEAN, JEANNE), no equal INS | soft |
| CL8 | births 15 years apart or more, no equal INS: parent and child | soft |
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: An act may be dated a little after a death: a day that was typed in late.
GRACE_DAYS = 30

#: The words of one list that no word of the other resembles, one slip of the keyboard allowed.
_UNLIKE = """
CREATE OR REPLACE TEMP MACRO link_unlike(words, others) AS list_filter(words, lambda word: NOT list_bool_or(
    list_transform(others, lambda other: jaro_winkler_similarity(word, other) >= 0.85
        OR length(word) > 2 AND damerau_levenshtein(word, other) <= 1)))
"""

#: Each comparison is TRUE, FALSE, or unknown when a side is missing.
_COMPARED = """
CREATE OR REPLACE TEMP TABLE link_compared AS
SELECT
    p.l, p.r, p.weight,
    l.is_qualified AND r.is_qualified AS are_qualified,
    l.ins = r.ins AS has_same_ins,
    l.is_nia = r.is_nia AS has_same_kind,
    list_has_any(l.name_forms, r.name_forms) AS has_same_name,
    list_has_any(l.name_words, r.name_words) OR l.name_sound = r.name_sound
        OR jaro_winkler_similarity(l.birth_name, r.birth_name) >= 0.88 AS has_like_name,
    coalesce(list_has_any(l.first_names, r.name_words) AND list_has_any(l.name_words, r.first_names), FALSE)
        AS is_swapped,
    l.first_names_joined = r.first_names_joined AS has_same_first_names,
    list_has_any(l.first_names, r.first_names) OR l.first_name_sound = r.first_name_sound
        OR starts_with(l.first_names_joined, r.first_name) OR starts_with(r.first_names_joined, l.first_name)
        OR CASE WHEN NOT list_has_any(l.first_names, r.first_names)
            THEN length(link_unlike(l.first_names, r.first_names)) < length(l.first_names) END
        AS has_like_first_name,
    least(l.first_name_count, r.first_name_count) >= 5 AND NOT list_has_any(l.first_names, r.first_names)
        AND coalesce(l.first_name_sound <> r.first_name_sound, TRUE) AS has_two_known_first_names,
    CASE WHEN l.birth_date = r.birth_date AND least(length(l.first_names), length(r.first_names)) > 1
        THEN length(link_unlike(l.first_names, r.first_names)) > 0
            AND length(link_unlike(r.first_names, l.first_names)) > 0 END AS has_crossing_first_names,
    l.sex = r.sex AS has_same_sex,
    l.birth_date = r.birth_date AS has_same_date,
    l.birth_year = r.birth_year AS has_same_year,
    coalesce(l.birth_year = r.birth_year AND l.birth_month = r.birth_day AND l.birth_day = r.birth_month, FALSE)
        AS is_date_swapped,
    l.sex = 'F' AND r.sex = 'F' AS are_women,
    CAST(coalesce(l.birth_year <> r.birth_year, FALSE) AS INTEGER)
        + CAST(coalesce(l.birth_month <> r.birth_month, FALSE) AS INTEGER)
        + CAST(coalesce(l.birth_day <> r.birth_day, FALSE) AS INTEGER) AS different_date_parts,
    coalesce(abs(l.birth_year - r.birth_year), 0) AS year_gap,
    l.birth_place = r.birth_place AS has_same_place,
    list_has_any(l.first_names, r.first_names) AS has_equal_first_name,
    l.first_name <> r.first_name AND length(list_intersect(l.first_names, r.first_names))
            < greatest(length(l.first_names), length(r.first_names))
        AND (list_contains(l.first_names, r.first_name) OR list_contains(r.first_names, l.first_name))
        AND NOT starts_with(l.first_names_joined, r.first_name)
        AND NOT starts_with(r.first_names_joined, l.first_name) AS is_first_name_a_later_one,
    l.residence = r.residence AS has_same_residence,
    coalesce(one.last_act_date > other.death_date + $grace_days, FALSE)
        OR coalesce(other.last_act_date > one.death_date + $grace_days, FALSE) AS is_treated_after_death,
    coalesce(d.verdict, '') AS verdict
FROM link_pair AS p
    INNER JOIN link_record AS l ON l.record_no = p.l
    INNER JOIN link_record AS r ON r.record_no = p.r
    LEFT JOIN link_decision AS d ON d.l = p.l AND d.r = p.r
    LEFT JOIN link_life AS one ON one.record_no = p.l
    LEFT JOIN link_life AS other ON other.record_no = p.r
"""

_JUDGED = """
CREATE OR REPLACE TEMP TABLE link_judged AS
WITH opposed AS (
    SELECT
        *,
        NOT coalesce(has_same_name OR has_like_name OR is_swapped, TRUE) AS is_name_against,
        NOT coalesce(has_like_first_name OR is_swapped, TRUE) AS is_first_name_against,
        different_date_parts >= 2 AND NOT is_date_swapped AS is_date_against,
        NOT coalesce(has_same_sex, TRUE) AS is_sex_against,
        coalesce(has_same_name AND has_same_date AND (has_two_known_first_names OR has_crossing_first_names
            OR is_first_name_a_later_one AND NOT coalesce(has_same_residence, FALSE)), FALSE) AS is_like_twin
    FROM link_compared
),
weighed AS (
    SELECT
        *,
        is_date_against AND (is_name_against OR is_first_name_against)
            OR is_sex_against AND is_first_name_against AS is_incompatible,
        is_first_name_against OR is_date_against OR is_like_twin
            OR is_name_against AND NOT coalesce(are_women AND has_same_date, FALSE) AS is_opposed,
        coalesce(has_same_ins, FALSE) AS is_same_ins
    FROM opposed
),
ruled AS (
    SELECT
        *,
        CASE
            WHEN verdict = 'different' THEN 'CL2'
            WHEN NOT has_same_ins AND are_qualified AND has_same_kind THEN if(verdict = 'same', 'ML3', 'CL1')
            WHEN verdict = 'contradicted' THEN 'CL9'
            WHEN verdict = 'same' THEN NULL
            WHEN NOT has_same_ins THEN 'CL4'
            WHEN is_same_ins AND CASE WHEN are_qualified THEN is_incompatible ELSE is_opposed END THEN 'ML2'
            WHEN is_same_ins THEN NULL
            WHEN is_treated_after_death THEN 'CL7'
            WHEN is_sex_against AND NOT coalesce(has_equal_first_name OR is_swapped, TRUE) THEN 'CL6'
            WHEN is_first_name_against OR is_like_twin THEN 'CL5'
            WHEN year_gap >= 15 THEN 'CL8'
        END AS veto_reason,
        CASE
            WHEN is_same_ins AND are_qualified THEN 'qualified'
            WHEN verdict = 'same' THEN 'human'
            WHEN is_same_ins THEN 'ins'
            WHEN has_same_name AND has_same_first_names AND has_same_sex AND has_same_date AND has_same_place
            THEN 'traits'
        END AS must_reason
    FROM weighed
)
SELECT
    l, r, weight, veto_reason,
    CASE WHEN veto_reason IS NULL THEN must_reason END AS must_reason,
    CASE WHEN veto_reason IS NULL THEN 0 WHEN veto_reason IN ('CL1', 'CL2', 'ML3') THEN 2 ELSE 1 END AS veto
FROM ruled
"""


def judge_pairs(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_judged` (l, r, weight, veto_reason, must_reason, veto) from `link_pair` (l, r, weight).

    `link_decision` (l, r, verdict) holds what humans said of some of them, `link_life` deaths and last acts.
    """
    con.execute(_UNLIKE).fetchall()
    con.execute(_COMPARED, {"grace_days": GRACE_DAYS}).fetchall()
    con.execute(_JUDGED).fetchall()
