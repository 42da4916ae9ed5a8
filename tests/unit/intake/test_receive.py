"""From the inbox to deliveries: whose file, which file, which version; never the order of arrival."""

import datetime as dt
import itertools
import os

import pytest

from pipelines.delivery import delivery_id
from pipelines.errors import IntakeError
from pipelines.intake.receive import receive
from pipelines.io.store import Store
from tests.dialects import centre

ALPHA = centre(r"""
export: {format: csv}
files:
  - match: 'patients_(?P<exported>\d{8})(_(?P<part>\d))?\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]
  - match: 'actes(?P<exported>_never)?\.csv'
    sheets: [{tables: [{entity: patient_history, columns: {local_patient_id: IPP}}]}]
""")
BETA = centre(
    r"""
export: {format: csv}
files:
  - match: '(beta|commun).*\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]
""",
    name="beta",
)
GAMMA = centre(
    r"""
export: {format: csv}
files:
  - match: 'commun.*\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]
  - match: 'commun_g.*\.csv'
    sheets: [{tables: [{entity: patient_history, columns: {local_patient_id: IPP}}]}]
""",
    name="gamma",
)
CENTRES = {"alpha": ALPHA, "beta": BETA, "gamma": GAMMA}


def put(inbox, files):
    for name, content in files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def take(tmp_path, files, **more):
    put(tmp_path / "inbox", files)
    return receive(tmp_path / "inbox", centres=CENTRES, store=Store(tmp_path / "store"), **more)


def names(deliveries):
    return [delivery.file_name for delivery in deliveries]


def refused(intake):
    return [(r.code, r.centre_id, r.file) for r in intake.refusals]


def test_a_delivery_says_what_its_name_declares(tmp_path):
    intake = take(tmp_path, {"alpha/patients_20240630_2.csv": b"abc"})
    (delivery,) = intake.deliveries
    assert (delivery.centre_id, delivery.file_index, delivery.size) == ("alpha", 0, 3)
    assert (delivery.exported, delivery.part) == (dt.date(2024, 6, 30), 2)
    assert delivery.delivery_id == delivery_id("alpha", delivery.content_hash)
    assert delivery.content_hash in Store(tmp_path / "store")


@pytest.mark.parametrize(
    ("name", "centre_id"),
    [
        ("alpha/actes.csv", "alpha"),
        ("actes.csv", "alpha"),
        ("beta_1.csv", "beta"),
        ("beta/commun1.csv", "beta"),
    ],
)
def test_the_folder_or_the_name_says_whose_file_it_is(tmp_path, name, centre_id):
    intake = take(tmp_path, {name: b"x"})
    assert [d.centre_id for d in intake.deliveries] == [centre_id]
    assert intake.refusals == []


@pytest.mark.parametrize(
    ("name", "content", "code", "centre_id"),
    [
        ("alpha/actes.csv", b"", "empty_file", "alpha"),
        ("inconnu/actes.csv", b"x", "unknown_centre", None),
        ("Alpha/actes.csv", b"x", "unknown_centre", None),
        ("alpha/autre.csv", b"x", "unknown_file", "alpha"),
        ("alpha/actes.csv.bak", b"x", "unknown_file", "alpha"),
        ("alpha/beta_1.csv", b"x", "unknown_file", "alpha"),
        ("autre.csv", b"x", "unknown_file", None),
        ("commun1.csv", b"x", "unknown_file", None),
        ("gamma/commun_g.csv", b"x", "unknown_file", "gamma"),
        ("alpha/patients_20241399.csv", b"x", "unknown_file", "alpha"),
        ("alpha/sous-dossier/actes.csv", b"x", "unknown_file", "alpha"),
    ],
)
def test_what_cannot_be_placed_is_refused(tmp_path, name, content, code, centre_id):
    intake = take(tmp_path, {name: content})
    assert intake.deliveries == []
    assert [(r.code, r.centre_id) for r in intake.refusals] == [(code, centre_id)]


def test_hidden_files_are_not_there(tmp_path):
    intake = take(tmp_path, {".DS_Store": b"x", "alpha/.~lock.actes.csv": b"x", ".git/config": b"x"})
    assert (intake.deliveries, intake.refusals) == ([], [])


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    intake = take(tmp_path, {"alpha/actes.csv": b"x", "beta/zut": b"x", "beta/beta.csv": b"y"})
    assert names(intake.deliveries) == ["actes.csv", "beta.csv"]
    assert refused(intake) == [("unknown_file", "beta", "zut")]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "inbox" / "alpha").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "inbox" / "alpha" / "actes.csv").symlink_to(tmp_path / "secret")
    (tmp_path / "inbox" / "beta").symlink_to(tmp_path)
    intake = take(tmp_path, {})
    assert intake.deliveries == []
    assert [r.code for r in intake.refusals] == ["unknown_file", "unknown_file"]


def test_a_name_that_is_no_text_is_shown_as_escapes(tmp_path):
    folder = tmp_path / "inbox" / "alpha"
    folder.mkdir(parents=True)
    try:
        os.write(os.open(os.fsencode(folder) + b"/a\xff\n.csv", os.O_CREAT | os.O_WRONLY, 0o600), b"x")
    except OSError:
        pytest.skip("this file system refuses such names")
    assert [r.file for r in take(tmp_path, {}).refusals] == ["a\\udcff\\n.csv"]


def test_the_latest_declared_export_wins_and_the_others_are_kept(tmp_path):
    files = {
        "alpha/patients_20240630.csv": b"june",
        "alpha/patients_20240731.csv": b"july",
        "alpha/actes.csv": b"x",
    }
    intake = take(tmp_path, files)
    assert names(intake.deliveries) == ["patients_20240731.csv", "actes.csv"]
    assert names(intake.superseded) == ["patients_20240630.csv"]
    assert all(d.content_hash in Store(tmp_path / "store") for d in intake.superseded)


def test_the_parts_of_an_export_stay_together(tmp_path):
    files = {f"alpha/patients_20240630_{part}.csv": bytes([part]) for part in (1, 2, 3)}
    assert [d.part for d in take(tmp_path, files).deliveries] == [1, 2, 3]


def test_the_order_of_arrival_does_not_matter(tmp_path):
    files = [
        ("alpha/patients_20240630.csv", b"1"),
        ("alpha/patients_20240731.csv", b"2"),
        ("beta/beta.csv", b"3"),
    ]
    found = []
    for number, order in enumerate(itertools.permutations(files)):
        folder = tmp_path / str(number)
        for name, content in order:
            put(folder / "inbox", {name: content})
        found.append(take(folder, {}).deliveries)
    assert all(deliveries == found[0] for deliveries in found)


def test_the_same_bytes_under_two_names_are_one_delivery(tmp_path):
    intake = take(tmp_path, {"beta/beta_1.csv": b"x", "beta/beta_2.csv": b"x"})
    assert names(intake.deliveries) == ["beta_1.csv"]
    assert intake.duplicates == ["beta_2.csv"]
    assert intake.superseded == []


def test_bytes_sent_again_are_as_recent_as_their_last_name(tmp_path):
    months = {"06": b"first", "07": b"second", "08": b"first"}
    intake = take(
        tmp_path, {f"alpha/patients_2024{month}01.csv": content for month, content in months.items()}
    )
    assert names(intake.deliveries) == ["patients_20240801.csv"]
    assert names(intake.superseded) == ["patients_20240701.csv"]
    assert intake.duplicates == ["patients_20240601.csv"]


def test_two_undated_exports_of_one_file_are_ordered_by_name(tmp_path):
    intake = take(tmp_path, {"beta/beta_2.csv": b"2", "beta/beta_1.csv": b"1"})
    assert names(intake.deliveries) == ["beta_2.csv"]
    assert names(intake.superseded) == ["beta_1.csv"]


def test_the_same_bytes_of_two_centres_are_two_deliveries(tmp_path):
    intake = take(tmp_path, {"alpha/actes.csv": b"x", "beta/beta.csv": b"x"})
    first, second = intake.deliveries
    assert first.content_hash == second.content_hash
    assert first.delivery_id != second.delivery_id


def test_a_known_file_is_not_read_again(tmp_path, monkeypatch):
    first = take(tmp_path, {"alpha/actes.csv": b"x", "beta/beta.csv": b"y"})
    monkeypatch.setattr(Store, "add", None)
    again = take(tmp_path, {}, known=first.known)
    assert (again.deliveries, again.known) == (first.deliveries, first.known)


def test_a_file_that_changed_is_read_again(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x"})
    again = take(tmp_path, {"alpha/actes.csv": b"longer"}, known=first.known)
    assert again.deliveries[0].content_hash != first.deliveries[0].content_hash


def test_a_known_file_that_left_the_store_is_read_again(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x"})
    Store(tmp_path / "store").path(first.deliveries[0].content_hash).unlink()
    again = take(tmp_path, {}, known=first.known)
    assert again.deliveries[0].content_hash in Store(tmp_path / "store")


def test_a_file_that_is_still_being_written_waits(tmp_path, monkeypatch):
    from pipelines.io import store

    states = iter([(1, 1), (1, 2)])
    monkeypatch.setattr(store, "_state", lambda _: next(states))
    assert refused(take(tmp_path, {"alpha/actes.csv": b"x"})) == [("unstable_file", "alpha", "actes.csv")]


def test_an_absent_inbox_is_said(tmp_path):
    with pytest.raises(IntakeError, match="inbox"):
        receive(tmp_path / "nowhere", centres=CENTRES, store=Store(tmp_path / "store"))
