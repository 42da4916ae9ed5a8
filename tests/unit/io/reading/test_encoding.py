"""The encoding of a file that does not say it."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.encoding import decide_encoding, decode

FRENCH = "Prénom;Nom;Évènement\nZoé;Lefèvre;opérée à Besançon, rechute où ? œdème du côté gauche\nNoël;Hôtel;déjà vu\n"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_french_text_is_recognised(encoding, expected):
    text = FRENCH.replace("œ", "oe") if encoding == "cp850" else FRENCH
    found, decisions = decode(text.encode(encoding))
    assert (decisions[0].value, found) == (expected, text)


@pytest.mark.parametrize("text", ["Né;Âge\n12;Zoé\n", "Œuvre;coût\n100 €;œdème\n", "CÔTÉ;NOËL\n"])
@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "mac_roman", "utf-8"])
def test_a_few_accents_are_enough(text, encoding):
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("content", "expected", "confidence"),
    [
        (b"", "utf-8", 1.0),
        (b"a;b\n1;2\n", "utf-8", 1.0),
        (b"\0" * 12, "utf-8", 1.0),
        (codecs.BOM_UTF32_LE + "a".encode("utf-32-le"), "utf-32-le", 1.0),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "utf-16", 1.0),
    ],
)
def test_what_cannot_be_otherwise_is_certain(content, expected, confidence):
    assert decide_encoding(content)[:2] == (expected, confidence)


def test_marks_are_not_text():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode("é;a".encode(encoding))[0] == "é;a"


def test_a_given_encoding_is_obeyed_and_its_mark_removed():
    assert decode("Né".encode("cp850"), forced="cp850")[0] == "Né"
    assert decode("Né".encode("utf-8-sig"), forced="utf-8")[0] == "Né"
    assert decode("Né".encode("utf-16-le"), forced="utf-16")[0] == "Né"


def test_windows_bytes_within_utf8_are_read_as_windows_writes_them():
    lines = ["Zoé".encode(), "Noël".encode(), "à Besançon".encode(), "Léa".encode("cp1252")]
    found, decisions = decode(b"\n".join(lines))
    assert found == "Zoé\nNoël\nà Besançon\nLéa"
    assert decisions[0].confidence < 0.9
    assert "1 bytes" in decisions[0].evidence


def test_lost_characters_are_reported():
    _, decisions = decode("Zo\ufffd;No\ufffdl".encode())
    assert [(d.what, d.value) for d in decisions[1:]] == [("replacement characters", "2")]


def test_other_alphabets_are_asked_of_the_general_detector():
    text = (
        "Имя;Город;Диагноз\nИван;Москва;опухоль мягких тканей\nАнна;Казань;повторная операция через год\n" * 3
    )
    assert decode(text.encode("cp1251"))[0] == text


@given(st.binary(max_size=300))
def test_any_bytes_are_a_text(content):
    text, decisions = decode(content)
    assert isinstance(text, str)
    assert 0 <= decisions[0].confidence <= 1
