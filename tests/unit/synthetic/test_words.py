"""From true values to what a centre writes."""

import datetime as dt

import pyarrow as pa
import pytest

from pipelines.config import Export, TableMap
from pipelines.synthetic.text import CodeDamage
from pipelines.synthetic.words import Writer, cells, code_book, dates_as_written
from validations.contracts.entities import ENTITIES


@pytest.fixture(scope="module")
def book(cal):
    return code_book(cal)


def centre(cal, name):
    return next(centre for centre in cal.centres if centre.id == name)


@pytest.mark.parametrize(
    ("order", "mark", "full", "month", "year"),
    [
        ("day_first", None, "07/03/2014", "03/2014", "2014"),
        ("day_first", "-", "07-03-2014", "03-2014", "2014"),
        ("day_first", ".", "07.03.2014", "03.2014", "2014"),
        ("month_first", None, "03/07/2014", "03/2014", "2014"),
        ("year_first", None, "2014-03-07", "2014-03", "2014"),
        ("year_first", "", "20140307", "2014-03", "2014"),
        ("year_first", "/", "2014/03/07", "2014/03", "2014"),
    ],
)
def test_a_date_in_each_order(order, mark, full, month, year):
    export = Export(format="csv", dates=order, date_separator=mark)
    written = dates_as_written(pa.array(["2014-03-07", "2014-03", "2014", None]), export)
    assert written.to_pylist() == [full, month, year, None]


def tumours(damage=CodeDamage.NONE, morphology="8858/3", topography="C48.0"):
    return pa.table(
        {
            "morphology": pa.array([morphology]),
            "topography": pa.array([topography]),
            "_damage": pa.array([int(damage)], pa.int8()),
        }
    )


def written(writer, table, field, version="icdo32"):
    columns = {"local_patient_id": "p", "local_tumour_id": "t", field: "x"}
    map_ = TableMap(entity="tumour", columns=columns, constants={"morphology_version": version})
    return writer.column(table, "tumour", field, map_).to_pylist()[0]


@pytest.mark.parametrize(
    ("damage", "code"),
    [(CodeDamage.NONE, "8858/3"), (CodeDamage.FULL, "8858-03-01"), (CodeDamage.SHORT, "mars-58")],
)
def test_a_code_as_a_spreadsheet_left_it(cal, book, damage, code):
    writer = Writer(centre(cal, "clb"), book)
    assert written(writer, tumours(damage), "morphology_code") == code


@pytest.mark.parametrize(
    ("current", "older"),
    [
        ("8890/3", "8890/3"),
        ("8936/3", "8936/1"),  # GIST was of uncertain behaviour
        ("9364/3", "9260/3"),  # Ewing
        ("9133/3", "9133/1"),
        ("8832/1", None),  # 8832/3 meant another thing: the label says it
        ("8832/3", None),
        ("9540/3", None),
        ("9366/3", None),  # newer than the edition
    ],
)
def test_a_code_in_an_older_edition(cal, book, current, older):
    writer = Writer(centre(cal, "clb"), book)
    assert written(writer, tumours(morphology=current), "morphology_code", "icdo31") == older
    assert written(writer, tumours(morphology=current), "morphology_code") == current


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("diagnosis_label", "Liposarcome dédifférencié"),
        ("topography_code", "C48.0"),
        ("topography_label", "Rétropéritoine"),
        ("icd10_code", "C48.0"),
    ],
)
def test_a_diagnosis_in_words_and_in_other_codes(cal, book, field, text):
    assert written(Writer(centre(cal, "clb"), book), tumours(), field) == text


def test_an_adicap_code_names_the_organ_and_the_lesion(cal, book):
    writer = Writer(centre(cal, "clb"), book)
    table = tumours(morphology="8821/1", topography="C49.3")
    assert written(writer, table, "adicap_code") == "BHTCF0F2"
    assert written(writer, tumours(morphology="8821/1", topography="C41.0"), "adicap_code") is None


def test_what_is_written_can_be_coded_back(cal, book):
    """Labels are unique, and every diagnosis of the network has one."""
    for words in (book.label, book.site):
        assert len(set(words.values())) == len(words)
    assert set(cal.tables["histotypes"]["morphology"]) <= set(book.label)


@pytest.mark.parametrize("name", ["clb", "icl", "saint_louis", "rreps", "icans"])
def test_every_word_of_a_centre_is_the_one_it_declares(cal, book, name):
    writer = Writer(centre(cal, name), book)
    map_ = TableMap(entity="patient_identity", columns={"local_patient_id": "p", "sex": "s"})
    text = writer.column(pa.table({"sex": ["F", "M", "?"]}), "patient_identity", "sex", map_).to_pylist()
    declared = writer.centre.values["sex"]
    assert text == [declared["F"][0], declared["M"][0], "?"]


def test_cells_of_a_workbook_are_typed_where_they_can_be():
    export = Export(format="xlsx", decimal=",")
    date = next(field for field in ENTITIES["tumour"] if field.name == "diagnosis_date")
    size = next(field for field in ENTITIES["tumour"] if field.name == "size_mm")
    source = pa.array(["2014-03-07", "2014-03", "2014-02-31", None])
    text = dates_as_written(source, export)
    assert cells(text, source, date, export) == [dt.date(2014, 3, 7), "03/2014", "31/02/2014", None]
    assert cells(pa.array(["34,5", "?"]), pa.array(["34.5", "?"]), size, export) == [34.5, "?"]
