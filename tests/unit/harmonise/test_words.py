"""French and English words meet in one stem; a phrase of the table counts as one word."""

import pytest

from pipelines.harmonise.words import fold, normalise, phrase_table, replace_phrases, stem, words_of

BOTH_LANGUAGES = [
    # French                                                English
    ("liposarcome dédifférencié", "dedifferentiated liposarcoma"),
    ("liposarcome bien différencié", "well-differentiated liposarcoma"),
    ("sarcome à cellules fusiformes", "spindle cell sarcoma"),
    ("sarcome à petites cellules rondes", "small round cell sarcoma"),
    ("sarcome à cellules claires", "clear cell sarcoma"),
    ("tumeur à cellules géantes de l'os", "giant cell tumor of bone"),
    ("tumeur à cellules granuleuses", "granular cell tumour"),
    ("rhabdomyosarcome embryonnaire", "embryonal rhabdomyosarcoma"),
    ("rhabdomyosarcome alvéolaire", "alveolar rhabdomyosarcoma"),
    ("tumeur fibreuse solitaire", "solitary fibrous tumor"),
    ("sarcome pléomorphe indifférencié", "undifferentiated pleomorphic sarcoma"),
    ("tumeur myofibroblastique inflammatoire", "inflammatory myofibroblastic tumour"),
    ("chondrosarcome myxoïde extrasquelettique", "extraskeletal myxoid chondrosarcoma"),
    ("fibrosarcome épithélioïde sclérosant", "sclerosing epithelioid fibrosarcoma"),
    (
        "tumeur musculaire lisse de potentiel malin incertain",
        "smooth muscle tumor of uncertain malignant potential",
    ),
    ("ostéosarcome de bas grade", "low-grade osteosarcoma"),
    ("chondrosarcome de grade 2", "chondrosarcoma, grade II"),
    ("synovialosarcome biphasique", "biphasic synovial sarcoma"),
    ("tumeur maligne des gaines nerveuses périphériques", "malignant peripheral nerve sheath tumor"),
    ("hémangioendothéliome épithélioïde", "epithelioid haemangioendothelioma"),
    ("tumeur lipomateuse atypique", "atypical lipomatous tumor"),
]
STEMS = [
    ("sarcomes", "sarcom"), ("sarcoma", "sarcom"), ("sarcomas", "sarcom"), ("fibreuse", "fibreu"),
    ("fibrous", "fibreu"), ("pleomorphe", "pleomorph"), ("pleomorphic", "pleomorph"), ("myxoide", "myxoid"),
    ("myxoid", "myxoid"), ("alveolaire", "alveolar"), ("alveolar", "alveolar"), ("atypique", "atyp"),
    ("atypical", "atyp"), ("os", "os"), ("non", "non"), ("superficielle", "superficiel"),
]  # fmt: skip
ABBREVIATED = [
    ("LPS DD", "liposarcome dédifférencié"), ("LPS dédiff", "liposarcome dédifférencié"), ("LMS", "léiomyosarcome"),
    ("RMS alvéolaire", "rhabdomyosarcome alvéolaire"), ("TFS maligne", "tumeur fibreuse solitaire maligne"),
    ("MPNST", "TMGNP"), ("sarcome indiff pléo", "sarcome pléomorphe indifférencié"),
]  # fmt: skip
GRADES = [
    ("chondrosarcome grade II", "chondrosarcome de grade 2"), ("sarcome FNCLCC 3", "sarcome grade 3"),
    ("sarcome de grade 3 FNCLCC", "sarcome grade 3"), ("sarcome grade 2/3", "sarcome grade 2"),
    ("sarcome G2", "sarcome grade 2"), ("sarcome grade FNCLCC : 1", "sarcome grade 1"),
]  # fmt: skip


@pytest.mark.parametrize(("french", "english"), BOTH_LANGUAGES)
def test_both_languages_have_one_key(french, english):
    assert normalise(french) == normalise(english)


@pytest.mark.parametrize(("word", "expected"), STEMS)
def test_stem(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(("short", "full"), ABBREVIATED + GRADES)
def test_an_abbreviation_of_the_closed_list_is_its_words(short, full):
    assert normalise(short) == normalise(full)


@pytest.mark.parametrize("label", ["sarcoma of the arm", "tumeur de l'os", "sarcome de la main", "les os"])
def test_an_ordinary_word_is_no_abbreviation(label):
    assert not {"rhabdomyosarcom", "osteosarcom", "leiomyosarcom"} & set(words_of(fold(label)))


def test_the_longest_phrase_wins_and_the_rest_stays():
    table = phrase_table([(("a",), ("x",)), (("a", "b"), ("y", "z"))])
    assert replace_phrases(["a", "a", "b", "c"], table) == ["x", "y", "z", "c"]
