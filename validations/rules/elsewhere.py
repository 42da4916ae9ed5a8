"""Reference rules that are kept by another part of the chain than a rule, each with the place that keeps it.

A place is a file of this repository: what it says here is what it does.
"""

_Group = tuple[str, str, str, tuple[str, ...]]
_AUDIT = "pipelines/warehouse/audit.py"
_ACCOUNT = "pipelines/account.py"

_GROUPS: tuple[_Group, ...] = (
    (
        "config/codes/morphology.csv",
        "Les codes de l'OMS 2020 y sont : aucun n'est inconnu.",
        "It has the codes of WHO 2020: none is unknown.",
        ("SARC-07-X1",),
    ),
    (
        "pipelines/stage/dates.py",
        "Chaque date garde sa précision : jour, mois ou année.",
        "Each date keeps its precision: day, month or year.",
        ("NC-07",),
    ),
    (
        "pipelines/stage/received.py",
        "Chaque ligne lue est un enregistrement, ou écartée avec sa raison.",
        "Each line read is a record, or is left out with its reason.",
        ("I4RC-I10",),
    ),
    (
        "pipelines/stage/entity.py",
        "Chaque ligne reçue a un sort et un seul ; aucune autre n'apparaît.",
        "Each row received has one fate and only one; no other appears.",
        ("I4RC-S3",),
    ),
    (
        "pipelines/stage/centre.py",
        "Un fichier de patients ou de tumeurs vide tient le centre à l'écart.",
        "An empty file of patients or tumours keeps the centre out.",
        ("I4RC-S7",),
    ),
    (
        "pipelines/stage/findings.py",
        "Une anomalie dont la règle n'est pas au catalogue arrête le centre.",
        "A finding whose rule is not in the catalogue stops the centre.",
        ("I4RC-I7",),
    ),
    (
        "pipelines/refusals.py",
        "Un fichier est refusé sous un code d'une liste fermée, avec la raison et le remède.",
        "A file is refused under a code of a closed list, with the reason and the remedy.",
        ("I4RC-I6",),
    ),
    (
        _ACCOUNT,
        "Entrées = sorties + écartées + réunies + filtrées, chacune avec sa raison, sinon rien n'est publié.",
        "In = out + set aside + merged + filtered, each with its reason, or nothing is published.",
        ("I4RC-I5", "I4RC-S2", "NS-090"),
    ),
    (
        "pipelines/flow.py",
        "Au-delà du budget d'erreurs du réseau (5 % des lignes), le passage le signale.",
        "Above the error budget of the network (5% of the rows), the run says so.",
        ("I4RC-B4",),
    ),
    (
        "pipelines/intake/receive.py",
        "Le dossier nomme un centre du réseau, sinon le fichier est refusé ; un contenu connu n'est pas repris.",
        "The folder names a centre of the network, or the file is refused; known content is not taken again.",
        ("NS-001", "NS-015"),
    ),
    (
        "pipelines/intake/versions.py",
        "Trop de patients disparus : le dépôt attend une décision.",
        "Too many patients vanished: the delivery waits for a decision.",
        ("NS-005",),
    ),
    (
        "pipelines/centre_status.py",
        "L'état de chaque centre dit son retard et l'écart du nombre de patients au dépôt précédent.",
        "The status of each centre tells its delay, and the drift of its patients from the delivery before.",
        ("NS-004", "NS-014"),
    ),
    (
        "pipelines/corrections.py",
        "Une réponse vaut tant que la donnée ne change pas ; une donnée corrigée clôt l'anomalie.",
        "An answer holds while the record does not change; a corrected record closes the finding.",
        ("NAACCR-OVR", "DNPM-12"),
    ),
    (
        "validations/result.py",
        "Une règle qui ne concerne aucune ligne est sans objet, jamais respectée.",
        "A rule that concerns no row is not applicable, never passed.",
        ("DQD-notApplicable",),
    ),
    (
        "pipelines/link/guards.py",
        "Des identités incompatibles ne sont pas réunies ; la paire est à revoir.",
        "Incompatible identities are not joined; the pair is for review.",
        ("NS-080",),
    ),
    (
        "pipelines/harmonise/readings.py",
        "Un code inconnu de toute version, ou qui contredit le libellé, va à la revue ; un ancien est converti.",
        "A code that no version has, or that contradicts the words, goes to review; an older one is converted.",
        ("DNPM-01", "NS-062"),
    ),
    (
        "sql/harmonise/har_tumour.sql",
        "Une tumeur hors du champ du réseau est marquée, et ne compte dans aucun indicateur.",
        "A tumour outside the scope of the network is marked, and counts in no indicator.",
        ("NS-060",),
    ),
    (
        "sql/warehouse/fct_tumour.sql",
        "L'âge est calculé en années révolues ; la période est celle qui contient toute la date.",
        "The age is computed in completed years; the period is the one that holds the whole date.",
        ("I4RC-DM04", "NS-100"),
    ),
    (
        _AUDIT,
        "Chaque table du contrat est là, aucune autre ; ni champ d'identité ni identifiant d'un centre.",
        "Each table of the contract is there and no other; no identity field, no identifier of a centre.",
        ("DQD-cdmTable", "NS-099"),
    ),
    (
        _AUDIT,
        "Atteints + non atteints + inconnus = éligibles ; les centres font le total national.",
        "Achieved + not achieved + missing = eligible; the centres add up to the nation.",
        ("NS-096", "NS-097", "OZ-03"),
    ),
    (
        "pipelines/report/disclosure.py",
        "Un petit effectif est masqué, avec ce qui permettrait de le retrouver.",
        "A small count is hidden, with what would give it back.",
        ("GDO-02", "NS-098"),
    ),
)  # fmt: skip

#: Reference id → the file that keeps it, and how, in French and in English.
ELSEWHERE: dict[str, tuple[str, str, str]] = {
    name: (place, fr, en) for place, fr, en, ids in _GROUPS for name in ids
}
