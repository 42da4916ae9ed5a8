"""With faults and refused files: nothing is lost, the other centres go on, the ledger explains every row."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.io.configuration import load_centres
from tests.acceptance.chain import Chain, generate

PATIENTS = 1_500  # enough for every rare fault to occur
Result = tuple[int, dict[str, Any], str]


def _centre(**wanted: str) -> str:
    """A centre of the network whose export has these properties."""
    return next(
        centre.id
        for centre in load_centres("netsarc").values()
        if all(getattr(centre.export, name) == value for name, value in wanted.items())
        and all(role.role == "expert" for role in centre.roles)
    )


def _spoil(inbox: Path) -> dict[str, str]:
    """Put the five bad files of the issue in place; returns file name → expected code."""
    text = _centre(format="csv", encoding="utf-8")
    book = _centre(format="xlsx")
    other = _centre(format="xls")
    empty = sorted((inbox / text).iterdir())[0]
    empty.write_bytes(b"")
    cut = sorted((inbox / book).iterdir())[0]
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    fake = sorted((inbox / other).iterdir())[0]
    fake.write_text("IPP;NOM\n1;X\n")
    (inbox / "unknown_centre").mkdir()
    (inbox / "unknown_centre" / "export.csv").write_text("IPP;NOM\n1;X\n")
    keyless = _centre(format="csv", encoding="cp1252")
    centre = load_centres("netsarc")[keyless]
    file = sorted((inbox / keyless).iterdir())[0]
    sheet = next(m for m in centre.files if m.pattern.fullmatch(file.name)).sheets[0]
    content = file.read_bytes().decode("cp1252")
    file.write_bytes(content.replace(sheet.key_columns[0], "AUTRE", 1).encode("cp1252"))
    return {
        empty.name: "empty_file",
        cut.name: "truncated_workbook",
        fake.name: "not_the_declared_format",
        "export.csv": "unknown_centre",
        file.name: "missing_key_column",
    }


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chain, Result, dict[str, str]]:
    chain = generate(tmp_path_factory.mktemp("faulty"), faults="default", patients=PATIENTS)
    expected = _spoil(chain.inbox)
    return chain, chain.run(), expected


def test_each_bad_file_is_refused_with_its_code_and_the_run_ends_with_1(
    spoiled: tuple[Chain, Result, dict[str, str]],
):
    _, (code, outcome, error), expected = spoiled
    assert code == 1, error
    assert {r["file"].split("/")[-1]: r["code"] for r in outcome["refusals"]} == expected
    for refusal in outcome["refusals"]:
        assert all(refusal[name] for name in ("reason_fr", "reason_en", "remedy_fr", "remedy_en"))


def test_the_other_centres_are_loaded(spoiled: tuple[Chain, Result, dict[str, str]]):
    chain, _, _ = spoiled
    loaded = {row[0] for row in chain.query("SELECT DISTINCT centre_id FROM dim_delivery")}
    _, status, _ = chain.reseau("status", "--home", str(chain.home))
    shown = {row["centre"] for row in status["centres"] if row["is_loaded"]}
    assert len(shown) >= len(load_centres("netsarc")) - 4
    assert shown <= loaded


def test_every_row_has_an_outcome(spoiled: tuple[Chain, Result, dict[str, str]]):
    for row in spoiled[1][1]["conservation"]:
        out = row["rows_out"] + row["rows_set_aside"] + row["rows_merged"] + row["rows_filtered"]
        assert row["rows_in"] == out, row["step"]


def test_faults_become_findings_and_quarantine(spoiled: tuple[Chain, Result, dict[str, str]]):
    findings = spoiled[1][1]["findings"]
    aside = sum(
        row["rows_set_aside"] for row in spoiled[1][1]["conservation"] if row["step"] in {"stage", "validate"}
    )
    assert sum(findings.values()) > 50
    assert aside > 0


def test_a_repaired_file_is_taken_at_the_next_run(
    spoiled: tuple[Chain, Result, dict[str, str]], tmp_path: Path
):
    chain = spoiled[0]
    fresh = generate(tmp_path, faults="default", patients=PATIENTS)
    shutil.rmtree(chain.inbox)
    shutil.copytree(fresh.inbox, chain.inbox)
    code, outcome, error = chain.run()
    assert (code, outcome["refusals"], outcome["snapshot"]) == (0, [], 2), error
    assert chain.reseau("snapshots", "--home", str(chain.home))[1][0]["number"] == 1  # type: ignore[index]
