"""Fields that several layers share: provenance, pseudonyms, labels, validity."""

from validations.contracts.make import technical, text
from validations.contracts.model import Kind, Sensitivity

CENTRE_ID = technical("centre_id", "centre déclarant", "delivering centre")
DELIVERY_ID = technical("delivery_id", "dépôt", "delivery")
ROW_ID = technical(
    "row_id", "ligne source : dépôt, feuille, ligne, rang", "source row: delivery, sheet, line, rank"
)
PROVENANCE = (
    ROW_ID,
    CENTRE_ID,
    DELIVERY_ID,
    technical("file", "fichier", "file"),
    technical("sheet", "feuille", "sheet"),
    technical("line", "ligne dans le fichier", "line in the file", Kind.INTEGER),
)
PERSON_ID = text(
    "person_id", "personne, zone d'intégration", "person, integration zone", Sensitivity.IDENTITY
)
PATIENT_ID = technical("patient_id", "pseudonyme du patient", "pseudonym of the patient")
ALIAS_PATIENT_ID = technical(
    "alias_patient_id", "ancien pseudonyme, réuni à un autre", "former pseudonym, joined to another one"
)
TUMOUR_ID = technical("tumour_id", "pseudonyme de la tumeur", "pseudonym of the tumour")
MORPHOLOGY = text("morphology", "morphologie CIM-O-3.2", "ICD-O-3.2 morphology")
TOPOGRAPHY = text("topography", "topographie CIM-O-3", "ICD-O-3 topography")
INDICATOR_ID = technical("indicator_id", "indicateur", "indicator")
PERIOD_ID = technical("period_id", "période", "period")
LABEL_FR = text("label_fr", "libellé français", "French label", Sensitivity.TECHNICAL)
LABEL_EN = text("label_en", "libellé anglais", "English label", Sensitivity.TECHNICAL)
VALID_FROM = technical("valid_from", "valable depuis", "valid from", Kind.DATE)
VALID_TO = technical("valid_to", "valable jusqu'à", "valid until", Kind.DATE)
NAME = technical("name", "nom", "name")
