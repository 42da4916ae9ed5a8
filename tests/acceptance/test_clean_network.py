"""Without faults the chain finds exactly the truth: every person, every tumour, every indicator."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.chain import Chain, generate
from validations.contracts.tables import WAREHOUSE


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, tuple[int, dict[str, Any], str]]:
    chain = generate(tmp_path_factory.mktemp("clean"), faults="none")
    return chain, chain.run()


@pytest.fixture(scope="module")
def chain(first: tuple[Chain, Any]) -> Chain:
    return first[0]


def test_the_run_ends_well(first: tuple[Chain, tuple[int, dict[str, Any], str]]):
    code, outcome, error = first[1]
    assert (code, outcome.get("outcome"), outcome.get("refusals")) == (0, "published", []), error


def test_every_step_closes_and_nothing_is_set_aside(first: tuple[Chain, tuple[int, dict[str, Any], str]]):
    steps = {row["step"]: row for row in first[1][1]["conservation"]}
    assert list(steps) == ["read", "stage", "validate", "collapse", "link", "harmonise", "warehouse"]
    for row in steps.values():
        out = row["rows_out"] + row["rows_set_aside"] + row["rows_merged"] + row["rows_filtered"]
        assert row["rows_in"] == out
        assert row["rows_set_aside"] == 0


def test_every_person_is_found(chain: Chain):
    wrong = chain.query("""
        SELECT count(*) FROM (
            SELECT person_key FROM truth_record JOIN lnk_record USING (centre_id, local_patient_id)
            GROUP BY person_key HAVING count(DISTINCT person_id) > 1
            UNION ALL
            SELECT person_id FROM truth_record JOIN lnk_record USING (centre_id, local_patient_id)
            GROUP BY person_id HAVING count(DISTINCT person_key) > 1
        )""")
    missing = chain.query(
        "SELECT count(*) FROM truth_record ANTI JOIN lnk_record USING (centre_id, local_patient_id)"
    )
    assert (wrong, missing) == ([(0,)], [(0,)])


def test_every_tumour_is_found_and_coded(chain: Chain):
    wrong = chain.query("""
        SELECT count(*)
        FROM truth_tumour AS t
        LEFT JOIN (SELECT DISTINCT tumour_key, tumour_id FROM truth_local_tumour
                   JOIN lnk_tumour USING (centre_id, local_patient_id, local_tumour_id)) AS m USING (tumour_key)
        LEFT JOIN fct_tumour AS f USING (tumour_id)
        WHERE (t.morphology, t.topography, t.diagnosis_date, t.is_incident, t.is_in_scope, t.responsible_centre_id)
            IS DISTINCT FROM (f.morphology, f.topography, f.diagnosis_date, f.is_incident, f.is_in_scope, f.centre_id)
    """)
    counts = chain.query("SELECT (SELECT count(*) FROM truth_tumour) - (SELECT count(*) FROM fct_tumour)")
    assert (wrong, counts) == ([(0,)], [(0,)])


def test_every_indicator_equals_the_truth_tumour_by_tumour(chain: Chain):
    wrong = chain.query("""
        WITH truth AS (
            SELECT DISTINCT m.tumour_id, i.indicator_id, i.period_id, i.centre_id, i.is_first_surgery_in_reference,
                i.is_achieved
            FROM truth_indicator AS i JOIN truth_local_tumour AS l USING (tumour_key)
            JOIN lnk_tumour AS m ON (m.centre_id, m.local_patient_id, m.local_tumour_id)
                = (l.centre_id, l.local_patient_id, l.local_tumour_id)
        ), found AS (
            SELECT tumour_id, indicator_id, period_id, centre_id, is_first_surgery_in_reference, is_achieved
            FROM fct_indicator
        )
        SELECT count(*) FROM ((FROM truth EXCEPT FROM found) UNION ALL (FROM found EXCEPT FROM truth))
    """)
    some = chain.query(
        "SELECT count(*), count(DISTINCT indicator_id), count(DISTINCT period_id) FROM fct_indicator"
    )
    assert wrong == [(0,)]
    assert some[0][0] > 1000
    assert some[0][1:] == (6, 3)


def test_the_published_table_equals_the_truth(chain: Chain):
    wrong = chain.query("""
        WITH truth AS (
            SELECT indicator_id, period_id, count(*) AS n_all, count(*) FILTER (WHERE is_achieved) AS n_yes,
                count(*) FILTER (WHERE is_achieved IS NULL) AS n_missing
            FROM truth_indicator GROUP BY ALL
        )
        SELECT count(*) FROM truth FULL JOIN (FROM ind_conformity WHERE group_kind = 'all') AS c
            USING (indicator_id, period_id)
        WHERE (n_all, n_yes, n_missing) IS DISTINCT FROM (eligible_count, achieved_count, missing_count)
            OR abs(percent_all - 100.0 * n_yes / n_all) > 1e-9
    """)
    assert wrong == [(0,)]


def test_running_again_changes_nothing_and_says_so(chain: Chain):
    before = sorted((p, p.stat().st_mtime_ns) for p in (chain.home / "snapshots").rglob("*") if p.is_file())
    code, outcome, error = chain.run()
    after = sorted((p, p.stat().st_mtime_ns) for p in (chain.home / "snapshots").rglob("*") if p.is_file())
    assert (code, outcome["outcome"], outcome["snapshot"]) == (0, "unchanged", 1), error
    assert after == before


@pytest.mark.slow
def test_a_rebuild_elsewhere_gives_the_same_content(chain: Chain, tmp_path: Path):
    """Same deliveries, same key, another folder: the same canonical hash."""
    (tmp_path / "secret").mkdir(mode=0o700)
    key = tmp_path / "secret" / "pseudonym.key"
    key.write_text((chain.home / "secret" / "pseudonym.key").read_text())
    key.chmod(0o600)
    other = Chain(tmp_path)
    other.reseau("run", "--inbox", str(chain.inbox), "--home", str(tmp_path))
    hashes = [c.reseau("snapshots", "--home", str(h))[1][0]["content_hash"]  # type: ignore[index]
              for c, h in ((chain, chain.home), (other, tmp_path))]  # fmt: skip
    assert hashes[0] == hashes[1]


def test_no_identity_reaches_the_warehouse_or_the_report(chain: Chain):
    """Byte scan: no birth name, INS number or local patient id outside the integration zone."""
    secrets = {str(cell) for row in chain.query("""
        SELECT ins_matricule, birth_name FROM lnk_person WHERE length(birth_name) > 6 AND ins_matricule IS NOT NULL
        LIMIT 200""") for cell in row}  # fmt: skip
    assert len(secrets) > 100
    outside = [p for zone in ("snapshots", "reports") for p in (chain.home / zone).rglob("*") if p.is_file()]
    outside.append(chain.home / "ledger.sqlite")
    assert len(outside) > 4
    leaks = [(p.name, len(s)) for p in outside for s in secrets if s.encode() in p.read_bytes()]
    assert leaks == []


def test_the_expectations_left_their_data_docs(chain: Chain):
    docs = list((chain.warehouse.parent / "expectations").rglob("index.html"))
    assert docs


@pytest.mark.postgres
@pytest.mark.slow
def test_postgresql_holds_the_same_tables(chain: Chain, postgres_url: str):
    """The published snapshot is loaded even when nothing is new; every stable view has the rows of DuckDB."""
    import psycopg

    code, outcome, error = chain.run("--warehouse", postgres_url)
    assert (code, outcome["outcome"]) == (0, "unchanged"), error
    with psycopg.connect(postgres_url) as con:
        counts = {
            table.name: con.execute(f'SELECT count(*) FROM "reseau_netsarc"."{table.name}"').fetchone()
            for table in WAREHOUSE
        }
    assert counts == {
        table.name: chain.query(f'SELECT count(*) FROM "{table.name}"')[0] for table in WAREHOUSE
    }
