"""One centre from bytes to typed rows: what is kept, merged, filtered, set aside and refused, to the last line."""

import datetime as dt
import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.account import check_closed
from pipelines.delivery import Delivery, delivery_id
from pipelines.io.store import Store
from pipelines.stage.centre import stage_centre
from tests.conftest import KEY
from tests.dialects import centre, xlsx
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import STAGED, TABLES, VALIDATED
from validations.rules import contract as c

SPLIT = centre(
    r"""
export: {format: csv, missing: ["", "NR"]}
files:
  - match: 'patients\.csv'
    sheets:
      - tables:
        - entity: patient_identity
          columns: {local_patient_id: IPP, birth_name: NOM, birth_date: NAISSANCE, sex: SEXE}
        ignored: [SERVICE]
  - match: 'tumeurs\.csv'
    sheets:
      - tables:
        - entity: tumour
          columns: {local_patient_id: IPP, local_tumour_id: TUM, diagnosis_date: DIAG, size_mm: TAILLE,
                    diagnosis_label: HISTO, topography_label: SIEGE}
          constants: {morphology_version: icdo32}
  - match: 'chirurgie_(?P<part>\d)\.csv'
    sheets:
      - tables:
        - entity: surgery
          columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: DATE, margin: R}
          constants: {surgery_kind: resection, surgery_facility: ICI}
values: {margin: {R0: [sain]}, sex: {M: [Homme], F: [Femme]}}
"""
)
WIDE = centre(
    r"""
export: {format: csv}
files:
  - match: 'tout\.csv'
    sheets:
      - tables:
        - {entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM, sex: SEXE}}
        - {entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: TUM, diagnosis_label: HISTO}}
        - {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: CHIR1, margin: R1}}
        - {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, surgery_date: CHIR2, margin: R2}}
"""
)
PEOPLE = "IPP;NOM;NAISSANCE;SEXE;SERVICE\n1;DUPONT;01/02/1960;Homme;x\n2;DURAND;03/1955;femme;y\n"
TUMOURS = "IPP;TUM;DIAG;TAILLE;HISTO;SIEGE\n1;A;10/03/2015;85,5;GIST;estomac\n2;A;2016;NR;GIST;estomac\n"
SURGERY = "IPP;TUM;DATE;R\n1;A;04/05/2015;sain\n2;A;;R1\n"
FILES = {"patients.csv": PEOPLE, "tumeurs.csv": TUMOURS, "chirurgie_1.csv": SURGERY}


@pytest.fixture
def stage(tmp_path):
    store = Store(tmp_path)

    def run(where, files, *, exported=dt.date(2024, 6, 30), network_id="net", key=KEY):
        return stage_files(store, where, files, exported=exported, network_id=network_id, key=key)

    return run


def stage_files(store, where, files, *, exported=None, network_id="net", key=KEY, whole=None):
    deliveries = []
    for name, content in files.items():
        content_hash = store.put(content if isinstance(content, bytes) else content.encode())
        index = next(i for i, file in enumerate(where.files) if file.pattern.fullmatch(name))
        deliveries.append(
            Delivery(
                delivery_id=delivery_id(where.id, content_hash),
                centre_id=where.id,
                file_name=name,
                content_hash=content_hash,
                size=len(content),
                file_index=index,
                exported=exported,
            )
        )
    return stage_centre(
        where,
        deliveries,
        open_delivery=lambda d: store.path(d.content_hash),
        network_id=network_id,
        key=key,
        whole=whole,
    )


def values(table, *columns):
    return [tuple(row.values()) for row in table.select(list(columns)).to_pylist()]


def rules(result, *columns):
    return sorted(values(result.findings, "rule_id", *columns))


def account(result, step, table):
    found = [a for a in result.accounts if (a.step, a.table) == (step, table)]
    names = ("rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered")
    return tuple(sum(getattr(a, name) for a in found) for name in names)


def test_every_table_is_there_with_the_columns_of_the_contract(stage):
    result = stage(SPLIT, FILES)
    assert list(result.staged) == list(result.validated) == list(ENTITIES)
    for entity in ENTITIES:
        assert result.validated[entity].schema == arrow_schema(VALIDATED[entity])
        assert result.staged[entity].schema.names == arrow_schema(STAGED[entity]).names
        assert result.staged[entity].schema.types == arrow_schema(STAGED[entity]).types
    assert result.findings.schema.names == [*TABLES["fct_finding"].columns, "record_id", "record_digest"]


def test_clean_files_give_typed_rows_that_know_their_source(stage):
    result = stage(SPLIT, FILES)
    people = result.validated["patient_identity"]
    assert values(people, "local_patient_id", "birth_date", "birth_date_precision", "sex", "sex_raw") == [
        ("1", dt.date(1960, 2, 1), "day", "M", "Homme"),
        ("2", dt.date(1955, 3, 1), "month", "F", "femme"),
    ]
    delivery = people.column("delivery_id")[0].as_py()
    assert values(people, "row_id", "file", "sheet", "line") == [
        (f"{delivery}:0:2", "patients.csv", None, 2),
        (f"{delivery}:0:3", "patients.csv", None, 3),
    ]
    tumours = values(result.validated["tumour"], "size_mm", "diagnosis_date_precision", "morphology_version")
    assert tumours == [(85.5, "day", "icdo32"), (None, "year", "icdo32")]
    surgery = values(
        result.validated["surgery"], "surgery_date", "surgery_date_precision", "margin", "surgery_kind"
    )
    assert surgery == [(dt.date(2015, 5, 4), "day", "R0", "resection"), (None, "unknown", "R1", "resection")]
    assert rules(result, "field") == [
        ("SURGERY-003", "surgery_date"),
        *[("SURGERY-010", "surgery_intent")] * 2,  # counted, not asked: the centre sends neither
        *[("SURGERY-011", "surgery_target")] * 2,
    ]
    assert result.quarantine.num_rows == 0
    assert result.is_accepted
    check_closed(result.accounts)


def test_the_staged_text_is_the_centre_s_trimmed_with_its_missing_words_emptied(stage):
    files = FILES | {"tumeurs.csv": "IPP;TUM;DIAG;TAILLE;HISTO;SIEGE\n 1 ;A; 2015;nr;  GIST \u00a0;Nr\n"}
    staged = stage(SPLIT, files).staged["tumour"]
    assert values(
        staged, "local_patient_id", "diagnosis_date", "size_mm", "diagnosis_label", "topography_label"
    ) == [("1", "2015", None, "GIST", None)]


@pytest.mark.parametrize(
    ("name", "cell", "rule_id", "field"),
    [
        ("patients.csv", "1;DUPONT;31/02/1960;Homme;x", c.IMPOSSIBLE_DATE, "birth_date"),
        ("patients.csv", "1;DUPONT;01/02/60;Homme;x", c.TWO_DIGIT_YEAR, "birth_date"),
        ("patients.csv", "1;DUPONT;01/01/1970;Homme;x", c.DEFAULT_DATE, "birth_date"),
        ("patients.csv", "1;DUPONT;01/02/1960;Garçon;x", c.UNKNOWN_WORD, "sex"),
        ("patients.csv", "1;LÃ‰VY;01/02/1960;Homme;x", c.DAMAGED_TEXT, "birth_name"),
        ("patients.csv", "1;L\ufffdVY;01/02/1960;Homme;x", c.DAMAGED_TEXT, "birth_name"),
        ("tumeurs.csv", "1;A;01/01/1900;8;GIST;estomac", c.YEAR_OUT_OF_BOUNDS, "diagnosis_date"),
        ("tumeurs.csv", "1;A;42000;8;GIST;estomac", c.SERIAL_NUMBER, "diagnosis_date"),
        ("tumeurs.csv", "1;A;jamais;8;GIST;estomac", c.NOT_A_DATE, "diagnosis_date"),
        ("tumeurs.csv", "1;A;2015;8.5;GIST;estomac", c.NOT_A_NUMBER, "size_mm"),
        ("tumeurs.csv", "1;A;2015;8500;GIST;estomac", c.OUT_OF_BOUNDS, "size_mm"),
        ("tumeurs.csv", "1;A;2030;80;GIST;estomac", "DATE-101", "diagnosis_date"),
    ],
)
def test_a_cell_that_cannot_be_used_is_found_on_its_line(stage, name, cell, rule_id, field):
    header = {"patients.csv": PEOPLE, "tumeurs.csv": TUMOURS}[name].splitlines()[0]
    result = stage(
        SPLIT, FILES | {name: f"{header}\n{cell}\n", "chirurgie_1.csv": "IPP;TUM;DATE;R\n1;A;2016;R0\n"}
    )
    found = [row for row in values(result.findings, "rule_id", "field", "file", "line") if row[0] == rule_id]
    assert found == [(rule_id, field, name, 2)]
    entity = "patient_identity" if name == "patients.csv" else "tumour"
    assert result.validated[entity].num_rows == 1
    is_kept = rule_id in (c.DEFAULT_DATE, c.DAMAGED_TEXT)
    assert (result.validated[entity].column(field)[0].as_py() is not None) == is_kept


def test_a_ragged_line_is_kept_whole_in_quarantine(stage):
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": SURGERY + "2;A\n"})
    assert account(result, "stage", "stg_surgery") == (3, 2, 1, 0, 0)
    assert values(result.quarantine, "table_name", "rule_id", "line", "payload") == [
        ("stg_surgery", c.RAGGED_ROW, 4, '{"raw": "2;A"}')
    ]
    assert (c.RAGGED_ROW, "stg_surgery", 4, True) in rules(result, "table_name", "line", "is_quarantined")
    check_closed(result.accounts)


def test_a_row_set_aside_is_kept_whole_in_quarantine(stage):
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n9;A;04/05/2015;sain\n;A;;\n"})
    assert account(result, "validate", "val_surgery") == (2, 0, 2, 0, 0)
    found = values(result.quarantine, "rule_id", "line", "payload")
    assert [row[:2] for row in found] == [(c.UNKNOWN_PATIENT, 2), (c.MISSING_KEY, 3)]
    payload = json.loads(found[0][2])
    assert {k: v for k, v in payload.items() if v is not None} == {
        "local_patient_id": "9", "local_tumour_id": "A", "surgery_date": "04/05/2015", "margin": "sain",
        "surgery_kind": "resection", "surgery_facility": "ICI",
    }  # fmt: skip


def test_exact_repeats_are_merged_within_and_between_files(stage):
    line = "1;A;04/05/2015;sain\n"
    other = "IPP;TUM;DATE;R\n" + line + "1;A;04/05/2015; SAIN \n"
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": SURGERY + line, "chirurgie_2.csv": other})
    assert account(result, "stage", "stg_surgery") == (5, 3, 0, 2, 0)  # SAIN is other text, the same margin
    check_closed(result.accounts)


def test_a_wide_file_states_an_entity_only_where_it_fills_it(stage):
    text = (
        "IPP;NOM;SEXE;TUM;HISTO;CHIR1;R1;CHIR2;R2\n"
        "1;DUPONT;M;A;GIST;04/05/2015;R0;06/07/2016;R1\n"
        "1;DUPONT;M;B;GIST;;;;\n"
        "2;DURAND;F;A;;;;;\n"
        "3;DUVAL;;A;GIST;2015;;;R0\n"
    )
    result = stage(WIDE, {"tout.csv": text})
    assert account(result, "stage", "stg_patient_identity") == (4, 3, 0, 1, 0)
    assert account(result, "stage", "stg_tumour") == (4, 3, 0, 0, 1)
    assert account(result, "stage", "stg_surgery") == (8, 4, 0, 0, 4)
    ids = result.validated["surgery"].column("row_id").to_pylist()
    assert [row_id.split(":")[1:] for row_id in ids] == [["2", "2"], ["2", "5"], ["3", "2"], ["3", "5"]]
    check_closed(result.accounts)


def test_a_ragged_line_of_a_wide_file_is_one_finding_and_one_row_per_table(stage):
    result = stage(WIDE, {"tout.csv": "IPP;NOM;SEXE;TUM;HISTO;CHIR1;R1;CHIR2;R2\n1;DUPONT\n"})
    assert rules(result) == [(c.RAGGED_ROW,)]
    tables = result.quarantine.column("table_name").to_pylist()
    assert tables == ["stg_patient_identity", "stg_tumour", "stg_surgery", "stg_surgery"]
    assert len(set(result.quarantine.column("row_id").to_pylist())) == 4
    check_closed(result.accounts)


def test_columns_that_come_and_go_are_said_once(stage):
    files = FILES | {"tumeurs.csv": "IPP;TUM;DIAG;HISTO;NOUVEAU\n1;A;2015;GIST;x\n"}
    result = stage(SPLIT, files)
    found = [row for row in rules(result, "field", "line") if row[0] in (c.MISSING_COLUMN, c.UNMAPPED_COLUMN)]
    assert found == [
        (c.MISSING_COLUMN, "size_mm", 1),
        (c.MISSING_COLUMN, "topography_label", 1),
        (c.UNMAPPED_COLUMN, "NOUVEAU", 1),
    ]
    assert "NOUVEAU" not in result.staged["tumour"].column_names


def test_a_file_that_cannot_be_read_keeps_the_centre_out(stage):
    """Without the surgery of that file, the centre's indicators would be wrong unseen."""
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": "", "chirurgie_2.csv": SURGERY})
    assert [(r.code, r.centre_id, r.file) for r in result.refusals] == [
        ("empty_file", "alpha", "chirurgie_1.csv")
    ]
    assert not result.is_accepted


@pytest.mark.parametrize("name", ["patients.csv", "tumeurs.csv"])
def test_without_patients_or_tumours_the_centre_is_kept_out(stage, name):
    result = stage(SPLIT, FILES | {name: "X;Y\n1;2\n"})
    assert [r.code for r in result.refusals] == ["missing_header"]
    assert not result.is_accepted
    assert sum(table.num_rows for table in (*result.staged.values(), *result.validated.values())) == 0
    assert (result.findings.num_rows, result.quarantine.num_rows, result.accounts) == (0, 0, [])


def test_a_centre_without_delivery_is_kept_out(stage):
    assert not stage(SPLIT, {}).is_accepted


def test_an_event_file_without_row_is_refused_alone(stage):
    result = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n"})
    assert [r.code for r in result.refusals] == ["header_only"]
    assert result.is_accepted


def test_a_workbook_is_read_with_the_same_rules(stage):
    book = centre(
        r"""
export: {format: xlsx}
files:
  - match: '.*\.xlsx'
    sheets:
      - sheet: Patients
        tables:
          - {entity: patient_identity, columns: {local_patient_id: IPP, birth_date: NE}}
          - {entity: patient_history, columns: {local_patient_id: IPP, predisposition: GENE}}
      - {sheet: Tumeurs, header_line: 2,
         tables: [{entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: T, size_mm: MM}}]}
      - {sheet: Vide, tables: [{entity: rcp, columns: {local_patient_id: IPP, local_tumour_id: T, rcp_date: D}}]}
"""
    )
    content = xlsx(
        [["IPP", "NE", "GENE"], [7, dt.date(1960, 2, 1), "nf1"]],
        title="Patients",
        more={"Tumeurs": [["titre"], ["IPP", "T", "MM"], [7, 1, 12.5]], "Vide": [["IPP", "T", "D"]]},
    )
    result = stage(book, {"a.xlsx": content})
    assert values(result.validated["patient_identity"], "local_patient_id", "birth_date", "sheet") == [
        ("7", dt.date(1960, 2, 1), "Patients")
    ]
    assert values(result.validated["tumour"], "local_tumour_id", "size_mm", "line") == [("1", 12.5, 3)]
    assert (c.EMPTY_SHEET, "stg_rcp", "Vide") in rules(result, "table_name", "sheet")
    sent = ("patient_identity", "patient_history", "tumour")
    ranks = [result.staged[entity].column("row_id")[0].as_py().split(":")[1] for entity in sent]
    assert ranks == ["0", "1", "2"]


def test_a_finding_keeps_its_id_when_lines_move(stage):
    wrong = "1;A;jamais;sain\n"
    before = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n" + wrong})
    after = stage(SPLIT, FILES | {"chirurgie_1.csv": SURGERY + wrong})
    assert _ids(before, c.NOT_A_DATE) == _ids(after, c.NOT_A_DATE)
    assert len(_ids(before, c.NOT_A_DATE)) == 1


def test_a_finding_keeps_its_id_when_another_record_has_the_same_problem(stage):
    wrong = "2;A;jamais;sain\n"
    alone = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n" + wrong})
    both = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n1;A;jamais;sain\n" + wrong})
    assert _ids(alone, c.NOT_A_DATE) < _ids(both, c.NOT_A_DATE)
    third = stage(SPLIT, FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n1;A;jamais;sain\n"})
    assert _ids(alone, c.NOT_A_DATE) != _ids(third, c.NOT_A_DATE)


def test_a_finding_is_another_in_another_network_and_with_another_key(stage):
    files = FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n1;A;jamais;sain\n"}
    found = [stage(SPLIT, files), stage(SPLIT, files, network_id="other"), stage(SPLIT, files, key=bytes(32))]
    assert len({id_ for result in found for id_ in _ids(result, c.NOT_A_DATE)}) == 3


def test_two_findings_of_one_record_have_two_ids(stage):
    twice = FILES | {"chirurgie_1.csv": "IPP;TUM;DATE;R\n1;A;jamais;sain\n1;A;toujours;sain\n"}
    assert len(_ids(stage(SPLIT, twice), c.NOT_A_DATE)) == 2


def test_the_same_deliveries_in_any_order_give_the_same_tables(stage):
    files = FILES | {"chirurgie_2.csv": "IPP;TUM;DATE;R\n2;A;2017;R1\n1;A;04/05/2015;sain\n"}
    first, second = stage(SPLIT, files), stage(SPLIT, dict(reversed(files.items())))
    assert first.validated == second.validated
    assert first.staged == second.staged
    assert first.findings == second.findings
    assert first.accounts == second.accounts


def test_findings_and_refusals_hold_no_value(stage):
    files = FILES | {
        "patients.csv": "IPP;NOM;NAISSANCE;SEXE;SERVICE\n1;XAVIERNOM;31/02/1960;SEXESECRET;x\n",
        "chirurgie_1.csv": "IPP;TUM;DATE;R\nIPPSECRET;A;DATESECRETE;MARGESECRETE\n",
    }
    result = stage(SPLIT, files)
    refused = stage(SPLIT, files | {"chirurgie_2.csv": "IPP;NOM\nIPPSECRET;XAVIERNOM\n"})
    text = (
        json.dumps(result.findings.to_pylist(), default=str) + repr(refused.refusals) + repr(result.accounts)
    )
    assert refused.refusals
    secrets = ("XAVIERNOM", "31/02/1960", "SEXESECRET", "IPPSECRET", "DATESECRETE", "MARGESECRETE")
    assert [secret for secret in secrets if secret in text] == []
    assert result.findings.num_rows >= 5


def _ids(result, rule_id):
    found = values(result.findings, "rule_id", "finding_id")
    return {finding for rule, finding in found if rule == rule_id}


cell = st.sampled_from(["", "1", "2", "A", "NR", "04/05/2015", "sain", '"x;y"', "31/02/2015"])
lines = st.lists(st.lists(cell, min_size=1, max_size=5).map(";".join), min_size=1, max_size=8)


@given(people=lines, tumours=lines, surgery=lines)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_sent_has_exactly_one_outcome(tmp_path_factory, people, tumours, surgery):
    files = {
        name: text.splitlines()[0] + "\n" + "\n".join(some) + "\n"
        for (name, text), some in zip(FILES.items(), (people, tumours, surgery), strict=True)
    }
    result = stage_files(Store(tmp_path_factory.mktemp("store")), SPLIT, files)
    check_closed(result.accounts)
    if not result.is_accepted:
        return
    for entity in ("patient_identity", "tumour", "surgery"):
        staged = set(result.staged[entity].column("row_id").to_pylist())
        kept = set(result.validated[entity].column("row_id").to_pylist())
        aside = _set_aside(result.quarantine, entity)
        assert kept <= staged
        assert staged - kept == {row for row in aside if row in staged}
        assert not kept & aside


def _set_aside(quarantine: pa.Table, entity: str) -> set[str]:
    found = values(quarantine, "table_name", "row_id")
    assert len({row for _, row in found}) == len(found)
    return {row for table, row in found if table == f"stg_{entity}"}


@pytest.mark.parametrize(
    ("whole", "asked"),
    [
        (set(), set()),
        ({"patient_identity"}, {c.UNKNOWN_PATIENT}),
        ({"tumour"}, {c.UNKNOWN_TUMOUR}),
    ],
)
def test_files_may_be_absent_when_it_is_said_what_is_whole(tmp_path, whole, asked):
    """The parents that were not sent, or of which only a part was, are not asked for."""
    strangers = {"chirurgie_1.csv": SURGERY.replace("\n1;A;", "\n9;A;")}
    result = stage_files(Store(tmp_path), SPLIT, strangers, whole=whole)
    assert (result.is_accepted, result.refusals) == (True, [])
    found = {rule_id for (rule_id,) in values(result.findings, "rule_id")}
    assert found & {c.UNKNOWN_PATIENT, c.UNKNOWN_TUMOUR} == asked
