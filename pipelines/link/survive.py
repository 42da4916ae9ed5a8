"""Which of several written values stands for the person, by the strategy of its trait (`strategies.py`).

A missing value never replaces a known one, a date keeps its precision, a number keeps its status: they are elected
together. Each election leaves what it was decided by, so that a reader can check it.
"""

from typing import TYPE_CHECKING

from pipelines.link.strategies import FIELDS, STRATEGIES, Ruling, Strategy, by_field

if TYPE_CHECKING:
    import duckdb

_CONTESTED = """
CREATE OR REPLACE TEMP TABLE link_contested AS
SELECT subject FROM link_ballot GROUP BY subject HAVING count(*) > 1
"""

#: A date without precision is no date. A delivery that declares no day is the oldest.
_VOTES = f"""
CREATE OR REPLACE TEMP TABLE link_vote AS
WITH stated AS (
    SELECT
        subject, voter, stated,
        CASE ins_status WHEN 'QUAL' THEN 3 WHEN 'RECUP' THEN 2 WHEN 'VALI' THEN 2 WHEN 'PROV' THEN 1 ELSE 0 END
            AS status,
        birth_name, used_name, first_names, sex, birth_place_cog, residence_commune, vital_status,
        CASE WHEN birth_date_precision <> 'unknown' THEN concat(birth_date, chr(31), birth_date_precision) END
            AS birth_date,
        CASE WHEN ins_matricule IS NOT NULL THEN concat_ws(chr(31), ins_matricule, coalesce(ins_oid, ''),
            coalesce(ins_status, '')) END AS ins_matricule
    FROM link_ballot SEMI JOIN link_contested USING (subject)
),
spread AS (
    UNPIVOT stated ON {", ".join(FIELDS)} INTO NAME field VALUE written
)
SELECT
    subject, voter, field, written,
    {by_field(lambda s: s.votes_by)} AS form,
    {by_field(lambda s: s.trust)} AS trust,
    coalesce(link_dated.stated, spread.stated, DATE '0001-01-01') AS stated
FROM spread LEFT JOIN link_dated USING (voter, field)
"""  # noqa: S608 - our own names

#: How much of each criterion a value has; the smaller, the better.
_MEASURES = {
    Ruling.TRUST: "-trust",
    Ruling.FREQUENCY: "-votes",
    Ruling.RECENCY: "DATE '0001-01-01' - stated",
}
_PLACES = range(max(len(strategy.order) for strategy in STRATEGIES))


def _measure(place: int) -> str:
    def of(strategy: Strategy) -> str:
        return _MEASURES[strategy.order[place]] if place < len(strategy.order) else "0"

    return f"CAST({by_field(of)} AS BIGINT) AS measure_{place}"


def _ruling(place: int) -> str:
    named = by_field(lambda s: f"'{s.order[place]}'" if place < len(s.order) else "NULL")
    return f"WHEN measure_{place} <> other_{place} THEN {named}"


#: Of the records that wrote a value, the one that stands for it: the first, or the last where recency comes first.
#: One number, days before voters, because comparing structures takes four times as long.
_SPEAKER = by_field(
    lambda s: (
        "(DATE '0001-01-01' - stated) * (1::BIGINT << 40) + voter"
        if s.order[0] is Ruling.RECENCY
        else "voter"
    )
)
#: A form that was written with several trusts is worth its best; what it won against is the best other form.
_TRAITS = f"""
CREATE OR REPLACE TEMP TABLE link_trait AS
WITH counted AS (
    SELECT
        subject, field, form, trust, count(*) AS votes, max(stated) AS stated,
        arg_min(voter, {_SPEAKER}) AS voter, arg_min(written, {_SPEAKER}) AS written
    FROM link_vote
    GROUP BY subject, field, form, trust
),
measured AS (
    SELECT *, {", ".join(map(_measure, _PLACES))} FROM counted
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY subject, field ORDER BY {", ".join(f"measure_{p}" for p in _PLACES)}, voter
        ) AS place
    FROM measured
),
best AS (
    SELECT * FROM ranked WHERE place = 1
),
told AS (
    SELECT
        subject, field, list(DISTINCT ranked.form) AS forms,
        CAST(sum(ranked.votes) FILTER (WHERE ranked.form = best.form) AS BIGINT) AS votes,
        max(ranked.stated) FILTER (WHERE ranked.form = best.form) AS stated,
        {
    ", ".join(
        f"arg_min(ranked.measure_{p}, ranked.place) FILTER (WHERE ranked.form <> best.form) AS other_{p}"
        for p in _PLACES
    )
}
    FROM ranked INNER JOIN best USING (subject, field)
    GROUP BY subject, field
)
SELECT
    subject, field, written, voter, told.votes, told.stated, form, forms,
    CASE
        WHEN len(forms) = 1 THEN '{Ruling.ONLY}'
        {" ".join(map(_ruling, _PLACES))}
        ELSE '{Ruling.ORDER}'
    END AS ruled_by
FROM best INNER JOIN told USING (subject, field)
"""  # noqa: S608 - our own names

_WINNERS = f"""
CREATE OR REPLACE TEMP TABLE link_winner AS
SELECT subject, {", ".join(f"max(written) FILTER (WHERE field = '{name}') AS {name}" for name in FIELDS)}
FROM link_trait
GROUP BY subject
"""  # noqa: S608 - our own names

_ELECTED = """
CREATE OR REPLACE TEMP TABLE link_elected AS
SELECT
    subject,
    nullif(split_part(ins_matricule, chr(31), 1), '') AS ins_matricule,
    nullif(split_part(ins_matricule, chr(31), 2), '') AS ins_oid,
    nullif(split_part(ins_matricule, chr(31), 3), '') AS ins_status,
    birth_name, used_name, first_names, sex,
    CAST(nullif(split_part(birth_date, chr(31), 1), '') AS DATE) AS birth_date,
    nullif(split_part(birth_date, chr(31), 2), '') AS birth_date_precision,
    birth_place_cog, residence_commune, vital_status
FROM link_winner
UNION ALL BY NAME
SELECT * EXCLUDE (voter) FROM link_ballot ANTI JOIN link_contested USING (subject)
"""


def elect(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_elected` from `link_ballot` (subject, voter, stated, identity columns): one row per subject.

    The smallest voter wins a tie. `link_dated` (voter, field, stated): the day of a value where it is not its voter's.
    `link_trait` tells how each value of a subject with several voters was elected; others keep `stated`.
    """
    for statement in (_CONTESTED, _VOTES, _TRAITS, _WINNERS, _ELECTED):
        con.execute(statement).fetchall()
