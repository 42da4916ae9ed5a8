"""The commands on a small network: documents for a machine, words for a person, exit codes for a scheduler."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import show
from pipelines.cli.app import run_command
from tests import small_network
from tests.small_network import NETWORK, SmallNetwork

Reseau = Callable[..., tuple[int, str, str]]


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(first, tmp_path / "net")) as network:
        yield network
    show.choose_language("fr")


@pytest.fixture
def refused(net: SmallNetwork, reseau: Reseau) -> SmallNetwork:
    """The network after a night in which one file of the patients was no table."""
    net.send("alpha/patients.csv", "X;Y\n1;2\n")
    assert reseau("run", *inbox(net))[0] == 1
    return net


@pytest.fixture
def reseau(net: SmallNetwork, capsys: pytest.CaptureFixture[str]) -> Reseau:
    """Run a command on the network: exit code, standard output, standard error."""

    def command(name: str, *more: str, lang: str = "en") -> tuple[int, str, str]:
        capsys.readouterr()
        place = [] if name == "docs" else ["--network", NETWORK, "--home", str(net.home)]
        code = run_command(["--lang", lang, name, *place, *more])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command


def inbox(net: SmallNetwork) -> tuple[str, str]:
    return "--inbox", str(net.inbox)


def words(text: str) -> str:
    """The text of a table or a paragraph on one line, its frame removed."""
    return " ".join(re.sub("[\u2500-\u257f]", " ", text).split())


def kinds(content: Any) -> Any:
    """The shape of a JSON document: names and kinds, the first element of a list for all."""
    if isinstance(content, dict):
        return {name: kinds(value) for name, value in content.items()}
    if isinstance(content, list):
        return [kinds(content[0])] if content else []
    return type(content).__name__


# --- run ---

CONSERVATION = dict.fromkeys(("rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered"), "int")
RUN = {
    "run": "int", "outcome": "str", "snapshot": "int", "report": "str", "refusals": [], "holds": [],
    "findings": {"error": "int", "info": "int", "warning": "int"},
    "conservation": [{"step": "str", **CONSERVATION}], "exit_code": "int",
}  # fmt: skip
REFUSAL = dict.fromkeys(
    ("code", "file", "centre_id", "reason_fr", "reason_en", "remedy_fr", "remedy_en"), "str"
)


def test_the_document_of_a_night_without_news(net: SmallNetwork, reseau: Reseau):
    code, out, err = reseau("run", *inbox(net), "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert kinds(found) == RUN
    assert (found["run"], found["outcome"], found["snapshot"], found["exit_code"]) == (2, "unchanged", 1, 0)
    assert Path(found["report"]).is_dir()
    assert found["findings"] == {"error": 2, "info": 22, "warning": 2}  # most: sizes, extents not collected
    nothing_lost = {"rows_set_aside": 0, "rows_merged": 0, "rows_filtered": 0}
    assert found["conservation"] == [
        {"step": step, "rows_in": rows, "rows_out": rows, **nothing_lost}
        for step, rows in (("read", 11), ("stage", 14), ("validate", 14))
    ]


def test_the_document_of_a_refused_file(net: SmallNetwork, reseau: Reseau):
    net.send("alpha/patients.csv", "X;Y\n1;2\n")
    code, out, _ = reseau("run", *inbox(net), "--json")
    found = json.loads(out)
    assert (code, found["exit_code"]) == (1, 1)
    assert kinds(found) == {**RUN, "refusals": [REFUSAL]}
    [refusal] = found["refusals"]
    assert (refusal["code"], refusal["centre_id"], refusal["file"]) == (
        "missing_header",
        "alpha",
        "patients.csv",
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Rien de nouveau : l'instantané publié reste le 1."),
        ("en", "Nothing new: the published snapshot stays 1."),
    ],
)
def test_a_night_without_news_in_words(net: SmallNetwork, reseau: Reseau, lang: str, said: str):
    assert reseau("run", *inbox(net), lang=lang) == (0, said + "\n", "")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", ["Fichiers refusés", "motif", "aucune colonne attendue", "que faire", "Rien de nouveau"]),
        ("en", ["Refused files", "reason", "none of the expected columns", "what to do", "Nothing new"]),
    ],
)
def test_a_refused_file_in_words(net: SmallNetwork, reseau: Reseau, lang: str, said: list[str]):
    net.send("beta/tout.txt", "X;Y\n1;2\n")
    code, out, _ = reseau("run", *inbox(net), lang=lang)
    assert code == 1
    for text in (*said, "beta", "tout.txt", "missing_header"):
        for word in text.split():  # a cell may be folded between words
            assert word in words(out)


def test_only_one_centre(net: SmallNetwork, reseau: Reseau):
    net.edit("alpha/chirurgie.csv", "R0", "R2")
    code, out, _ = reseau("run", *inbox(net), "--centre", "beta", "--centre", "gamma", "--json")
    found = json.loads(out)
    assert (code, found["outcome"]) == (0, "unchanged")
    assert [(row["step"], row["rows_in"]) for row in found["conservation"]] == [
        ("read", 3), ("stage", 6), ("validate", 6),
    ]  # fmt: skip


def test_a_run_beside_another_is_refused(net: SmallNetwork, reseau: Reseau):
    from pipelines.io.home import only_run, open_home

    with only_run(open_home(net.home), NETWORK):
        code, out, err = reseau("run", *inbox(net))
    assert (code, out) == (2, "")
    assert f"another run of {NETWORK} is at work" in err
    assert "what to do: Wait until it ends" in err


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", ("Refusé", "que faire")), ("en", ("Refused", "what to do"))]
)
def test_an_error_is_told_in_the_language_of_the_terminal(
    net: SmallNetwork, reseau: Reseau, lang: str, said: tuple[str, ...]
):
    code, out, err = reseau("run", *inbox(net), "--centre", "nobody", lang=lang)
    assert (code, out) == (2, "")
    assert all(text in err for text in said)
    with net.open() as registry:
        assert registry.ledger.last_run(NETWORK)["run_id"] == 1  # type: ignore[index]  # no run was begun


def test_the_environment_names_home_and_language(
    net: SmallNetwork, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RESEAU_HOME", str(net.home))
    monkeypatch.setenv("RESEAU_LANG", "en")
    assert run_command(["status", "--network", NETWORK]) == 0
    assert "Current deliveries" in capsys.readouterr().out


def test_no_identity_is_ever_printed(refused: SmallNetwork, reseau: Reseau):
    listed = [reseau(name, *flag) for name in ("status", "snapshots") for flag in ((), ("--json",))]
    listed += [reseau("run", *inbox(refused), *flag) for flag in ((), ("--json",))]
    printed = "".join(out + err for _, out, err in listed)
    assert len(printed) > 1000
    assert not any(value in printed for value in ("DURAND", "MARIE", "LEFÈVRE", "261036938300195"))


# --- status ---

STATUS = {
    "last_run": {"run_id": "int", "network_id": "str", "started": "str", "ended": "str", "outcome": "str",
                 "fingerprint": "str"},
    "centres": [{"centre": "str", "files": "int", "exported": "NoneType", "days_since": "NoneType", "is_late": "bool",
                 "patients": "int", "patients_before": "NoneType", "drift_percent": "NoneType", "rows_received": "int",
                 "rows_kept": "int", "rows_set_aside": "int", "rows_merged": "int", "rows_filtered": "int",
                 "is_loaded": "bool", "holds": []}],
    "deliveries": [{"delivery_id": "str", "centre_id": "str", "file_name": "str", "content_hash": "str", "size": "int",
                    "file_index": "int", "exported": "NoneType", "part": "NoneType", "data_hash": "str",
                    "version_number": "int", "parts": "NoneType", "mode": "str", "is_loaded": "bool"}],
    "holds": [], "refusals": [],
}  # fmt: skip


def test_the_document_of_the_status(reseau: Reseau):
    code, out, _ = reseau("status", "--json")
    found = json.loads(out)
    assert (code, kinds(found)) == (0, STATUS)
    assert found["last_run"]["outcome"] == "published"
    shown = ("centre", "files", "patients", "rows_received", "rows_kept", "rows_set_aside", "is_loaded")
    assert [tuple(row[name] for name in shown) for row in found["centres"]] == [
        ("alpha", 3, 3, 8, 8, 0, True),
        ("beta", 1, 2, 4, 4, 0, True),
        ("gamma", 1, 1, 2, 2, 0, True),
    ]


def test_the_status_after_a_refused_file(refused: SmallNetwork, reseau: Reseau):
    code, out, _ = reseau("status", "--json")
    found = json.loads(out)
    assert (code, kinds(found)) == (1, {**STATUS, "refusals": [REFUSAL]})
    assert found["last_run"]["outcome"] == "unchanged"
    rows = {row["centre"]: row for row in found["centres"]}
    assert (rows["alpha"]["rows_received"], rows["alpha"]["is_loaded"]) == (
        8,
        True,
    )  # the older rows stay loaded
    assert (rows["beta"]["rows_received"], rows["beta"]["is_loaded"]) == (4, True)


def test_the_status_shows_the_declared_date_of_the_newest_export(net: SmallNetwork, reseau: Reseau):
    net.send("alpha/patients.csv", None)
    net.send("alpha/patients_20240229.csv", small_network.PEOPLE + "A4;ROUX;LUC;homme;01/01/1980;;;\n")
    net.stage()
    rows = json.loads(reseau("status", "--json")[1])["centres"]
    assert [(row["centre"], row["exported"]) for row in rows] == [
        ("alpha", "2024-02-29"), ("beta", None), ("gamma", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "title", "row"),
    [
        ("fr", "Dépôts en cours", "alpha chargé 3 — — 3 —"),
        ("en", "Loaded rows", "alpha 8 8 0"),
        ("en", "Current deliveries", "alpha loaded 3 — — 3 —"),
    ],
)
def test_the_status_in_words(reseau: Reseau, lang: str, title: str, row: str):
    code, out, _ = reseau("status", lang=lang)
    assert code == 0
    assert title in out
    assert row in words(out)
    assert "published" in out.splitlines()[-1]


def test_a_centre_that_was_never_accepted_is_shown_as_not_loaded(net: SmallNetwork, reseau: Reseau):
    (net.home / "work" / NETWORK / "centre" / "gamma" / "current").unlink()
    rows = {row["centre"]: row["is_loaded"] for row in json.loads(reseau("status", "--json")[1])["centres"]}
    assert rows == {"alpha": True, "beta": True, "gamma": False}


# --- snapshots ---


def test_the_document_of_the_snapshots(reseau: Reseau):
    code, out, _ = reseau("snapshots", "--json")
    [found] = json.loads(out)
    assert code == 0
    assert (found["network_id"], found["number"], found["run_id"]) == (NETWORK, 1, 1)
    assert (found["patients"], found["tumours"]) == (5, 5)
    assert len(found["fingerprint"]) == 64
    assert found["content_hash"]


@pytest.mark.parametrize(("lang", "title"), [("fr", "Instantanés"), ("en", "Snapshots")])
def test_the_snapshots_in_words(reseau: Reseau, lang: str, title: str):
    code, out, _ = reseau("snapshots", lang=lang)
    assert code == 0
    assert title in out
    assert "1 5 5" in words(out)  # run, patients, tumours


# --- report ---

FILES = ["conformite.csv", "conformite.xlsx", "qualite", "rapport.html"]


def test_the_report_of_a_snapshot_into_a_new_folder(reseau: Reseau, tmp_path: Path):
    out = tmp_path / "new" / "folder"
    code, shown, _ = reseau("report", "--snapshot", "1", "--out", str(out), "--json")
    assert code == 0
    assert json.loads(shown) == {"snapshot": 1, "files": [str(out / name) for name in FILES]}
    assert all((out / name).stat().st_size > 100 for name in FILES)


def test_the_report_is_the_newest_by_default_and_holds_the_figures_of_the_first(
    net: SmallNetwork, reseau: Reseau, tmp_path: Path
):
    code, shown, _ = reseau("report", "--out", str(tmp_path / "r"), lang="fr")
    assert code == 0
    assert shown.count("Écrit : ") == len(FILES)
    assert all(name in shown.replace("\n", "") for name in FILES)
    first = net.home / "reports" / NETWORK / "000001" / "conformite.csv"
    assert (tmp_path / "r" / "conformite.csv").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("number", ["0", "2", "-1"])
def test_a_snapshot_that_is_not_published_is_refused_and_the_known_are_named(
    reseau: Reseau, tmp_path: Path, number: str
):
    code, out, err = reseau("report", "--out", str(tmp_path / "r"), f"--snapshot={number}")
    assert (code, out) == (2, "")
    assert "that snapshot is not published" in err
    assert "Published snapshots: 1." in err
    assert not (tmp_path / "r").exists()


# --- docs ---


def test_the_docs_are_written_where_one_wants_them(reseau: Reseau, tmp_path: Path):
    code, out, _ = reseau("docs", "--out", str(tmp_path / "pages"))
    names = [
        "centres.md",
        "configuration.md",
        "dictionary.md",
        "indicators.md",
        "rule-coverage.md",
        "rules.md",
    ]
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == names
    assert all(name in out.replace("\n", "") for name in names)
    text = (tmp_path / "pages" / "centres.md").read_text(encoding="utf-8")
    assert "| `alpha` | Alpha | Lyon |" in text  # of the networks that are declared now
    assert text.count("\n| `") == 3
