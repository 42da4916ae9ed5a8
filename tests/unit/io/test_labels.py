"""Any table of diagnoses is read row by row, in its order, whatever its separator; what is no table is refused."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import IntakeError
from pipelines.io.labels import STATED, load_labels, write_coded


def stated(**columns):
    return tuple(columns.get(name) for name in STATED)


@pytest.fixture
def loaded(tmp_path):
    def load(content, name="labels.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_labels(path)

    return load


READ = {
    "comma": "id,label\na,sarcome\nb,lipome\n",
    "semicolon": "id;label\na;sarcome\nb;lipome\n",
    "tab, byte order mark, capitals, blanks": "\ufeffID\t Label \na\tsarcome\nb\t lipome \n",
    "other columns and no last line end": "nom,label,id\nX,sarcome,a\nY,lipome,b",
    "quotes and blank lines": 'id,label\n\na,"sarcome"\n\nb,"lipome"\n',
    "carriage returns": "id,label\r\na,sarcome\r\nb,lipome\r\n",
}


@pytest.mark.parametrize("case", READ)
def test_rows_come_in_their_order(loaded, case):
    table = loaded(READ[case])
    assert table.ids == ["a", "b"]
    assert [table.combinations[k] for k in table.combination_of] == [
        stated(label="sarcome"),
        stated(label="lipome"),
    ]


def test_a_combination_is_kept_once(loaded):
    table = loaded("id,label,morphology\n1,sarcome,\n2,sarcome,8800/3\n3,sarcome,\n3,,\n")
    assert table.ids == ["1", "2", "3", "3"]
    assert table.combination_of == [0, 1, 0, 2]
    assert table.combinations[1] == stated(label="sarcome", morphology="8800/3")
    assert table.combinations[2] == stated()


RAGGED = [
    ("id,label\n1,sarcome, de la cuisse\n", stated(label="sarcome, de la cuisse")),
    ("id,label,adicap\n1,sarcome\n", stated(label="sarcome")),
    ('id,label\n1,"sarcome\nde la cuisse"\n', stated(label="sarcome\nde la cuisse")),
    ("id,label\n1,sarcome ; cuisse\n", stated(label="sarcome ; cuisse")),
    ("id,label\n1," + "x" * 200_000 + "\n", stated(label="x" * 200_000)),
]


@pytest.mark.parametrize(("content", "expected"), RAGGED)
def test_a_damaged_row_stays_one_row(loaded, content, expected):
    assert loaded(content).combinations == [expected]


def test_parquet_is_read_as_text(tmp_path):
    path = tmp_path / "labels.parquet"
    pq.write_table(pa.table({"id": [1, 2], "label": ["sarcome", None], "morphology": [None, 88583]}), path)
    table = load_labels(path)
    assert table.ids == ["1", "2"]
    assert table.combinations == [stated(label="sarcome"), stated(morphology="88583")]


REFUSED = {
    "no id": ("label\nsarcome\n", "lacks `id`"),
    "nothing to read": ("id,nom\n1,X\n", "lacks `id`"),
    "empty": ("", "lacks `id`"),
    "a header alone": ("id,label\n", "no row"),
    "a column twice": ("id,label,label\n1,a,b\n", "names a column twice: label"),
    "not UTF-8": (b"id,label\n1,l\xe9iomyosarcome\n", "not UTF-8"),
    "no text at all": (bytes(range(128, 256)), "not UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused(loaded, case):
    content, what = REFUSED[case]
    with pytest.raises(IntakeError, match=what):
        loaded(content)


def test_a_file_that_is_no_parquet_or_is_absent_is_refused(loaded, tmp_path):
    with pytest.raises(IntakeError, match="no table that can be read"):
        loaded("id,label\n1,a\n", name="labels.parquet")
    with pytest.raises(IntakeError, match="no such table"):
        load_labels(tmp_path / "absent.csv")


def test_every_row_is_written_once_in_its_order(loaded, tmp_path):
    table = loaded('id,label\n"b,1",sarcome\na,lipome\n"b""1",sarcome\n')
    write_coded(
        tmp_path / "coded.csv", ("id", "code", "reason"), table, [["8800/3", "x, y"], ["8850/0", "z"]]
    )
    assert (tmp_path / "coded.csv").read_text() == (
        'id,code,reason\n"b,1",8800/3,"x, y"\na,8850/0,z\n"b""1",8800/3,"x, y"\n'
    )
