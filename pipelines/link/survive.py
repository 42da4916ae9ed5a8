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

    return f"CAST({by_field(of)} AS BIGINT)"


def _ruling(place: int) -> str:
    return by_field(lambda s: f"'{s.order[place]}'" if place < len(s.order) else "NULL")


#: Of the records that wrote a value, the one that stands for it: the first, or the last where recency comes first.
_SPEAKER = by_field(
    lambda s: "DATE '0001-01-01' - stated" if s.order[0] is Ruling.RECENCY else "CAST(0 AS BIGINT)"
)
#: Best first. A form that was written with several trusts is worth its best; the runner-up is another form.
_TRAITS = f"""
CREATE OR REPLACE TEMP TABLE link_trait AS
WITH counted AS (
    SELECT
        subject, field, form, trust, count(*) AS votes, max(stated) AS stated,
        arg_min(voter, {{'age': {_SPEAKER}, 'voter': voter}}) AS voter,
        arg_min(written, {{'age': {_SPEAKER}, 'voter': voter}}) AS written
    FROM link_vote
    GROUP BY subject, field, form, trust
),
measured AS (
    SELECT *, {{{", ".join(f"'m{place}': {_measure(place)}" for place in _PLACES)}, 'voter': voter}} AS measure
    FROM counted
),
best AS (
    SELECT
        subject, field, form, min(measure) AS measure, arg_min(voter, measure) AS voter,
        arg_min(written, measure) AS written, CAST(sum(votes) AS BIGINT) AS votes, max(stated) AS stated
    FROM measured
    GROUP BY subject, field, form
),
elected AS (
    SELECT
        subject, field, arg_min(written, measure) AS written, arg_min(voter, measure) AS voter,
        arg_min(votes, measure) AS votes, arg_min(stated, measure) AS stated,
        min(measure, 2) AS first_two, list(form ORDER BY measure) AS forms
    FROM best
    GROUP BY subject, field
)
SELECT
    * EXCLUDE (first_two),
    CASE
        WHEN len(first_two) = 1 THEN '{Ruling.ONLY}'
        {" ".join(f"WHEN first_two[1].m{p} <> first_two[2].m{p} THEN {_ruling(p)}" for p in _PLACES)}
        ELSE '{Ruling.ORDER}'
    END AS ruled_by
FROM elected
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
