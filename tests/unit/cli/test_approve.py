"""A person decides on what waits: who, why, on exactly these bytes; and everyone sees what is waiting."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import show
from pipelines.cli.app import run_command
from pipelines.holds import Hold
from tests import small_network
from tests.small_network import NETWORK, PEOPLE, SmallNetwork

Reseau = Callable[..., tuple[int, str, str]]
WHO = ("--by", "Dr Blanc", "--reason", "confirmed by the centre")
MORE = "".join(f"Z{i};NOM{i};LUC;homme;01/01/1980;;;\n" for i in range(9))
A_DAY = r"patients(_(?P<exported>\d{8}))?[ab]?\.csv"


@pytest.fixture(scope="module")
def of_one_day(first: SmallNetwork, tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    """The network with two different files of the patients of one day. It is only copied."""
    made = small_network.copied(first, tmp_path_factory.mktemp("approve") / "net")
    with small_network.in_force(made, is_reported=False) as network:
        files = [dict(file) for file in small_network.CENTRES["alpha"]["files"]]
        files[0]["match"] = A_DAY
        network.declare("alpha", files=files)
        network.stage()
        network.send("alpha/patients_20240101a.csv", PEOPLE + MORE[:36])
        network.send("alpha/patients_20240101b.csv", PEOPLE + MORE)
        network.stage()
    return made


@pytest.fixture
def net(of_one_day: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    """The same, for one test."""
    with small_network.in_force(
        small_network.copied(of_one_day, tmp_path / "net"), is_reported=False
    ) as network:
        yield network
    show.choose_language("fr")


@pytest.fixture
def reseau(net: SmallNetwork, capsys: pytest.CaptureFixture[str]) -> Reseau:
    """Run a command on the network: exit code, standard output, standard error."""

    def command(name: str, *more: str, lang: str = "en") -> tuple[int, str, str]:
        capsys.readouterr()
        code = run_command(["--lang", lang, name, *more, "--network", NETWORK, "--home", str(net.home)])
        shown = capsys.readouterr()
        return code, shown.out, " ".join(shown.err.split())

    return command


def words(text: str) -> str:
    return " ".join(re.sub("[\u2500-\u257f]", " ", text).split())


def waiting(net: SmallNetwork) -> list[Hold]:
    with net.open() as registry:
        return registry.ledger.holds(NETWORK)


def loaded(net: SmallNetwork, centre: str = "alpha") -> int:
    """Patients of the accepted staging of a centre."""
    with net.open() as registry:
        folder = registry.accepted_folder(centre)
        assert folder is not None
        return len(small_network.column(folder / "stg_patient_identity.parquet", "local_patient_id"))


def records(net: SmallNetwork) -> list[tuple[Any, ...]]:
    with net.open() as registry:
        return [
            (r.hold.code, r.hold.status, r.by, r.reason, r.decided is not None)
            for r in registry.ledger.hold_records(NETWORK)
        ]


def test_what_waits_is_shown_and_ends_with_1(net: SmallNetwork, reseau: Reseau):
    [hold] = waiting(net)
    for lang, said in (("fr", "plusieurs fichiers différents"), ("en", "several different files")):
        code, out, _ = reseau("status", lang=lang)
        assert code == 1
        for text in (*said.split(), hold.hold_id, *hold.delivery_ids, "patients_20240101a.csv"):
            assert text in words(out).replace(" ", "") or text in words(out)
    code, out, _ = reseau("status", "--json")
    [found] = json.loads(out)["holds"]
    assert (code, found["hold"], found["status"], found["by"]) == (1, hold.hold_id, "open", None)


def test_a_night_with_something_that_waits_ends_with_1_and_says_so(net: SmallNetwork, reseau: Reseau):
    code, out, _ = reseau("run", "--inbox", str(net.inbox), "--json")
    assert (code, [hold["code"] for hold in json.loads(out)["holds"]]) == (1, ["ambiguous_version"])
    code, out, _ = reseau("run", "--inbox", str(net.inbox))
    assert code == 1
    assert waiting(net)[0].hold_id in words(out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{hold}", "--by", " ", "--reason", "x", "--delivery", "{one}"], "must not be blank"),
        (["{hold}", "--by", "x", "--reason", "\t", "--delivery", "{one}"], "must not be blank"),
        (["{hold}", "--by", "x", "--delivery", "{one}"], "--reason"),
        (["{hold}", "--reason", "x", "--delivery", "{one}"], "--by"),
        (["0123456789ab", *WHO], "no open hold has this id"),
        (["{hold}", *WHO], "has to be chosen"),
        (["{hold}", *WHO, "--delivery", "0123456789abcdef"], "has to be chosen"),
        (["{hold}", *WHO, "--reject", "--delivery", "{one}"], "nothing to choose"),
    ],
)
def test_a_decision_that_is_not_whole_changes_nothing(
    net: SmallNetwork, reseau: Reseau, arguments: list[str], said: str
):
    [hold] = waiting(net)
    filled = [text.format(hold=hold.hold_id, one=hold.delivery_ids[0]) for text in arguments]
    code, out, err = reseau("approve", *filled)
    assert (code, out) == (2, "")
    assert said in err
    assert records(net) == [("ambiguous_version", "open", None, None, False)]


@pytest.mark.parametrize(("chosen", "patients"), [("a", 4), ("b", 12)])
def test_the_chosen_file_is_used_from_the_next_run_on(
    net: SmallNetwork, reseau: Reseau, chosen: str, patients: int
):
    [hold] = waiting(net)
    with net.open() as registry:
        by_name = {d.file_name: d.delivery_id for d in registry.ledger.all_deliveries(NETWORK)}
    code, out, _ = reseau(
        "approve", hold.hold_id, *WHO, "--delivery", by_name[f"patients_20240101{chosen}.csv"]
    )
    assert (code, "The next run acts on it" in out, loaded(net)) == (0, True, 3)
    net.stage()
    assert (loaded(net), waiting(net)) == (patients, [])
    assert records(net) == [("ambiguous_version", "approved", "Dr Blanc", "confirmed by the centre", True)]


def test_a_decision_is_taken_once(net: SmallNetwork, reseau: Reseau):
    [hold] = waiting(net)
    assert reseau("approve", hold.hold_id, *WHO, "--reject", "--json")[0] == 0
    code, _, err = reseau("approve", hold.hold_id, "--by", "another", "--reason", "no", "--reject")
    assert (code, "no open hold" in err) == (2, True)
    net.stage()
    assert (loaded(net), waiting(net)) == (3, [])
    assert records(net) == [("ambiguous_version", "rejected", "Dr Blanc", "confirmed by the centre", True)]


def test_an_approval_does_not_cover_another_file(net: SmallNetwork, reseau: Reseau):
    [hold] = waiting(net)
    reseau("approve", hold.hold_id, *WHO, "--delivery", hold.delivery_ids[0])
    net.send("alpha/patients_20240101.csv", PEOPLE + "N1;NOUVEAU;LUC;homme;01/01/1980;;;\n")
    net.stage()
    [other] = waiting(net)
    assert other.hold_id != hold.hold_id
    assert hold.delivery_ids[0] in other.delivery_ids
    assert loaded(net) == 3


def test_a_hold_whose_cause_went_away_is_resolved_and_cannot_be_decided(net: SmallNetwork, reseau: Reseau):
    [hold] = waiting(net)
    net.send("alpha/patients_20240202.csv", PEOPLE + MORE)
    net.stage()
    assert (loaded(net), records(net)) == (12, [("ambiguous_version", "resolved", None, None, False)])
    assert reseau("approve", hold.hold_id, *WHO, "--reject")[0] == 2


@pytest.fixture
def shrunk(net: SmallNetwork) -> SmallNetwork:
    """The network after an export of twelve patients and one of three, of which the second waits."""
    net.send("alpha/patients_20240202.csv", PEOPLE + MORE)
    net.stage()
    net.send("alpha/patients_20240303.csv", PEOPLE + "\n")
    net.stage()
    return net


def test_vanished_patients_wait_and_the_loaded_ones_stay(shrunk: SmallNetwork, reseau: Reseau):
    [hold] = waiting(shrunk)
    assert (hold.code, loaded(shrunk)) == ("omission", 12)
    _, out, _ = reseau("status")
    assert "9 of 12 patients vanished" in words(out)
    assert "loaded, held" in words(out)
    assert "Z1" not in out
    assert shrunk.stage() == []  # asked again, not computed again
    assert [h.hold_id for h in waiting(shrunk)] == [hold.hold_id]


@pytest.mark.parametrize(("flags", "patients", "drift"), [((), 3, -75.0), (("--reject",), 12, 300.0)])
def test_a_decision_on_vanished_patients(
    shrunk: SmallNetwork, reseau: Reseau, flags: tuple[str, ...], patients: int, drift: float
):
    [hold] = waiting(shrunk)
    assert reseau("approve", hold.hold_id, *WHO, *flags)[0] == 0
    shrunk.stage()
    assert (loaded(shrunk), waiting(shrunk)) == (patients, [])
    rows = {row["centre"]: row for row in json.loads(reseau("status", "--json")[1])["centres"]}
    assert (rows["alpha"]["patients"], rows["alpha"]["drift_percent"]) == (patients, drift)


def test_patients_that_come_back_end_the_question(shrunk: SmallNetwork):
    shrunk.send("alpha/patients_20240404.csv", PEOPLE + MORE + "N1;NOUVEAU;LUC;homme;01/01/1980;;;\n")
    shrunk.stage()
    assert (loaded(shrunk), waiting(shrunk)) == (13, [])
    assert ("omission", "resolved", None, None, False) in records(shrunk)


@pytest.mark.parametrize(("every", "is_late"), [(1, True), (100_000, False)])
def test_a_centre_without_news_is_late(net: SmallNetwork, reseau: Reseau, every: int, is_late: bool):
    first_file, *others = small_network.CENTRES["alpha"]["files"]
    net.declare("alpha", expected_every_days=every, files=[{**first_file, "match": A_DAY}, *others])
    rows = {row["centre"]: row for row in json.loads(reseau("status", "--json")[1])["centres"]}
    assert (rows["alpha"]["exported"], rows["alpha"]["is_late"]) == ("2024-01-01", is_late)
    assert rows["alpha"]["days_since"] > 1000
    assert ("late" in words(reseau("status")[1])) is is_late
    assert rows["beta"]["is_late"] is False  # it declares no date
