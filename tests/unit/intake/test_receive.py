"""From the inbox to the store: whose file, what its name holds, and what is not taken this time."""

import gzip
import os

import pytest

from pipelines.errors import IntakeError
from pipelines.intake.receive import receive, take_files, times_of_settling
from pipelines.io.inbox import look_at
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


def seen(intake):
    return [(s.centre_id, s.file_name) for s in intake.sightings]


def again(tmp_path, files, *earlier):
    """Another look, by a run that knows what the earlier ones found."""
    history = [sighting for intake in earlier for sighting in intake.sightings]
    return take(tmp_path, files, known=earlier[-1].known, history=history)


def refused(intake):
    return [(r.code, r.centre_id, r.file) for r in intake.refusals]


def test_a_sighting_says_what_a_name_holds(tmp_path):
    [found] = take(tmp_path, {"alpha/patients_20240630_2.csv": b"abc\r\n"}).sightings
    [packed] = take(tmp_path / "other", {"alpha/patients_20240630_2.csv": gzip.compress(b"abc\n")}).sightings
    assert (found.centre_id, found.file_name, found.size) == ("alpha", "patients_20240630_2.csv", 5)
    assert found.content_hash in Store(tmp_path / "store")
    assert packed.content_hash != found.content_hash
    assert (packed.data_hash, packed.delivery_id) == (found.data_hash, found.delivery_id)


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
    assert [s.centre_id for s in intake.sightings] == [centre_id]
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
        ("alpha/patients_20241399.csv", b"x", "unknown_file", "alpha"),
        ("alpha/sous-dossier/actes.csv", b"x", "unknown_file", "alpha"),
    ],
)
def test_what_cannot_be_placed_is_refused(tmp_path, name, content, code, centre_id):
    intake = take(tmp_path, {name: content})
    assert intake.sightings == []
    assert [(r.code, r.centre_id) for r in intake.refusals] == [(code, centre_id)]


def test_hidden_files_are_not_there(tmp_path):
    intake = take(tmp_path, {".DS_Store": b"x", "alpha/.~lock.actes.csv": b"x", ".git/config": b"x"})
    assert (intake.sightings, intake.refusals) == ([], [])


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    intake = take(tmp_path, {"alpha/actes.csv": b"x", "beta/zut": b"x", "beta/beta.csv": b"y"})
    assert seen(intake) == [("alpha", "actes.csv"), ("beta", "beta.csv")]
    assert refused(intake) == [("unknown_file", "beta", "zut")]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "inbox" / "alpha").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "inbox" / "alpha" / "actes.csv").symlink_to(tmp_path / "secret")
    (tmp_path / "inbox" / "beta").symlink_to(tmp_path)
    intake = take(tmp_path, {})
    assert intake.sightings == []
    assert [r.code for r in intake.refusals] == ["unknown_file", "unknown_file"]


def test_a_name_that_is_no_text_is_shown_as_escapes(tmp_path):
    folder = tmp_path / "inbox" / "alpha"
    folder.mkdir(parents=True)
    try:
        os.write(os.open(os.fsencode(folder) + b"/a\xff\n.csv", os.O_CREAT | os.O_WRONLY, 0o600), b"x")
    except OSError:
        pytest.skip("this file system refuses such names")
    assert [r.file for r in take(tmp_path, {}).refusals] == ["a\\udcff\\n.csv"]


def test_a_look_without_news_notes_nothing_and_reads_nothing(tmp_path, monkeypatch):
    first = take(tmp_path, {"alpha/actes.csv": b"x", "beta/beta.csv": b"y"})
    monkeypatch.setattr(Store, "add", None)
    found = again(tmp_path, {}, first)
    assert (found.sightings, found.refusals, found.known) == ([], [], first.known)


def test_only_a_change_of_what_a_name_holds_is_noted(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x", "beta/beta.csv": b"y"})
    second = again(tmp_path, {"alpha/actes.csv": b"longer"}, first)
    third = again(tmp_path, {"alpha/actes.csv": b"x"}, first, second)
    assert [seen(found) for found in (second, third)] == [[("alpha", "actes.csv")]] * 2
    assert third.sightings == [first.sightings[0]]


def test_the_data_of_a_known_content_is_not_read_again(tmp_path, monkeypatch):
    first = take(tmp_path, {"beta/beta_1.csv": b"x"})
    monkeypatch.setattr("pipelines.intake.receive.data_hash", None)
    assert [s.data_hash for s in again(tmp_path, {"beta/beta_2.csv": b"x"}, first).sightings] == [
        first.sightings[0].data_hash
    ]


def test_a_known_file_that_left_the_store_is_read_again(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x"})
    Store(tmp_path / "store").path(first.sightings[0].content_hash).unlink()
    assert again(tmp_path, {}, first).sightings == []
    assert first.sightings[0].content_hash in Store(tmp_path / "store")


@pytest.mark.parametrize("top", [b"x", b"other"])
def test_of_one_name_in_two_folders_the_centres_own_counts(tmp_path, top):
    intake = take(tmp_path, {"actes.csv": top, "alpha/actes.csv": b"x"})
    assert [(s.centre_id, s.file_name, s.size) for s in intake.sightings] == [("alpha", "actes.csv", 1)]
    assert refused(intake) == [("unknown_file", "alpha", "actes.csv")]


def test_an_empty_file_waits(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x"})
    found = again(tmp_path, {"alpha/actes.csv": b""}, first)
    assert refused(found) == [("empty_file", "alpha", "actes.csv")]
    assert (found.sightings, found.known, found.waiting) == ([], {}, {"alpha": {"actes.csv"}})


@pytest.mark.parametrize("states", [[(1, 1), (1, 2)], [(1, 1), (2, 1)], [(2, 1), (2, 1)], [(9, 9), (1, 1)]])
def test_a_file_that_is_still_being_written_waits(tmp_path, monkeypatch, states):
    from pipelines.io import store

    found = iter(states)
    monkeypatch.setattr(store, "_state", lambda _: next(found))
    intake = take(tmp_path, {"alpha/actes.csv": b"x"})
    assert refused(intake) == [("unstable_file", "alpha", "actes.csv")]
    assert (intake.sightings, intake.waiting) == ([], {"alpha": {"actes.csv"}})


def test_a_file_that_grew_since_the_look_waits(tmp_path, monkeypatch):
    from pipelines.intake import receive as module

    look = module.look_into

    def late(inbox):
        files = look(inbox)
        put(tmp_path / "inbox", {"alpha/actes.csv": b"longer"})
        return files

    monkeypatch.setattr(module, "look_into", late)
    assert refused(take(tmp_path, {"alpha/actes.csv": b"x"})) == [("unstable_file", "alpha", "actes.csv")]


NOW = 1_700_000_000_000_000_000


@pytest.mark.parametrize(
    ("age", "seconds", "is_taken"),
    [
        (0, 0, True),
        (0, 10, False),
        (9.9, 10, False),
        (10, 10, True),
        (-5, 10, False),  # their clock is ahead of ours
        (-86_400, 10, True),  # and this one tells nothing
    ],
)
def test_a_file_that_changed_just_now_waits(tmp_path, age, seconds, is_taken):
    put(tmp_path / "inbox", {"alpha/actes.csv": b"x"})
    changed = NOW - int(age * 1_000_000_000)
    os.utime(tmp_path / "inbox" / "alpha" / "actes.csv", ns=(changed, changed))
    intake = take(tmp_path, {}, settling=times_of_settling(NOW, seconds=seconds))
    assert bool(intake.sightings) is is_taken
    assert bool(intake.waiting) is not is_taken


def test_a_file_that_was_taken_once_does_not_wait_again(tmp_path):
    first = take(tmp_path, {"alpha/actes.csv": b"x"})
    [(_, _, changed)] = first.known
    found = take(tmp_path, {}, known=first.known, settling=times_of_settling(changed, seconds=60))
    assert (found.refusals, found.known) == ([], first.known)


def test_a_folder_that_cannot_be_read_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    from pipelines.io import inbox as module

    listed = module._visible

    def denied(folder):
        if folder.name == "alpha":
            raise PermissionError(13, "denied")
        return listed(folder)

    monkeypatch.setattr(module, "_visible", denied)
    intake = take(tmp_path, {"alpha/actes.csv": b"x", "beta/beta.csv": b"y"})
    assert refused(intake) == [("unknown_file", None, "alpha")]
    assert seen(intake) == [("beta", "beta.csv")]


def test_an_absent_inbox_is_said(tmp_path):
    with pytest.raises(IntakeError, match="inbox"):
        receive(tmp_path / "nowhere", centres=CENTRES, store=Store(tmp_path / "store"))


def test_files_from_anywhere_are_taken_as_if_a_centre_had_sent_them(tmp_path):
    put(tmp_path, {"here/patients_20240630.csv": b"abc\n", "there/other.csv": b"x\n"})
    paths = [
        tmp_path / "here" / "patients_20240630.csv",
        tmp_path / "there" / "other.csv",
        tmp_path / "gone.csv",
    ]
    intake = take_files(look_at(paths, folder="alpha"), centres=CENTRES, store=Store(tmp_path / "store"))
    assert seen(intake) == [("alpha", "patients_20240630.csv")]
    assert refused(intake) == [("unknown_file", "alpha", "other.csv")]
