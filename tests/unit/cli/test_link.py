"""`reseau link`: two files, counts on the terminal, and a refusal that says what to do."""

import json

import pytest

from pipelines.cli.app import run_command

MAP = "id: id\nbirth_name: name\nfirst_names: first\nbirth_date: born\n"
PEOPLE = "id,name,first,born\nx,LE GOFF,Anne,1950-05-17\ny,LE GOFF,Anne,1950-05-17\nz,MOREL,Luc,1961-02-11\n"


@pytest.fixture
def given(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path


def asked(folder, *more, people="people.csv", columns="map.yaml", out="clusters.csv"):
    return ["link", str(folder / people), "--columns", str(folder / columns), "--out", str(folder / out),
            "--pairs", str(folder / "pairs.csv"), *more]  # fmt: skip


def test_both_files_are_written_and_only_counts_are_told(given, capsys):
    assert run_command(asked(given, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["persons"], told["links"]) == (3, 2, 1)
    assert (given / "clusters.csv").read_text() == "id,person_id\nx,1\ny,1\nz,2\n"
    header, pair = (given / "pairs.csv").read_text().splitlines()
    assert header == "left,right,weight,probability,decision,reason"
    assert pair.startswith("x,y,")
    assert pair.endswith(",link,weight")


@pytest.mark.parametrize(("lang", "word"), [("fr", "personnes"), ("en", "persons")])
def test_the_terminal_says_counts_and_no_id(given, capsys, lang, word):
    assert run_command(["--lang", lang, *asked(given)]) == 0
    run_command(["--lang", "fr", "rules", "--json"])  # French again for the tests that follow
    out = capsys.readouterr().out
    assert word in out
    assert "GOFF" not in out


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"people": "absent.csv"}, "no such table"),
        ({"columns": "absent.yaml"}, "no such map"),
        ({"out": "people.csv"}, "ne sera pas écrasée"),
        ({"out": "nowhere/clusters.csv"}, "on ne peut pas écrire"),
    ],
)
def test_a_refusal_ends_with_2_and_leaves_everything(given, capsys, change, what):
    assert run_command(asked(given, **change)) == 2
    assert what in capsys.readouterr().err
    assert (given / "people.csv").read_text() == PEOPLE
    assert not (given / "clusters.csv").exists()
