"""The shape of the project: who may open files, name a centre, import Airflow; how long a function may be."""

import ast
import re
import statistics
import subprocess
from functools import cache
from pathlib import Path

import pytest

from pipelines.definitions import sql_header
from pipelines.io.configuration import centre_ids, network_ids

ROOT = Path(__file__).resolve().parent.parent
OURS = ("pipelines", "validations", "dags", "benchmarks")
STAGES = ("intake", "stage", "link", "harmonise", "warehouse", "report", "synthetic")
OPENERS = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "read_csv", "read_parquet", "to_parquet",
           "to_csv", "to_excel", "create_engine", "urlopen", "savefig"}  # fmt: skip
OPENING_CALLS = {
    ("duckdb", "connect"), ("sqlite3", "connect"), ("os", "open"), ("socket", "socket"), ("socket", "create_server"),
}  # fmt: skip


@cache
def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> list[tuple[int, str, ast.FunctionDef]]:
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}", node)
        for path in python_files(*OURS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    ]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_functions_are_short():
    lengths = sorted(length for length, _, _ in functions())
    too_long = [(length, name) for length, name, _ in functions() if length > 60]
    assert too_long == []
    assert statistics.median(lengths) <= 10
    assert lengths[int(0.9 * (len(lengths) - 1))] <= 30


def test_functions_are_annotated():
    def bare(node: ast.FunctionDef) -> bool:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return node.returns is None or any(
            a.annotation is None and a.arg not in {"self", "cls"} for a in arguments
        )

    assert [name for _, name, node in functions() if bare(node)] == []


def broad_handlers(*folders: str) -> list[ast.ExceptHandler]:
    return [
        node
        for path in python_files(*folders)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
    ]


def test_nothing_catches_everything():
    assert broad_handlers("pipelines", "validations", "benchmarks") == []


def test_the_border_to_airflow_raises_again_what_it_catches():
    [border] = broad_handlers("dags")
    assert isinstance(border.body[-1], ast.Raise)


def test_airflow_is_imported_under_dags_only():
    guilty = [
        str(path.relative_to(ROOT))
        for path in python_files("pipelines", "validations", "benchmarks")
        if any(name.split(".")[0] == "airflow" for name in imports(path))
    ]
    assert guilty == []


def test_flask_is_imported_by_the_local_page_only():
    allowed = {
        ROOT / "pipelines" / "io" / "local_server.py",
        *(ROOT / "pipelines" / "review_page").glob("*.py"),
    }
    guilty = [
        str(path.relative_to(ROOT))
        for path in python_files("pipelines", "validations", "dags")
        if path not in allowed
        and any(name.split(".")[0] in {"flask", "werkzeug", "waitress"} for name in imports(path))
    ]
    assert guilty == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_no_other_stage(stage):
    others = {f"pipelines.{other}" for other in STAGES if other != stage} | {
        "pipelines.flow",
        "pipelines.cli",
    }
    guilty = [
        (str(path.relative_to(ROOT)), name)
        for path in python_files(f"pipelines/{stage}")
        for name in imports(path)
        if any(name == other or name.startswith(f"{other}.") for other in others)
    ]
    assert guilty == []


def test_validations_imports_nothing_of_ours():
    guilty = [
        p.name for p in python_files("validations") if any(n.split(".")[0] == "pipelines" for n in imports(p))
    ]
    assert guilty == []


def test_only_io_opens_files_and_connections():
    def opens(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        function = node.func
        if isinstance(function, ast.Name):
            return function.id in OPENERS
        if isinstance(function, ast.Attribute):
            owner = function.value.id if isinstance(function.value, ast.Name) else ""
            return function.attr in OPENERS or (owner, function.attr) in OPENING_CALLS
        return False

    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("pipelines", "validations")
        if "io" not in path.relative_to(ROOT).parts
        for node in ast.walk(tree(path))
        if opens(node)
    ]
    assert guilty == []


def test_a_centre_is_named_in_its_configuration_only():
    ids = {centre for network in network_ids() for centre in centre_ids(network)} - {"rreps", "resos"}
    word = re.compile(r"(?<![\w-])(" + "|".join(sorted(ids)) + r")(?![\w-])")
    tracked = [
        p
        for p in (*python_files(*OURS), *ROOT.glob("sql/**/*.sql"))
        if word.search(p.read_text(encoding="utf-8"))
    ]
    assert [str(path.relative_to(ROOT)) for path in tracked] == []


def test_every_sql_file_has_a_header_that_names_it():
    for path in sorted(ROOT.glob("sql/**/*.sql")):
        header = sql_header(path.read_text(encoding="utf-8"), where=path.name)
        assert re.search(rf"^id: {path.stem}$", header, re.MULTILINE), path.name


def test_sql_files_are_short():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("sql/**/*.sql"))
    assert lengths[-1] <= 120
    assert statistics.median(lengths) <= 50


def test_the_locks_hold_no_address():
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"://|--index-url|--find-links", text), name


def test_the_engine_lock_is_part_of_the_development_lock():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s\\]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
    assert {pin.split("==")[0] for pin in pins("requirements-spark.lock") - pins("requirements.lock")} == {
        "py4j", "pyspark",
    }  # fmt: skip


def test_there_is_enough_test_code():
    def lines(*folders: str) -> int:
        return sum(
            bool(line.strip())
            for path in python_files(*folders)
            for line in path.read_text("utf-8").splitlines()
        )

    # Benchmarks are proofs (generators of polluted files, a reference model), not product: neither they nor their
    # tests count.
    product = lines("pipelines", "validations", "dags")
    assert lines("tests") - lines("tests/unit/benchmarks") >= 1.2 * product


def test_import_linter_keeps_the_layers():
    linter = ROOT / ".venv" / "bin" / "lint-imports"
    if not linter.exists():
        pytest.skip("import-linter is not in .venv")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
