"""The PostgreSQL warehouse: equal to the file, switched at once, never half."""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from pipelines.errors import AuditError, WarehouseError
from pipelines.io import postgres
from pipelines.io.share import sql_files
from tests.harmonised import harmonise
from tests.star import fill
from tests.tables import rows
from validations.contracts.derive import ddl
from validations.contracts.tables import WAREHOUSE

pytestmark = pytest.mark.postgres
NETWORK = "netsarc"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real warehouse."""
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        harmonise(con, patients=150)
        fill(con)
    return path


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """The server, without what other tests loaded."""
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as con:
        names = con.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'reseau%'").fetchall()
        for (name,) in names:
            con.execute(f'DROP SCHEMA "{name}" CASCADE')


def load(url: str, file: Path, snapshot: int, content: str = "hash") -> None:
    postgres.load(url, file, network_id=NETWORK, snapshot=snapshot, content_hash=content)


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("schema", ["reseau_netsarc", "reseau_netsarc_s0007"])
def test_every_table_equals_the_files_row_by_row(url: str, file: Path, schema: str):
    load(url, file, 7)
    with duckdb.connect(str(file), read_only=True) as con:
        for name in (*(table.name for table in WAREHOUSE), *(path.stem for path in sql_files("views"))):
            theirs = ask(url, f'SELECT * FROM {schema}."{name}"')
            key = lambda row: tuple((cell is None, str(cell)) for cell in row)  # noqa: E731
            assert sorted(theirs, key=key) == rows(con, f'SELECT * FROM "{name}"'), name


def test_columns_have_the_declared_types_and_meanings(url: str, file: Path):
    load(url, file, 1)
    found = ask(url, """
        SELECT column_name, data_type, is_nullable, col_description('reseau_netsarc_s0001.fct_surgery'::regclass,
            ordinal_position)
        FROM information_schema.columns WHERE table_schema = 'reseau_netsarc_s0001' AND table_name = 'fct_surgery'
            AND column_name IN ('row_id', 'surgery_date', 'had_rupture', 'declaration_count')
        ORDER BY ordinal_position
    """)  # fmt: skip
    assert [row[:3] for row in found] == [
        ("row_id", "text", "NO"), ("surgery_date", "date", "YES"), ("had_rupture", "boolean", "YES"),
        ("declaration_count", "bigint", "NO"),
    ]  # fmt: skip
    assert found[1][3] == "date of surgery"


def test_text_of_any_script_and_extreme_numbers_survive(url: str, tmp_path: Path):
    path = tmp_path / "odd.duckdb"
    with duckdb.connect(str(path)) as con:
        for table in WAREHOUSE:
            con.execute(ddl(table))
        for view in sql_files("views"):
            con.execute(f'CREATE VIEW "{view.stem}" AS SELECT 1 AS one')
        con.execute(
            "INSERT INTO dim_network (network_id, label_fr, label_en) VALUES ('n', 'Éà\t\n;\"''', '日本 \U0001f9ec')"
        )
        con.execute("""
            INSERT INTO fct_tumour (tumour_id, patient_id, centre_id, is_in_scope, is_incident, record_count, size_mm,
                diagnosis_date)
            VALUES ('a', '', 'c', TRUE, FALSE, 9223372036854775807, 0.1 + 0.2, DATE '0001-01-01'),
                ('b', ' ', 'c', TRUE, FALSE, 0, 1e-300, DATE '9999-12-31'), ('c', 'p', 'c', TRUE, FALSE, 1, NULL, NULL)
        """)
        expected = con.execute("SELECT * FROM fct_tumour ORDER BY tumour_id").fetchall()
        network = con.execute("SELECT * FROM dim_network").fetchall()
    load(url, path, 1)
    assert ask(url, "SELECT * FROM reseau_netsarc.fct_tumour ORDER BY tumour_id") == expected
    assert ask(url, "SELECT * FROM reseau_netsarc.dim_network") == network


def test_the_stable_views_move_to_the_new_snapshot_and_the_old_one_stays(
    url: str, file: Path, tmp_path: Path
):
    load(url, file, 1, "one")
    newer = tmp_path / "newer.duckdb"
    newer.write_bytes(file.read_bytes())
    with duckdb.connect(str(newer)) as con:
        con.execute("DELETE FROM fct_finding")
    load(url, newer, 2, "two")
    counts = [
        ask(url, f"SELECT count(*) FROM {s}.fct_finding") for s in ("reseau_netsarc_s0001", "reseau_netsarc")
    ]
    assert counts == [[(150,)], [(0,)]]
    assert ask(
        url, "SELECT snapshot, content_hash, is_current FROM reseau_netsarc.snapshot ORDER BY snapshot"
    ) == [
        (1, "one", False),
        (2, "two", True),
    ]


def test_it_knows_whether_it_shows_this_content(url: str, file: Path):
    assert not postgres.has_snapshot(url, network_id=NETWORK, content_hash="one")
    load(url, file, 1, "one")
    load(url, file, 2, "two")
    assert postgres.has_snapshot(url, network_id=NETWORK, content_hash="two")
    assert not postgres.has_snapshot(url, network_id=NETWORK, content_hash="one")
    assert not postgres.has_snapshot(url, network_id="femnet", content_hash="two")


def test_a_view_that_an_analyst_built_survives_the_switch(url: str, file: Path):
    load(url, file, 1)
    with psycopg.connect(url) as con:
        con.execute("CREATE SCHEMA reseau_analyst")
        con.execute("CREATE VIEW reseau_analyst.mine AS SELECT count(*) FROM reseau_netsarc.fct_tumour")
    load(url, file, 2)
    assert ask(url, "SELECT * FROM reseau_analyst.mine") == [(150,)]


def test_a_changed_column_replaces_the_view_and_says_when_it_cannot(url: str, file: Path):
    load(url, file, 1)
    with psycopg.connect(url) as con:
        con.execute("DROP VIEW reseau_netsarc.dim_period")
        con.execute("CREATE VIEW reseau_netsarc.dim_period AS SELECT 1 AS old_column")
    load(url, file, 2)
    assert len(ask(url, "SELECT label_fr FROM reseau_netsarc.dim_period")) == 3
    with psycopg.connect(url) as con:
        con.execute("CREATE OR REPLACE VIEW reseau_netsarc.v_unknown_reason AS SELECT *, 1 AS more FROM"
                    " reseau_netsarc_s0002.v_unknown_reason")  # fmt: skip
        con.execute("CREATE SCHEMA reseau_analyst")
        con.execute("CREATE VIEW reseau_analyst.mine AS SELECT * FROM reseau_netsarc.v_unknown_reason")
    with pytest.raises(WarehouseError, match=r"DependentObjectsStillExist.*drop the views"):
        load(url, file, 3)
    assert ask(url, "SELECT snapshot FROM reseau_netsarc.snapshot WHERE is_current") == [(2,)]


@pytest.mark.parametrize("snapshot", [1, 2])
def test_a_published_snapshot_is_never_overwritten(url: str, file: Path, snapshot: int):
    load(url, file, 2)
    with pytest.raises(WarehouseError, match="snapshot 2 is already published"):
        load(url, file, snapshot)


def broken(file: Path, path: Path, change: str) -> Path:
    path.write_bytes(file.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute(change)
    return path


def test_a_refused_row_leaves_the_views_and_tells_no_value_and_the_next_load_works(
    url: str, file: Path, tmp_path: Path
):
    load(url, file, 1)
    nul = broken(file, tmp_path / "nul.duckdb", "UPDATE dim_centre SET name = 'MARTIN' || chr(0)")
    with pytest.raises(WarehouseError) as refused:
        load(url, nul, 2)
    assert "MARTIN" not in str(refused.value)
    assert refused.value.__suppress_context__
    assert ask(url, "SELECT snapshot FROM reseau_netsarc.snapshot WHERE is_current") == [(1,)]
    assert ask(url, "SELECT count(*) FROM reseau_netsarc.fct_tumour") == [(150,)]
    load(url, file, 2)  # the schema that the dead load left is swept
    assert ask(url, "SELECT snapshot FROM reseau_netsarc.snapshot WHERE is_current") == [(2,)]


def test_a_row_that_changes_on_the_way_is_noticed(url: str, file: Path, monkeypatch: pytest.MonkeyPatch):
    copy = postgres._copy

    def copy_and_lose(source: object, copier: object, names: postgres._Names) -> None:
        copy(source, copier, names)
        with psycopg.connect(url) as con:
            con.execute(f'UPDATE "{names.own}".fct_surgery SET margin = NULL')

    monkeypatch.setattr(postgres, "_copy", copy_and_lose)
    with pytest.raises(WarehouseError, match="not loaded as they are in the file: fct_surgery"):
        load(url, file, 1)
    assert ask(url, "SELECT count(*) FROM reseau_netsarc.snapshot") == [(0,)]


def test_two_loads_of_one_network_do_not_meet(url: str, file: Path):
    names = postgres._Names(NETWORK, 1)
    with psycopg.connect(url) as con:
        con.execute("SELECT pg_advisory_lock(%s)", (names.lock,))
        with pytest.raises(WarehouseError, match="another load of this network is at work"):
            load(url, file, 1)
    load(url, file, 1)


def test_two_networks_live_beside_one_another(url: str, file: Path):
    load(url, file, 1)
    postgres.load(url, file, network_id="femnet", snapshot=1, content_hash="hash")
    assert ask(url, "SELECT count(*) FROM reseau_femnet.fct_tumour") == [(150,)]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://user:secret@127.0.0.1:1/base", "127.0.0.1:1/base: PostgreSQL refused"),
        ("no url", "not a URL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(file: Path, address: str, message: str):
    with pytest.raises(WarehouseError, match=message) as refused:
        load(address, file, 1)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("module", ["psycopg", "adbc_driver_postgresql"])
def test_a_missing_driver_is_told_with_what_to_install(
    url: str, file: Path, monkeypatch: pytest.MonkeyPatch, module: str
):
    for name in [n for n in sys.modules if n.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WarehouseError, match=r"pip install 'reseau\[postgres\]'"):
        load(url, file, 1)


def test_a_name_that_is_no_identifier_is_refused(file: Path):
    with pytest.raises(WarehouseError, match="cannot name a schema"):
        postgres.load("postgresql://x/y", file, network_id='a"; DROP', snapshot=1, content_hash="")


def test_an_audit_sees_the_filled_schema_before_any_view_shows_it(url: str, file: Path):
    seen: list[tuple[object, ...]] = []

    def audit(schema: str) -> None:
        [(filled,)] = ask(url, f"SELECT count(*) FROM {schema}.fct_surgery")
        [(views,)] = ask(url, "SELECT count(*) FROM pg_views WHERE schemaname LIKE 'reseau%'")
        seen.append((schema, filled > 0, views))  # type: ignore[operator]

    postgres.load(url, file, network_id=NETWORK, snapshot=3, content_hash="hash", audit=audit)
    assert seen == [("reseau_netsarc_s0003", True, 0)]
    assert postgres.has_snapshot(url, network_id=NETWORK, content_hash="hash")


def test_a_refused_load_leaves_the_views_of_before_and_the_next_one_sweeps(url: str, file: Path):
    def refuse(schema: str) -> None:
        raise AuditError(f"no {schema}")

    load(url, file, 1, "old")
    for _ in range(2):
        with pytest.raises(AuditError, match="no reseau_netsarc_s0002"):
            postgres.load(url, file, network_id=NETWORK, snapshot=2, content_hash="new", audit=refuse)
        assert postgres.has_snapshot(url, network_id=NETWORK, content_hash="old")
    load(url, file, 2, "new")
    assert postgres.has_snapshot(url, network_id=NETWORK, content_hash="new")
