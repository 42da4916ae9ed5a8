"""The verdict before sending: that of a run on the same files, in the terminal, as JSON and as a workbook."""

import dataclasses
import json
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from pipelines import centre_work
from pipelines import check as module
from pipelines.check import Verdict, check_files
from pipelines.cli import check_workbook, show
from pipelines.cli.app import run_command
from pipelines.cli.check_show import by_rule, row_account
from pipelines.config import Centre
from pipelines.io.configuration import load_centre
from tests import deadly, small_network
from tests.small_network import CENTRES, NETWORK, OPERATIONS, PEOPLE, SHEET, TUMOURS, SmallNetwork, xlsx
from validations.rules import contract as c

Reseau = Callable[..., tuple[int, str, str]]
#: Identifiers and values that nobody but the centre may read; `=1+1` is a formula to a careless spreadsheet.
SECRETS = ("IPP7", "IPP8", "IPP9", "ZORGLUB", "KARL", "261036938300195", "=1+1", "31/02/2018")
FAULTY = {
    "alpha/patients.csv": f"{PEOPLE.splitlines()[0]}\n"
    "IPP7;ZORGLUB;KARL;=1+1;01/07/1955;;;\n"
    "IPP8;ZORGLUB;KARL;femme;01/07/2055;261036938300195;1.2.250.1.213.1.4.8;PROV\n"
    "IPP8;ZORGLUB;KARL;femme;01/07/1955;;;\n",
    "alpha/tumeurs.csv": f"{TUMOURS.splitlines()[0]}\n"
    "IPP7;1;31/02/2018;8890/3;C49.2;primary\n"
    "IPP9;1;05/06/2018;8936/3;C16.9;primary\n"
    "IPP8;1;05/06/2018;8936/3;C16.9;primary\n"
    ";1;05/06/2018;8936/3;C16.9;primary\n",
    "alpha/chirurgie.csv": f"{OPERATIONS.splitlines()[0]};PLUS\n"
    "IPP7;1;01/06/2017;resection;primary;R0;curative;\n"
    "IPP8;1;01/06/1917;resection;primary;R0;curative;\n"
    "IPP8;1;cut\n"
    "\n"
    "IPP7;1;01/06/2017;resection;primary;R0;curative;\n"
    "IPP8;2;20/07/2018;resection;primary;R1;curative;\n",
}


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallNetwork]:
    """The network before its first night; `check` works in this process and in a folder for temporary files."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.setattr(module, "do_all", small_network.in_this_process)
    with small_network.in_force(small_network.write_network(tmp_path / "net")) as network:
        yield network
    show.choose_language("fr")


@pytest.fixture
def faulty(net: SmallNetwork) -> SmallNetwork:
    for name, content in FAULTY.items():
        net.send(name, content)
    return net


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """What `check` says of the faulty files of the first centre."""
    network = small_network.write_network(tmp_path_factory.mktemp("verdict") / "net")
    with pytest.MonkeyPatch.context() as patch, small_network.in_force(network):
        patch.setattr(module, "do_all", small_network.in_this_process)
        for name, content in FAULTY.items():
            network.send(name, content)
        return judged(network, "alpha")


@pytest.fixture
def reseau(net: SmallNetwork, capsys: pytest.CaptureFixture[str]) -> Reseau:
    """Check files of the inbox: exit code, standard output, standard error."""

    def command(
        centre: str, *names: str, more: tuple[str, ...] = (), lang: str = "fr"
    ) -> tuple[int, str, str]:
        capsys.readouterr()
        files = [str(path) for path in given(net, centre, *names)]
        code = run_command(["--lang", lang, "check", *files, "--centre", centre, "--network", NETWORK, *more])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command


def given(net: SmallNetwork, centre: str, *names: str) -> list[Path]:
    """These files of a centre, or all."""
    folder = net.inbox / centre
    return [folder / name for name in names] if names else sorted(folder.iterdir())


def judged(net: SmallNetwork, centre: str, *names: str) -> Verdict:
    return check_files(given(net, centre, *names), network_id=NETWORK, centre=declared(centre))


def declared(centre: str) -> Centre:
    return load_centre(NETWORK, centre)


def words(text: str) -> str:
    """The text of a table or a paragraph on one line, its frame removed."""
    return " ".join(re.sub("[\u2500-\u257f]", " ", text).split())


def told(verdict: Verdict) -> list[tuple[str, str, int, str, bool]]:
    return sorted((r.rule.id, r.file, r.line, r.field, r.is_set_aside) for r in verdict.remarks)


def of_a_night(net: SmallNetwork, centre: str) -> list[tuple[str, str, int, str, bool]]:
    """The findings of a run on the inbox, as the tables of the centre hold them."""
    net.stage()
    with net.open() as registry:
        folder = registry.accepted_folder(centre)
    assert folder is not None
    names = ["rule_id", "file", "line", "field", "is_quarantined"]
    found = pyarrow.parquet.read_table(folder / "finding.parquet").select(names).to_pylist()
    return sorted(tuple(row.values()) for row in found)  # type: ignore[misc]


# --- the same verdict as a run ---


@pytest.mark.parametrize("centre", sorted(CENTRES))
def test_the_findings_are_those_of_a_night(faulty: SmallNetwork, centre: str):
    before = told(judged(faulty, centre))
    assert before
    assert before == of_a_night(faulty, centre)


def test_the_faults_of_every_kind_are_among_them(verdict: Verdict):
    found = {(r.rule.id, r.file, r.line) for r in verdict.remarks}
    assert found >= {
        (c.UNKNOWN_WORD, "patients.csv", 2),
        (c.SECOND_RECORD, "patients.csv", 4),
        (c.IMPOSSIBLE_DATE, "tumeurs.csv", 2),
        (c.UNKNOWN_PATIENT, "tumeurs.csv", 3),
        (c.MISSING_KEY, "tumeurs.csv", 5),
        (c.UNMAPPED_COLUMN, "chirurgie.csv", 1),
        (c.RAGGED_ROW, "chirurgie.csv", 4),
        (c.UNKNOWN_TUMOUR, "chirurgie.csv", 7),
    }
    assert (verdict.exit_code, verdict.is_refused) == (1, False)
    assert [r.order for r in verdict.remarks] == sorted(r.order for r in verdict.remarks)


def test_the_account_of_the_rows_is_that_of_a_night(faulty: SmallNetwork, verdict: Verdict):
    faulty.stage()
    with faulty.open() as registry:
        found = registry.ledger.accounts(1)
        why = registry.ledger.reasons(1)
    order = lambda one: (one.step, one.table, one.delivery_id, getattr(one, "reason", ""))  # noqa: E731
    assert sorted(verdict.accounts, key=order) == sorted(
        (a for a in found if a.centre_id == "alpha"), key=order
    )
    assert sorted(verdict.reasons, key=order) == sorted((r for r in why if r.centre_id == "alpha"), key=order)


def test_rows_are_accounted_for_from_the_file_to_the_gate(verdict: Verdict):
    assert {rows.file: tuple(rows.counts.values()) for rows in row_account(verdict)} == {
        "patients.csv": (3, 2, 1, 0, 0),
        "tumeurs.csv": (4, 2, 2, 0, 0),
        "chirurgie.csv": (5, 2, 2, 1, 0),  # a line that is cut, a stranger; a repeat
    }
    assert verdict.rows_set_aside == 5


def test_a_finding_knows_the_centre_s_own_column_identifier_and_value(verdict: Verdict):
    found = {(r.rule.id, r.line): (r.column, r.patient, r.value) for r in verdict.remarks}
    assert found[c.UNKNOWN_WORD, 2] == ("SEXE", "IPP7", "=1+1")
    assert found[c.IMPOSSIBLE_DATE, 2] == ("DIAG", "IPP7", "31/02/2018")
    assert found[c.MISSING_KEY, 5] == ("IPP", None, None)
    assert found[c.UNMAPPED_COLUMN, 1] == ("PLUS", None, None)
    assert found[c.RAGGED_ROW, 4] == (None, None, "IPP8;1;cut")


def test_a_value_is_in_no_representation(verdict: Verdict):
    assert not any(secret in repr(verdict) for secret in SECRETS)


def test_a_sheet_of_a_workbook_is_named(net: SmallNetwork):
    net.send("gamma/export.xlsx", xlsx([SHEET[0], [*SHEET[1][:3], "XX", *SHEET[1][4:]]]))
    [found] = [r for r in judged(net, "gamma").remarks if r.rule.id == c.UNKNOWN_WORD]
    assert (found.file, found.sheet, found.line, found.column, found.value) == (
        "export.xlsx", "Feuil1", 2, "SEXE", "XX",
    )  # fmt: skip


# --- nothing is left ---


def test_nothing_is_read_or_written_of_a_registry(
    faulty: SmallNetwork, reseau: Reseau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESEAU_HOME", str(faulty.home))
    before = sorted(path for path in tmp_path.rglob("*"))
    assert reseau("alpha")[0] == 1
    assert not faulty.home.exists()
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_the_temporary_folder_goes_when_the_work_fails(
    net: SmallNetwork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def stops(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "do_all", stops)
    with pytest.raises(KeyboardInterrupt):
        judged(net, "alpha")
    assert list((tmp_path / "temp").iterdir()) == []


def test_the_work_is_done_in_a_process_of_its_own(net: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    here = told(judged(net, "beta"))
    monkeypatch.setattr(module, "do_all", centre_work.do_all)
    assert told(judged(net, "beta")) == here


@pytest.mark.parametrize("folder", [deadly.Failing, deadly.Killing])
def test_a_reader_that_dies_is_a_refusal(
    net: SmallNetwork, reseau: Reseau, monkeypatch: pytest.MonkeyPatch, folder: type
):
    def dying(jobs: list[Any], *, workers: int) -> Iterator[Any]:
        return centre_work.do_all([dataclasses.replace(job, store=folder("/nowhere")) for job in jobs])

    monkeypatch.setattr(module, "do_all", dying)
    code, out, err = reseau("beta", more=("--json",))
    assert (code, [r["code"] for r in json.loads(out)["refusals"]]) == (2, ["parser_crashed"])
    assert "DURAND" not in out + err


# --- how it ends ---


def test_nothing_to_say_of_clean_files(net: SmallNetwork, reseau: Reseau):
    code, out, err = reseau("gamma")
    assert (code, err) == (0, "")
    assert "Verdict pour Gamma : accepté, rien à corriger." in out


def test_what_is_only_counted_asks_nothing(net: SmallNetwork):
    verdict = judged(net, "gamma")
    assert {(r.rule.severity.value, r.is_asked) for r in verdict.remarks} == {("info", False)}
    assert verdict.exit_code == 0


def test_faults_in_words(faulty: SmallNetwork, reseau: Reseau):
    code, out, err = reseau("alpha")
    shown = words(out)
    assert (code, err) == (1, "")
    for text in ("Lignes lues", "Constats par règle", "patients.csv 2 SEXE", "chirurgie.csv 4", "tumeurs.csv 2 DIAG",
                 "CONTRACT-003", "ligne mise à part", "valeur non retenue", "que faire"):  # fmt: skip
        assert text in shown
    assert re.search(r"Verdict pour Alpha : accepté ; constats : \d+ \(et \d+ pour information\)", shown)
    assert "lignes mises à part : 5." in shown


def test_the_worst_rules_come_first_and_each_shows_a_few_lines(net: SmallNetwork, reseau: Reseau):
    lines = "".join(f"A{n};NOM;PRENOM;??;01/07/1955;;;\n" for n in range(10, 40))
    net.send("alpha/patients.csv", PEOPLE + lines)
    code, out, _ = reseau("alpha", "patients.csv", lang="en")
    assert code == 1
    assert re.search(r"First findings \(\d of 3\d, 3 per rule at most; all with --out\)", words(out))
    first, count, _ = by_rule(judged(net, "alpha", "patients.csv"))[0]
    assert (first.rule.id, count) == (c.UNKNOWN_WORD, 31)
    assert [int(n) for n in re.findall(r"patients\.csv (\d+) SEXE", words(out))] == [4, 5, 6]


def test_a_refused_file_and_what_is_wrong_with_the_others(faulty: SmallNetwork, reseau: Reseau):
    faulty.send("alpha/tumeurs.csv", "X;Y\n1;2\n")
    code, out, err = reseau("alpha", more=("--json",))
    found = json.loads(out)
    assert (code, err, found["exit_code"], found["is_refused"]) == (2, "", 2, True)
    [refusal] = found["refusals"]
    assert (refusal["code"], refusal["file"], refusal["centre_id"]) == (
        "missing_header",
        "tumeurs.csv",
        "alpha",
    )
    assert refusal["remedy_fr"]
    assert found["files"] == ["patients.csv", "chirurgie.csv"]
    assert {finding["file"] for finding in found["findings"]} == {"patients.csv", "chirurgie.csv"}
    assert c.UNKNOWN_TUMOUR in found["rules_not_asked"]
    assert c.UNKNOWN_TUMOUR not in {rule["rule"] for rule in found["rules"]}


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("tumeurs.csv", "X;Y\n1;2\n", "missing_header"),
        ("tumeurs.csv", "", "empty_file"),
        ("tumeurs.csv", TUMOURS.splitlines()[0] + "\n", "header_only"),
        ("autre.csv", TUMOURS, "unknown_file"),
    ],
)
def test_what_a_night_refuses_is_refused(
    net: SmallNetwork, reseau: Reseau, name: str, content: str, refusal: str
):
    net.send(f"alpha/{name}", content)
    code, out, _ = reseau("alpha", lang="en")
    assert code == 2
    assert f"{name} {refusal}" in words(out)
    assert "Verdict for Alpha: refused as it is; the findings are about the readable files." in words(out)
    net.stage()
    with net.open() as registry:
        assert refusal in [r.code for r in registry.ledger.refusals(1)]


def test_events_that_only_have_a_header_keep_nobody_out(net: SmallNetwork):
    net.send("alpha/chirurgie.csv", OPERATIONS.splitlines()[0] + "\n")
    verdict = judged(net, "alpha")
    assert ([r.code for r in verdict.refusals], verdict.is_refused, verdict.exit_code) == (
        ["header_only"],
        False,
        1,
    )
    assert told(verdict) == of_a_night(net, "alpha")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{inbox}/alpha/patients.csv", "--centre", "nobody"], "is unknown Known centres: alpha, beta, gamma."),
        (["{inbox}/alpha/patients.csv", "--centre", "../petit/alpha"], "is unknown"),
        (["{inbox}/alpha/patients.csv", "--centre", "alpha", "--network", "none"], "network 'none' is unknown"),
        (["{inbox}/alpha/patients.csv"], "--centre"),
        (["{inbox}/alpha/nothing.csv", "--centre", "alpha"], "there is no such file"),
        (["{inbox}/alpha", "--centre", "alpha"], "it is not a readable file"),
        (["{inbox}/alpha/patients.csv", "--centre", "alpha", "--out", "{inbox}/c.csv"], "does not end in .xlsx"),
        (["{inbox}/alpha/patients.csv", "--centre", "alpha", "--out", "{inbox}/no/c.xlsx"], "cannot be written"),
        (["{inbox}/gamma/export.xlsx", "--centre", "gamma", "--out", "{inbox}/gamma/export.xlsx"], "not to overwrite"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_ends_with_2(
    net: SmallNetwork, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
):
    asked = [word.format(inbox=net.inbox) for word in arguments]
    network = [] if "--network" in asked else ["--network", NETWORK]
    assert run_command(["--lang", "en", "check", *asked, *network]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in words(shown.err).replace("what to do: ", "")


# --- fewer files than the centre declares ---


def test_a_file_that_is_not_given_is_told_and_not_refused(net: SmallNetwork, reseau: Reseau):
    net.edit("alpha/patients.csv", "???", "homme")
    code, out, _ = reseau("alpha", "patients.csv")
    assert code == 0
    assert "Non donné : tumeurs.csv (tumeur)" in out
    assert "Non donné : chirurgie.csv (chirurgie)" in out
    assert "Verdict pour Alpha, fichiers donnés seulement : accepté" in out


def test_parents_that_were_not_given_are_not_asked_for(net: SmallNetwork):
    verdict = judged(net, "alpha", "chirurgie.csv")
    assert not {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR} & {r.rule.id for r in verdict.remarks}
    assert {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR} <= {*verdict.unasked}
    assert (verdict.rows_set_aside, verdict.refusals) == (0, ())


def test_parents_that_were_given_are_asked_for(faulty: SmallNetwork):
    verdict = judged(faulty, "alpha", "patients.csv", "tumeurs.csv")
    assert (c.UNKNOWN_PATIENT, "tumeurs.csv", 3) in {(r.rule.id, r.file, r.line) for r in verdict.remarks}
    assert c.UNKNOWN_PATIENT not in verdict.unasked


def test_no_rule_is_left_out_when_every_file_is_given(net: SmallNetwork):
    verdict = judged(net, "alpha")
    assert (verdict.unasked, verdict.absent, verdict.cut, verdict.unread) == ((), (), (), ())


def test_an_optional_file_changes_nothing(net: SmallNetwork):
    files = [*CENTRES["alpha"]["files"][:2], CENTRES["alpha"]["files"][2] | {"is_optional": True}]
    net.declare("alpha", files=files)
    net.send("alpha/chirurgie.csv", None)
    verdict = judged(net, "alpha")
    assert verdict.unasked == ()
    assert [file.is_optional for file in verdict.absent] == [True]
    assert told(verdict) == of_a_night(net, "alpha")


def test_an_empty_file_is_refused_and_not_called_absent(net: SmallNetwork):
    net.send("alpha/tumeurs.csv", "")
    verdict = judged(net, "alpha")
    assert ([r.code for r in verdict.refusals], verdict.absent) == (["empty_file"], ())
    assert c.UNKNOWN_TUMOUR in verdict.unasked


# --- versions, parts, increments ---


def in_parts(net: SmallNetwork) -> None:
    """Let the first centre send its patients in numbered parts of numbered versions."""
    first = CENTRES["alpha"]["files"][0]
    name = r"p(_v(?P<version>\d))?_(?P<part>\d)(sur(?P<parts>\d))?\.csv"
    net.declare("alpha", files=[first | {"match": name}, *CENTRES["alpha"]["files"][1:]])
    net.send("alpha/patients.csv", None)


def test_a_part_that_is_not_given_is_told_and_leaves_its_patients_open(net: SmallNetwork, reseau: Reseau):
    in_parts(net)
    net.send("alpha/p_1sur2.csv", PEOPLE)
    net.edit("alpha/tumeurs.csv", "A2", "A9")
    code, out, _ = reseau("alpha", lang="en")
    assert code == 1
    assert "Parts not given: 2 (p_1sur2.csv)" in out
    assert "Verdict for Alpha, given files only: accepted" in out
    verdict = judged(net, "alpha")
    assert [d.file_name for d in verdict.read] == ["p_1sur2.csv", "tumeurs.csv", "chirurgie.csv"]
    assert c.UNKNOWN_PATIENT in verdict.unasked
    assert c.UNKNOWN_PATIENT not in {r.rule.id for r in verdict.remarks}


def test_two_contents_of_one_version_would_wait_for_a_person(net: SmallNetwork, reseau: Reseau):
    in_parts(net)
    net.send("alpha/p_1.csv", PEOPLE)
    net.send("alpha/p_1sur1.csv", PEOPLE.replace("PAUL", "PAULE"))
    code, out, _ = reseau("alpha")
    assert code == 2
    assert "ambiguous_version" in words(out)
    assert "N'envoyer que le bon fichier" in words(out)
    net.stage()
    with net.open() as registry:
        assert [hold.code for hold in registry.ledger.holds(NETWORK)] == ["ambiguous_version"]


def test_a_file_that_another_replaces_is_not_read(net: SmallNetwork, reseau: Reseau):
    in_parts(net)
    net.send("alpha/p_v1_1.csv", PEOPLE)
    net.send("alpha/p_v2_1.csv", PEOPLE.replace("PAUL", "PAULE"))
    code, out, _ = reseau("alpha")
    assert code == 1
    assert "Non lu : p_v1_1.csv (un autre fichier donné le remplace ou dit la même chose)" in out


def test_the_same_data_twice_are_read_once(net: SmallNetwork):
    twice = [*given(net, "alpha"), *given(net, "alpha", "patients.csv")]
    verdict = check_files(twice, network_id=NETWORK, centre=declared("alpha"))
    assert (len(verdict.read), verdict.refusals) == (3, ())


def test_two_files_of_one_name_are_not_both_sent(net: SmallNetwork, tmp_path: Path):
    (tmp_path / "patients.csv").write_text(PEOPLE)
    files = [*given(net, "alpha"), tmp_path / "patients.csv"]
    verdict = check_files(files, network_id=NETWORK, centre=declared("alpha"))
    assert [r.code for r in verdict.refusals] == ["unknown_file"]


def test_earlier_increments_are_not_known_here(net: SmallNetwork):
    first = CENTRES["alpha"]["files"][0]
    name = r"patients_(?P<exported>\d{8})\.csv"
    net.declare(
        "alpha", files=[first | {"match": name, "mode": "incremental"}, *CENTRES["alpha"]["files"][1:]]
    )
    net.send("alpha/patients.csv", None)
    net.send("alpha/patients_20210601.csv", "".join(PEOPLE.splitlines(keepends=True)[:2]))
    verdict = judged(net, "alpha")
    assert c.UNKNOWN_PATIENT in verdict.unasked
    assert c.UNKNOWN_PATIENT not in {r.rule.id for r in verdict.remarks}


def test_a_link_is_the_file_that_it_points_to_under_its_own_name(net: SmallNetwork, tmp_path: Path):
    link = tmp_path / "tout.txt"
    link.symlink_to(net.inbox / "beta" / "tout.txt")
    [read] = check_files([link], network_id=NETWORK, centre=declared("beta")).read
    assert read.file_name == "tout.txt"


# --- JSON ---


def test_the_document_for_a_machine(faulty: SmallNetwork, reseau: Reseau):
    code, out, err = reseau("alpha", more=("--json",))
    found = json.loads(out)
    assert (code, err, out.isascii()) == (1, "", True)
    assert sorted(found) == [
        "centre", "exit_code", "files", "findings", "is_refused", "network", "not_given", "not_read",
        "parts_not_given", "refusals", "rows", "rules", "rules_not_asked", "workbook",
    ]  # fmt: skip
    assert (found["network"], found["centre"], found["exit_code"]) == (NETWORK, "alpha", 1)
    assert sorted(found["findings"][0]) == [
        "column", "field", "file", "is_set_aside", "line", "rule", "sheet", "table",
    ]  # fmt: skip
    counted = Counter(finding["rule"] for finding in found["findings"])
    assert {rule["rule"]: rule["findings"] for rule in found["rules"]} == counted
    assert [rule["severity"] for rule in found["rules"]] == sorted(
        (rule["severity"] for rule in found["rules"]), key=["fatal", "error", "warning", "info"].index
    )


@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_identifier_and_no_value_is_printed(
    faulty: SmallNetwork, reseau: Reseau, more: tuple[str, ...], lang: str
):
    code, out, err = reseau("alpha", more=more, lang=lang)
    assert code == 1
    assert not [secret for secret in SECRETS if secret in words(out + err)]


# --- the workbook ---


@pytest.fixture
def book(faulty: SmallNetwork, reseau: Reseau, tmp_path: Path) -> Path:
    path = tmp_path / "constats.xlsx"
    code, out, _ = reseau("alpha", more=("--out", str(path)))
    assert code == 1
    assert f"Écrit : {path}" in out.replace("\n", "")
    return path


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_the_workbook_speaks_french(book: Path):
    opened = openpyxl.load_workbook(book)
    assert opened.sheetnames == ["Constats", "Par règle", "Fichiers"]
    assert [cell.value for cell in opened["Constats"][1]] == [
        "gravité", "fichier", "feuille", "ligne", "identifiant du patient", "colonne", "champ", "valeur écrite",
        "ce qui ne va pas", "que faire", "suite", "contenu", "règle",
    ]  # fmt: skip


def test_the_workbook_holds_every_finding_with_what_the_centre_needs(book: Path, verdict: Verdict):
    rows = sheet(book, "Constats")
    assert len(rows) == len(verdict.remarks)
    [found] = [row for row in rows if row["règle"] == c.IMPOSSIBLE_DATE]
    assert found == {
        "gravité": "erreur", "fichier": "tumeurs.csv", "feuille": None, "ligne": 2,
        "identifiant du patient": "IPP7", "colonne": "DIAG", "champ": "date du diagnostic",
        "valeur écrite": "31/02/2018", "ce qui ne va pas": "Ce jour n'existe pas dans le calendrier.",
        "que faire": "Corriger la date dans le dossier, ou l'ordre des dates déclaré pour le centre.",
        "suite": "valeur non retenue", "contenu": "tumeur", "règle": c.IMPOSSIBLE_DATE,
    }  # fmt: skip


def test_nothing_in_the_workbook_is_a_formula(book: Path):
    cells = [cell for page in openpyxl.load_workbook(book) for row in page.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    with zipfile.ZipFile(book) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in page or b"<hyperlink" in page for page in pages)


def test_the_workbook_counts_by_rule_and_by_file(book: Path, verdict: Verdict):
    assert {row["règle"]: row["constats"] for row in sheet(book, "Par règle")} == {
        first.rule.id: count for first, count, _ in by_rule(verdict)
    }
    files = {row["fichier"]: row for row in sheet(book, "Fichiers")}
    found = files["chirurgie.csv"]
    assert found["motif"] == "répétition exacte d'une autre ligne : 1"
    assert [found[name] for name in ("état", "contenu", "lignes lues", "gardées", "à part", "fusionnées")] == [
        "lu", "chirurgie", 5, 2, 2, 1,
    ]  # fmt: skip


def test_the_workbook_names_what_is_refused_absent_and_not_read(
    faulty: SmallNetwork, reseau: Reseau, tmp_path: Path
):
    in_parts(faulty)
    faulty.send("alpha/tumeurs.csv", "X;Y\n1;2\n")
    for version in (1, 2):
        faulty.send(f"alpha/p_v{version}_1sur{version}.csv", PEOPLE.replace("PAUL", f"PAUL{version}"))
    names = [path.name for path in given(faulty, "alpha") if path.name != "chirurgie.csv"]
    code, _, _ = reseau("alpha", *names, more=("--out", str(tmp_path / "c.xlsx")), lang="en")
    assert code == 2
    rows = sheet(tmp_path / "c.xlsx", "Files")
    assert [(row["file"], row["state"], row["code"]) for row in rows] == [
        ("tumeurs.csv", "refused", "missing_header"),
        ("p_v2_1sur2.csv", "read", None),
        ("chirurgie.csv", "not given", None),
        ("p_v2_1sur2.csv", "incomplete", None),
        ("p_v1_1sur1.csv", "not read", None),
    ]
    assert rows[3]["reason"] == "parts not given: 2"


def test_more_findings_than_anybody_reads_are_cut_and_counted(
    faulty: SmallNetwork, reseau: Reseau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(check_workbook, "MOST_FINDINGS", 2)
    monkeypatch.setattr(check_workbook, "_LONGEST_VALUE", 4)
    reseau("alpha", more=("--out", str(tmp_path / "c.xlsx")))
    total = len(judged(faulty, "alpha").remarks)
    assert len(sheet(tmp_path / "c.xlsx", "Constats")) == 2
    assert (
        sheet(tmp_path / "c.xlsx", "Fichiers")[-1]["motif"]
        == f"{total - 2} constats de plus ne sont pas écrits"
    )


def test_long_values_are_cut(faulty: SmallNetwork, reseau: Reseau, tmp_path: Path):
    faulty.edit("alpha/patients.csv", "=1+1", "x" * 40_000)
    reseau("alpha", more=("--out", str(tmp_path / "c.xlsx")))
    assert "x" * 999 + "…" in {row["valeur écrite"] for row in sheet(tmp_path / "c.xlsx", "Constats")}


# --- the page ---


def test_what_the_page_shows_is_what_the_command_says(net: SmallNetwork, reseau: Reseau):
    page = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "check.md"
    blocks = re.findall(r"```\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    net.send("alpha/patients.csv", blocks[1])
    net.send("alpha/tumeurs.csv", blocks[2])
    code, out, _ = reseau("alpha", "patients.csv", "tumeurs.csv")
    assert code == 1
    assert [row.rstrip() for row in out.splitlines()] == blocks[3].splitlines()
