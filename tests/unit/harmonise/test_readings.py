import pytest

from pipelines.harmonise.readings import StatedDiagnosis, StatedSite, decide_diagnosis, decide_site
from pipelines.harmonise.terminology import load_terminology

TERMS = load_terminology()
CODED = [
    # code, version, adicap, label                                          → morphology, method, outcome, reason
    ("8858/3", "icdo32", None, None, "8858/3", "code", "auto", None),
    ("8858/3", None, None, None, "8858/3", "code", "auto", None),
    ("88583", "icdo32", None, None, "8858/3", "repaired", "auto", None),
    ("9260/3", "icdo31", None, None, "9364/3", "migrated", "auto", None),
    ("92603", "icdo31", None, None, "9364/3", "migrated", "auto", None),
    (None, None, None, "Liposarcome dédifférencié", "8858/3", "label", "auto", None),
    (None, None, "BHTCL7R8", None, "8852/3", "adicap", "auto", None),
    (None, None, "BHTCX0J0", None, "8936/3", "adicap", "auto", None),
    # all agree, or one is the unspecified form of another
    ("8858/3", "icdo32", "BHTCL7S6", "LPSDD", "8858/3", "code", "auto", None),
    ("8850/3", "icdo32", None, "Liposarcome dédifférencié", "8858/3", "label", "auto", None),
    ("8858/3", "icdo32", None, "Sarcome", "8858/3", "code", "auto", None),
    ("8000/3", "icdo32", None, "GIST", "8936/3", "label", "auto", None),
    ("9040/3", "icdo32", "BHTCS7R6", "Synovialosarcome", "9043/3", "adicap", "auto", None),
    # a label settles what a code cannot
    ("mars-58", None, None, "Liposarcome dédifférencié", "8858/3", "repaired", "auto", None),
    ("8890.0", None, None, "Léiomyosarcome", "8890/3", "repaired", "auto", None),
    ("8815/0/1/3", None, None, "Tumeur fibreuse solitaire", "8815/1", "repaired", "auto", None),
    ("8832/3", None, None, "DFSP", "8832/1", "migrated", "auto", None),
    ("8832/3", None, None, "DFSP fibrosarcomateux", "8832/3", "code", "auto", None),
    ("9540/3", "icdo31", None, "MPNST épithélioïde", "9542/3", "migrated", "auto", None),
    # a label outside our dictionary contradicts nothing
    ("8858/3", "icdo32", None, "tumeur du rétropéritoine, cf. compte rendu", "8858/3", "code", "auto", None),
    ("8858/3", "icdo32", "BHTC7200", None, "8858/3", "code", "auto", None),
    # a candidate, for a person
    ("8832/3", None, None, None, "8832/3", "code", "propose", "version_or_label_needed"),
    ("8858/3", "icdo32", None, "Liposarcome dédifférencié ?", "8858/3", "code", "propose", "label_hedged"),
    (None, None, None, "Probable léiomyosarcome", "8890/3", "label", "propose", "label_hedged"),
    (
        None,
        None,
        None,
        "Aspect compatible avec un léiomyosarcome",
        "8890/3",
        "label",
        "propose",
        "label_hedged",
    ),
    (None, None, None, "En faveur d'un sarcome synovial", "9040/3", "label", "propose", "label_hedged"),
    (None, None, None, "PEComa", "8714/3", "label", "propose", "label_broad"),
    (None, None, "BHTCF7D0", None, "8811/3", "adicap", "propose", "adicap_broad"),
    ("mai-58", None, None, "Liposarcome dédifférencié", "8858/3", "label", "propose", "code_damaged"),
    ("LPS", None, None, "Liposarcome dédifférencié", "8858/3", "label", "propose", "code_unreadable"),
    # nothing to propose, or a contradiction
    (None, None, None, None, None, "none", "review", "nothing_stated"),
    ("", None, " ", "  ", None, "none", "review", "nothing_stated"),
    ("mars-58", None, None, None, None, "none", "review", "code_damaged"),
    ("8890", None, None, None, None, "none", "review", "code_damaged"),
    ("8815/0/1/3", None, None, None, None, "none", "review", "code_several"),
    ("8243/3", "icdo32", None, None, None, "none", "review", "code_unknown"),
    ("9540/1", "icdo31", None, None, None, "none", "review", "predisposition_nf1"),
    (None, None, None, "lésion du muscle", None, "none", "review", "label_unknown"),
    (None, None, None, "Pas d'argument pour un sarcome", None, "none", "review", "label_negated"),
    ("8858/3", "icdo32", None, "Léiomyosarcome", "8858/3", "code", "review", "codings_disagree"),
    ("8890/0", "icdo32", None, "Léiomyosarcome", "8890/0", "code", "review", "codings_disagree"),
    ("9260/0", "icdo31", None, "Sarcome d'Ewing", "9260/0", "code", "review", "codings_disagree"),
    ("8832/3", "icdo32", None, "DFSP", "8832/3", "code", "review", "codings_disagree"),
    ("8858/3", "icdo32", None, "Absence de liposarcome", "8858/3", "code", "review", "label_negated"),
    ("8858/3", "icdo32", None, "Antécédent de liposarcome", "8858/3", "code", "review", "label_history"),
]
SITES = [
    # topography, ICD-10, label → topography, reason
    ("C49.2", None, None, "C49.2", None),
    ("C492", "C16.9", "estomac", "C49.2", None),
    ("C49", None, "cuisse", "C49.2", None),
    ("C49", None, "estomac", "C49", None),
    ("C49", None, None, "C49", None),
    ("C49.30", None, None, "C49.3", None),
    ("C02.1", None, None, "C02", None),
    ("42", None, None, None, "site_code_unreadable"),
    ("42", None, "moelle osseuse", "C42.1", None),
    ("42", "C49.2", None, "C49.2", "site_code_unreadable"),
    (None, "C49.30", None, "C49.3", None),
    (None, "D48.1", None, "C49.9", None),
    (None, "C46.1", None, "C49.9", None),
    (None, "C61", None, "C61.9", None),
    (None, "C22.3", None, "C22.0", None),
    (None, "Z51.1", None, None, "site_unknown"),
    (None, "C16.9", "cuisse", "C49.2", None),
    (None, None, "Cuisse", "C49.2", None),
    (None, None, "rétropéritoine", "C48.0", None),
    (None, None, "Estomac", "C16.9", None),
    (None, None, "utérus", "C55.9", None),
    (None, None, "fémur", "C40.2", None),
    (None, None, "cuisse ?", None, "site_unknown"),
    (None, None, "quelque part", None, "site_unknown"),
    (None, None, None, None, None),
]


@pytest.mark.parametrize(
    ("code", "version", "adicap", "label", "morphology", "method", "outcome", "reason"), CODED
)
def test_diagnosis(code, version, adicap, label, morphology, method, outcome, reason):
    found = decide_diagnosis(StatedDiagnosis(code=code, version=version, adicap=adicap, label=label), TERMS)
    assert (found.morphology, found.method, found.outcome, found.reason) == (
        morphology,
        method,
        outcome,
        reason,
    )


@pytest.mark.parametrize(("code", "icd10", "label", "topography", "reason"), SITES)
def test_site(code, icd10, label, topography, reason):
    found = decide_site(StatedSite(code=code, icd10=icd10, label=label), TERMS)
    assert (found.topography, found.reason) == (topography, reason)


@pytest.mark.parametrize("field", ["label_fr", "label_en"])
def test_every_label_of_our_table_gives_its_own_code(field):
    from pipelines.io.configuration import read_codes

    table = read_codes("morphology")
    found = [decide_diagnosis(StatedDiagnosis(label=label), TERMS) for label in table[field]]
    assert [d.morphology for d in found] == table["morphology"].tolist()
    assert {d.outcome for d in found} == {"auto"}


def test_every_site_label_of_our_table_gives_its_own_group():
    from pipelines.io.configuration import read_codes

    table = read_codes("topography")
    found = [decide_site(StatedSite(label=label), TERMS).topography for label in table["label_fr"]]
    assert [code[:3] for code in found] == [code[:3] for code in table["topography"]]
    assert [
        (code, kept)
        for code, kept in zip(table["topography"], found, strict=True)
        if len(code) > 3 and code != kept
    ] == []
