"""With faults and refused files: nothing is lost, the other centres go on, the ledger explains every row.

Some centres send, not all: those with a bad file, and so many others that these have every kind of fault that is
ever injected. `test_clean_network` runs all the centres of the network.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.io.configuration import load_centres
from pipelines.synthetic.calibration import load_calibration
from tests.acceptance.chain import Chain, generate

PATIENTS = 1_500  # enough for every rare fault to occur
Result = tuple[int, dict[str, Any], str]


@dataclass(frozen=True)
class Spoiled:
    """What was sent, what came of it, and what was expected of the bad files."""

    chain: Chain
    result: Result
    expected: dict[str, str]
    #: The centres whose files are as they were written, and the bad ones as they were before.
    others: set[str]
    before: dict[Path, bytes]


def _centre(**wanted: str) -> str:
    """A centre of the network whose export has these properties."""
    return next(
        centre.id
        for centre in load_centres("netsarc").values()
        if all(getattr(centre.export, name) == value for name, value in wanted.items())
        and all(role.role == "expert" for role in centre.roles)
    )


def _faults_by_centre(chain: Chain) -> dict[str, set[str]]:
    """The kinds of fault in the files of each centre."""
    file = chain.folder / "truth" / "fault.parquet"
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT centre_id, list(DISTINCT kind) FROM '{file}' GROUP BY ALL ORDER BY 1")
        return {centre: set(kinds) for centre, kinds in rows.fetchall()}


def _with_every_fault(faults: dict[str, set[str]]) -> set[str]:
    """A few of these centres that have every kind of fault of them all between them."""
    few: set[str] = set()
    left = set().union(*faults.values())
    assert left == set(load_calibration("netsarc").tables["faults"]["kind"])
    while left:
        few.add(max(faults, key=lambda centre: len(faults[centre] & left)))
        left -= set().union(*(faults[centre] for centre in few))
    return few


def _spoil(inbox: Path) -> tuple[dict[str, str], dict[Path, bytes]]:
    """Put the five bad files of the issue in place; file name → expected code, and what they held before."""
    before: dict[Path, bytes] = {}

    def first_file(**export: str) -> Path:
        file = sorted((inbox / _centre(**export)).iterdir())[0]
        before[file] = file.read_bytes()
        return file

    empty = first_file(format="csv", encoding="utf-8")
    empty.write_bytes(b"")
    cut = first_file(format="xlsx")
    cut.write_bytes(before[cut][: len(before[cut]) // 2])
    fake = first_file(format="xls")
    fake.write_text("IPP;NOM\n1;X\n")
    (inbox / "unknown_centre").mkdir()
    (inbox / "unknown_centre" / "export.csv").write_text("IPP;NOM\n1;X\n")
    file = first_file(format="csv", encoding="cp1252")
    centre = load_centres("netsarc")[file.parent.name]
    sheet = next(m for m in centre.files if m.pattern.fullmatch(file.name)).sheets[0]
    content = before[file].decode("cp1252")
    file.write_bytes(content.replace(sheet.key_columns[0], "AUTRE", 1).encode("cp1252"))
    expected = {
        empty.name: "empty_file",
        cut.name: "truncated_workbook",
        fake.name: "not_the_declared_format",
        "export.csv": "unknown_centre",
        file.name: "missing_key_column",
    }
    return expected, before


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Spoiled:
    chain = generate(tmp_path_factory.mktemp("faulty"), faults="default", patients=PATIENTS)
    expected, before = _spoil(chain.inbox)
    bad = {file.parent.name for file in before}
    others = _with_every_fault({c: kinds for c, kinds in _faults_by_centre(chain).items() if c not in bad})
    for silent in set(load_centres("netsarc")) - bad - others:
        shutil.rmtree(chain.inbox / silent)
    return Spoiled(chain, chain.run(), expected, others, before)


def test_each_bad_file_is_refused_with_its_code_and_the_run_ends_with_1(spoiled: Spoiled):
    code, outcome, error = spoiled.result
    assert code == 1, error
    assert {r["file"].split("/")[-1]: r["code"] for r in outcome["refusals"]} == spoiled.expected
    for refusal in outcome["refusals"]:
        assert all(refusal[name] for name in ("reason_fr", "reason_en", "remedy_fr", "remedy_en"))


def test_the_other_centres_are_loaded(spoiled: Spoiled):
    chain = spoiled.chain
    loaded = {row[0] for row in chain.query("SELECT DISTINCT centre_id FROM dim_delivery")}
    _, status, _ = chain.reseau("status", "--home", str(chain.home))
    shown = {row["centre"] for row in status["centres"] if row["is_loaded"]}
    assert spoiled.others <= shown
    assert shown <= loaded


def test_every_row_has_an_outcome(spoiled: Spoiled):
    for row in spoiled.result[1]["conservation"]:
        out = row["rows_out"] + row["rows_set_aside"] + row["rows_merged"] + row["rows_filtered"]
        assert row["rows_in"] == out, row["step"]


def test_what_each_trait_weighs_adds_up_to_the_weight_of_a_pair_under_review(spoiled: Spoiled):
    """Every pair that was weighed and no other; a record that is paired with itself was not."""
    pair = "centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r"
    added = f"SELECT {pair}, count(*) AS parts, round(sum(weight), 6) AS total FROM lnk_review_weight GROUP BY {pair}"
    found = spoiled.chain.query(
        f"SELECT match_weight, total, parts FROM lnk_review FULL JOIN ({added}) USING ({pair})"
    )
    weighed = [row for row in found if row[0] is not None]
    assert weighed
    assert [(total, parts) for _, total, parts in weighed] == [(weight, 8) for weight, _, _ in weighed]
    assert {row[1:] for row in found if row[0] is None} <= {(None, None)}


def test_faults_become_findings_and_quarantine(spoiled: Spoiled):
    outcome = spoiled.result[1]
    aside = sum(
        row["rows_set_aside"] for row in outcome["conservation"] if row["step"] in {"stage", "validate"}
    )
    assert sum(outcome["findings"].values()) > 50
    assert aside > 0


@pytest.mark.slow
def test_a_repaired_file_is_taken_at_the_next_run(spoiled: Spoiled):
    chain = spoiled.chain
    for file, content in spoiled.before.items():
        file.write_bytes(content)
    shutil.rmtree(chain.inbox / "unknown_centre")
    code, outcome, error = chain.run()
    assert (code, outcome["refusals"], outcome["snapshot"]) == (0, [], 2), error
    assert chain.reseau("snapshots", "--home", str(chain.home))[1][0]["number"] == 1  # type: ignore[index]
