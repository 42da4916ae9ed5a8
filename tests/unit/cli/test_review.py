"""The review queue goes out, comes back, and persons are joined, parted and parted again with the ids they had."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.cli.app import run_command
from pipelines.review_queue import questions
from tests import small_network
from tests.small_network import NETWORK, SmallNetwork

PAUL = (
    "LEFÈVRE\tANNE\tfemme\t30/09/1970",
    "PETIT\tPAUL\thomme\t01/07/1955",
)  # like Jean PETIT of alpha: twins?


@pytest.fixture(scope="module")
def asked(first: SmallNetwork, tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    """The small network after a night that leaves one question: A2 and B2."""
    network = small_network.copied(first, tmp_path_factory.mktemp("review") / "net")
    with small_network.in_force(network, is_reported=False):
        network.edit("beta/tout.txt", *PAUL, encoding="cp1252")
        network.run()
    return network


@pytest.fixture
def net(asked: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(asked, tmp_path / "net"), is_reported=False) as network:
        yield network


@pytest.fixture
def reseau(net: SmallNetwork, capsys: pytest.CaptureFixture[str]):
    """Run the command; its exit code and its JSON."""

    def run(*arguments: object) -> tuple[int, Any]:
        given = ["review", *map(str, arguments), "--network", NETWORK, "--home", str(net.home), "--json"]
        code = run_command(given)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run


@pytest.fixture
def workbook(reseau, tmp_path: Path) -> Path:
    file = tmp_path / "review.xlsx"
    assert reseau("export", "--out", file) == (0, {"file": str(file), "questions": 1})
    return file


def lines(file: Path) -> list[dict[str, Any]]:
    header, *found = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    return [dict(zip((str(name).split("\n")[0] for name in header), line, strict=True)) for line in found]


def answer(file: Path, verdict: str | None, *, reference: str | None = None, why: str = "vu") -> None:
    """Write a decision into the first line, as a person does."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    place = {str(cell.value).split("\n")[0].split(" (")[0]: cell.column for cell in sheet[1]}
    sheet.cell(2, place["Votre décision"]).value = verdict
    sheet.cell(2, place["Votre motif"]).value = why
    if reference is not None:
        sheet.cell(2, place["Référence"]).value = reference
    book.save(file)


def people(net: SmallNetwork) -> dict[str, str]:
    """The person of each local patient."""
    file = net.home / "work" / NETWORK / "linked" / "lnk_record.parquet"
    return dict(duckdb.sql(f"SELECT local_patient_id, person_id FROM '{file}'").fetchall())


PATIENTS = "SELECT patient_id FROM dim_patient ORDER BY patient_id"


def golden(net: SmallNetwork) -> list[bytes]:
    """The files of the golden identities and of where they are from."""
    folder = net.home / "work" / NETWORK / "linked"
    return [(folder / f"{name}.parquet").read_bytes() for name in ("lnk_person", "lnk_person_trait")]


def test_the_question_is_listed_without_an_identity(reseau):
    code, found = reseau("list")
    assert (code, [one["reason"] for one in found]) == (0, ["CL5"])
    assert set(found[0]) == {"reference", "reason", "weight", "answer"}


def test_the_workbook_shows_both_records_one_above_the_other(workbook: Path):
    [row] = lines(workbook)
    assert (row["Centre"], row["Patient (identifiant local)"]) == ("alpha\nbeta", "A2\nB2")
    assert "PETIT\nPETIT" in row.values()
    assert "JEAN\nPAUL" in row.values()
    assert "01/07/1955\n01/07/1955" in row.values()
    assert row["Diffèrent"] == "prénoms de naissance"
    assert "jumeaux" in row["Question"]


def test_the_workbook_says_what_each_trait_weighs(workbook: Path, reseau):
    [row] = lines(workbook)
    french = row["Ce que pèse chaque trait (bits)"].splitlines()
    english = row["What each trait weighs (bits)"].splitlines()
    assert [sentence.split(" : ")[0] for sentence in french] == [
        "point de départ", "nom de naissance", "prénoms de naissance", "date de naissance", "sexe",
    ]  # fmt: skip
    assert french[2].startswith("prénoms de naissance : ne concorde pas (−")
    assert english[3].startswith("date of birth: identical (+")
    [one] = reseau("list")[1]
    shown = [float(sentence.rpartition("(")[2].rstrip(")").replace("−", "-")) for sentence in english]
    assert sum(shown) == pytest.approx(one["weight"], abs=0.3), "each is shown with one decimal"


def test_a_queue_of_an_older_version_is_shown_without_its_weights(net: SmallNetwork, reseau, tmp_path: Path):
    (net.home / "work" / NETWORK / "linked" / "lnk_review_weight.parquet").unlink()
    assert reseau("export", "--out", tmp_path / "old.xlsx")[0] == 0
    [row] = lines(tmp_path / "old.xlsx")
    assert row["Ce que pèse chaque trait (bits)"] is None


def test_the_workbook_is_safe(workbook: Path):
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    assert "même personne" in sheet.data_validations.dataValidation[0].formula1
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert workbook.stat().st_mode & 0o077 == 0


def test_same_joins_at_the_next_run_and_undoing_gives_each_its_id_back(
    net: SmallNetwork, reseau, workbook: Path
):
    before, identities, patients = people(net), golden(net), net.query(PATIENTS)
    answer(workbook, "même personne")
    assert reseau("import", workbook, "--by", "Dr Identité") == (
        0, {"recorded": {"same": 1}, "without_answer": 0, "refused_lines": []},
    )  # fmt: skip
    assert people(net) == before, "only a run changes persons"
    assert net.run().outcome == "published"
    joined = people(net)
    assert joined["A2"] == joined["B2"] == before["A2"]
    assert reseau("list") == (0, [])
    [merge] = reseau("history")[1]
    assert (merge["person_id"], merge["survivor_id"], merge["holds"]) == (before["B2"], before["A2"], True)
    assert net.run().outcome == "unchanged"
    [(gone, stays)] = net.query("FROM dim_patient_alias")
    assert set(patients) == {(gone,), *net.query(PATIENTS)} > {(stays,)}

    code, found = reseau("person", before["B2"])
    assert (code, found["person_id"], found["is_alias"], found["records"]) == (0, before["A2"], True, 2)
    decided = {
        one["field"]: (one["ruled_by"], one["distinct_values"], one["is_contested"])
        for one in found["traits"]
    }
    assert decided["first_names"] == ("order", 2, True)
    assert decided["birth_name"] == ("only", 1, False)

    assert reseau("undo", merge["event_no"], "--by", "Mme Autre", "--reason", "jumeaux") == (
        0, {"event_no": merge["event_no"], "pairs": 1},
    )  # fmt: skip
    net.run()
    assert people(net) == before
    assert golden(net) == identities
    assert (net.query(PATIENTS), net.query("FROM dim_patient_alias")) == (patients, [])
    assert [one["reason"] for one in reseau("list")[1]] == ["CL9"], "two humans contradict each other"
    assert [one["holds"] for one in reseau("history")[1]] == [False]


@pytest.mark.parametrize(
    ("verdict", "left"),
    [("DIFFERENT", 0), ("ask the centre", 1)],
)
def test_what_is_not_joined_stays_apart(net: SmallNetwork, reseau, workbook: Path, verdict, left):
    before = people(net)
    answer(workbook, verdict)
    assert reseau("import", workbook, "--by", "x")[0] == 0
    net.run()
    assert people(net) == before
    assert len(reseau("list")[1]) == left


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("même personne", "same"), ("Same Person", "same"), ("personnes différentes", "different"),
        ("ne peut être tranché", "unsure"), ("demander au centre", "ask_centre"), ("unsure", "unsure"),
    ],
)  # fmt: skip
def test_the_words_are_known_in_both_languages(reseau, workbook: Path, written, verdict):
    answer(workbook, written)
    assert reseau("import", workbook, "--by", "x")[1]["recorded"] == {verdict: 1}


def test_a_word_that_decides_nothing_is_shown_the_next_time(net: SmallNetwork, reseau, workbook: Path):
    answer(workbook, "demander au centre")
    reseau("import", workbook, "--by", "x")
    assert [one["answer"] for one in reseau("list")[1]] == ["ask_centre"]


@pytest.mark.parametrize(
    ("why", "verdict", "reference", "code"),
    [
        ("no such question", "même personne", "0" * 32, "unknown_id"),
        ("no such answer", "oui", None, "unknown_answer"),
        ("a formula is no answer", "=1+1", None, "unknown_answer"),
    ],
)
def test_a_line_that_cannot_be_kept_is_told_and_changes_nothing(
    net: SmallNetwork, reseau, workbook: Path, why, verdict, reference, code
):
    answer(workbook, verdict, reference=reference)
    exit_code, facts = reseau("import", workbook, "--by", "x")
    assert facts["recorded"] == {}, why
    assert exit_code == (1 if facts["refused_lines"] else 0)
    assert [one["code"] for one in facts["refused_lines"]] == ([code] if facts["refused_lines"] else [])
    assert net.run().outcome == "unchanged"


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",), ("import", "{workbook}"), ("import", "{workbook}", "--by", "  "), ("export",),
        ("export", "--out", "nowhere/x.xlsx"), ("export", "--out", "x.csv"), ("undo", "1", "--by", "x"),
        ("undo", "--by", "x", "--reason", "y"), ("undo", "99", "--by", "x", "--reason", "y"),
        ("undo", "²", "--by", "x", "--reason", "y"), ("import", "{tmp}", "--by", "x"),
        ("person",), ("person", "0" * 32), ("person", ""), ("person", "beta/A1"),
    ],
)  # fmt: skip
def test_what_is_not_said_is_refused(reseau, workbook: Path, tmp_path: Path, arguments):
    given = [word.format(workbook=workbook, tmp=tmp_path / "absent.xlsx") for word in arguments]
    assert reseau(*given)[0] == 2


def test_what_was_said_since_the_last_linkage_is_known_until_the_next(
    net: SmallNetwork, reseau, workbook: Path
):
    def now() -> list[tuple[str | None, bool, bool, list[tuple[str, str, bool]]]]:
        with net.open() as registry:
            return [
                (
                    one.verdict,
                    one.is_answered,
                    one.is_decided,
                    [(s.author, s.verdict, s.is_new) for s in one.said],
                )
                for one in questions(registry)
            ]

    def say(verdict: str, by: str) -> None:
        answer(workbook, verdict)
        assert reseau("import", workbook, "--by", by)[0] == 0

    assert now() == [(None, False, False, [])]
    say("unsure", "x")
    assert now() == [(None, True, False, [("x", "unsure", True)])]
    net.run()
    assert now() == [(None, False, False, [("x", "unsure", False)])]
    say("different", "x")
    assert now()[0][:3] == ("different", True, True)
    say("same", "y")
    assert now()[0][:3] == ("contradicted", True, False)
    net.run()
    assert now()[0][:3] == ("contradicted", False, False)
    say("same", "z")
    [(verdict, _, is_decided, said)] = now()
    assert (verdict, is_decided) == ("same", True), "a second person confirmed the last word"
    assert said == [
        ("x", "unsure", False), ("x", "different", False), ("y", "same", False), ("z", "same", True),
    ]  # fmt: skip
    (net.home / "work" / NETWORK / "linked" / "decided").unlink()
    assert now()[0][1:3] == (False, False), "an older version did not say what it knew"


def test_no_decision_is_taken_while_a_run_is_at_work(net: SmallNetwork, reseau, workbook: Path):
    from pipelines.io.home import Home, only_run

    answer(workbook, "même personne")
    with only_run(Home(net.home), NETWORK):
        assert reseau("import", workbook, "--by", "x")[0] == 2


def test_no_identity_is_printed(net: SmallNetwork, workbook: Path, capsys: pytest.CaptureFixture[str]):
    answer(workbook, "oui")
    common = ("--network", NETWORK, "--home", str(net.home))
    for action in (("list",), ("import", str(workbook), "--by", "x"), ("history",)):
        run_command(["review", *action, *common])
    printed = "".join(capsys.readouterr())
    assert not [word for word in ("PETIT", "JEAN", "PAUL", "A2", "1955") if word in printed]


def test_a_person_is_shown_trait_by_trait(net: SmallNetwork, capsys: pytest.CaptureFixture[str]):
    """Marie Durand is a patient of two centres; her person is found by a record, by its id and by the start of it."""
    shown = []
    for asked in ("beta/B1", people(net)["A1"], people(net)["A1"][:8]):
        command = ["--lang", "en", "review", "person", asked, "--network", NETWORK, "--home", str(net.home)]
        assert run_command(command) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2]
    lines = {line.split("│")[1].strip(): line for line in shown[0].splitlines() if line.startswith("│")}
    assert [part.strip() for part in lines["birth name"].split("│")[2:6]] == [
        "DURAND", "alpha/A1", "the only value written", "2 / 2",
    ]  # fmt: skip
    assert "12/03/1961" in lines["date of birth"]
    assert "261036938300195 QUAL" in shown[0]
