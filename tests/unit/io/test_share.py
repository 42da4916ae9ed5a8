"""What a result was computed with: the digest sees every file that counts, and nothing else."""

import ast
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.io import share as module
from pipelines.io.share import digest, read_sql, share, sql_files
from pipelines.registry import GLOBAL_SOURCES, STAGE_SOURCES

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "config/networks/n.yaml": "id: n", "config/codes/a.csv": "a,b", "config/codes/b.csv": "c,d",
    "sql/views/v.sql": "SELECT 1", "pipelines/x.py": "pass", "pipelines/y/z.py": "pass",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few files that a test may change."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "share", lambda: tmp_path)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "pipelines" / "io" / "share.py"))
    return tmp_path


ALL = ("config/codes/*.csv", "sql/**/*.sql", "pipelines/**/*.py")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root / "config/codes/a.csv", "a,c"),
        lambda root: write(root / "config/codes/a.csv", "a,b\n"),
        lambda root: write(root / "config/codes/a.csv", ""),
        lambda root: write(root / "config/codes/c.csv", ""),
        lambda root: (root / "config/codes/a.csv").unlink(),
        lambda root: (root / "config/codes/a.csv").rename(root / "config/codes/aa.csv"),
        lambda root: write(root / "sql/views/v.sql", "SELECT 2"),
        lambda root: write(root / "sql/deep/er/w.sql", "SELECT 1"),
        lambda root: write(root / "pipelines/y/z.py", "pass  # why"),
        lambda root: write(root / "pipelines/new.py", "pass"),
        lambda root: (write(root / "config/codes/a.csv", "c,d"), write(root / "config/codes/b.csv", "a,b")),
        lambda root: (write(root / "config/codes/a.csv", "a,bc"), write(root / "config/codes/b.csv", ",d")),
    ],
)
def test_the_digest_sees_every_change_of_content_or_name(root: Path, change):
    before = digest(*ALL)
    change(root)
    assert digest(*ALL) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root / "pipelines/__pycache__/x.cpython-311.pyc", "bytes"),
        lambda root: write(root / "pipelines/y/__pycache__/z.py", "a cache of the same ending"),
        lambda root: write(root / "README.md", "words"),
        lambda root: write(root / "config/codes/a.csv.bak", "a"),
        lambda root: (root / "pipelines/empty").mkdir(),
        lambda root: (root / "pipelines/folder.py").mkdir(),
        lambda root: (root / "config/codes/a.csv").touch(),
        lambda root: write(root / "config/codes/a.csv", "a,b"),
    ],
)
def test_the_digest_does_not_see_what_no_result_depends_on(root: Path, change):
    before = digest(*ALL)
    change(root)
    assert digest(*ALL) == before


def test_the_digest_does_not_depend_on_where_the_project_is_or_when_its_files_were_made(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    before = digest(*ALL)
    other = tmp_path_factory.mktemp("elsewhere")
    for name, text in sorted(FILES.items(), reverse=True):
        write(other / name, text)
    monkeypatch.setattr(module, "share", lambda: other)
    monkeypatch.setattr(module, "__file__", str(other / "pipelines" / "io" / "share.py"))
    assert digest(*ALL) == before


def test_a_name_cannot_pass_for_content(root: Path):
    write(root / "pipelines/n.py", ".py")
    before = digest("pipelines/**/*.py")
    (root / "pipelines/n.py").unlink()
    write(root / "pipelines/n.py.py", "")
    assert digest("pipelines/**/*.py") != before


@pytest.mark.parametrize("pattern", [*STAGE_SOURCES, *GLOBAL_SOURCES])
def test_every_pattern_of_the_registry_finds_a_file(pattern: str):
    assert [path for path in ROOT.glob(pattern) if path.is_file()], "a pattern without file notices no change"


def imports(path: Path) -> set[Path]:
    """The modules of ours that a module names in an import, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    files = (ROOT / f"{name.replace('.', '/')}.py" for name in names)
    packages = (ROOT / name.replace(".", "/") / "__init__.py" for name in names)
    return {file for file in (*files, *packages) if file.is_file() and file.is_relative_to(ROOT)}


def reached(*patterns: str) -> set[str]:
    """Our modules that the code of these files can run."""
    todo = {path for pattern in patterns for path in ROOT.glob(pattern)}
    found: set[Path] = set()
    while todo:
        path = todo.pop()
        found.add(path)
        todo |= imports(path) - found
    return {path.relative_to(ROOT).as_posix() for path in found}


def covered(*patterns: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern)}


#: Reached by the code of a step, yet no result depends on them: where files lie.
WITHOUT_EFFECT = {"pipelines/io/home.py", "pipelines/io/store.py", "pipelines/io/data_docs.py"}


@pytest.mark.parametrize(
    ("steps", "sources"),
    [
        (("pipelines/stage/*.py", "pipelines/centre_work.py"), STAGE_SOURCES),
        (
            (
                "pipelines/link/*.py",
                "pipelines/harmonise/*.py",
                "pipelines/warehouse/*.py",
                "pipelines/report/*.py",
            ),
            (*STAGE_SOURCES, *GLOBAL_SOURCES),
        ),
    ],
)
def test_what_a_step_can_run_is_in_its_digest(steps: tuple[str, ...], sources: tuple[str, ...]):
    missing = reached(*steps) - covered(*sources) - WITHOUT_EFFECT
    assert missing == set(), "a change there would leave old results in place"


@pytest.mark.parametrize("folder", ["warehouse", "views", "indicators", "harmonise"])
def test_sql_files_come_by_name(folder: str):
    names = [path.name for path in sql_files(folder)]
    assert names
    assert names == sorted(names)
    assert all(read_sql(folder, name).startswith("/* ---") for name in names)


def test_a_folder_without_sql_is_empty():
    assert sql_files("nowhere") == []


def test_an_installation_without_configuration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "__file__", str(tmp_path / "pipelines" / "io" / "share.py"))
    with pytest.raises(ConfigError, match="config/networks was not found"):
        share.__wrapped__()


@pytest.mark.parametrize("place", ["config/networks", "pipelines/_share/config/networks"])
def test_the_configuration_is_found_in_a_checkout_and_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
):
    (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "pipelines" / "io" / "share.py"))
    assert share.__wrapped__() == (tmp_path / place).parents[1]
