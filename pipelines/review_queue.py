"""The pairs of records that wait for a human, with what each centre wrote of them, and what was decided before.

Integration zone: these are identities. A question is known by a keyed hash of its two records, so that an answer finds
it whatever the persons became meanwhile.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.comparisons import COMPARISONS, PRIOR
from pipelines.errors import LedgerError
from pipelines.io.home import read_pointer
from pipelines.keys import pseudonyms
from pipelines.link.decisions import PAIR, Verdict, in_force
from pipelines.registry import Registry

if TYPE_CHECKING:
    import pyarrow as pa

Record = tuple[str, str]
#: Beside the linked tables: the last decision that they were made with.
DECIDED = "decided"
#: What is shown of a record, in this order.
SHOWN = ("birth_name", "used_name", "first_names", "sex", "birth_date", "birth_place_cog", "residence_commune",
         "ins_matricule", "ins_status", "vital_status")  # fmt: skip
#: Why a pair is asked. The rules are those of `link/guards.py`.
REASONS: dict[str, tuple[str, str]] = {
    "weight": ("Ressemblance forte, mais pas certaine.", "Alike, but not surely."),
    "conflict": (
        "Une même personne d'après ces deux dossiers, mais un troisième dossier s'y oppose.",
        "One person by these two records, but a third record is against it.",
    ),
    "CL4": ("Deux INS différents, non qualifiés tous les deux.", "Two different INS, not both qualified."),
    "CL5": (
        "Même nom et même naissance, prénoms différents : jumeaux, fratrie ou prénom mal écrit.",
        "Same name and birth, different first names: twins, siblings or a first name written wrongly.",
    ),
    "CL6": ("Sexe et prénoms différents.", "Sex and first names differ."),
    "CL7": (
        "Un acte de l'un est postérieur de plus de 30 jours au décès de l'autre.",
        "One was treated more than 30 days after the death of the other.",
    ),
    "CL8": (
        "Quinze ans d'écart ou plus : parent et enfant ?",
        "Fifteen years apart or more: parent and child?",
    ),
    "CL9": (
        "Deux décisions humaines se contredisent : un second avis est nécessaire.",
        "Two human decisions contradict each other: a second opinion is needed.",
    ),
    "ML2": (
        "Même INS, traits incompatibles : collision ou usurpation d'identité ?",
        "Same INS, incompatible traits: collision or usurpation?",
    ),
    "ML3": (
        "Réunis par une décision humaine, mais porteurs de deux INS qualifiés différents.",
        "Joined by a human decision, but they carry two different qualified INS.",
    ),
    "two_ins": (
        "Ce dossier porte deux INS : à corriger par son centre.",
        "This record carries two INS: its centre has to correct it.",
    ),
}


@dataclass(frozen=True)
class Part:
    """What one trait weighs in a pair, in bits; `frequency` is the part of it due to how rare the value is."""

    comparison: str
    level: str
    weight: float
    frequency: float | None


@dataclass(frozen=True)
class Said:
    """What somebody said of two records; `is_new` when no linkage knew it yet, `is_asked` when of these very two."""

    verdict: str
    author: str
    reason: str
    decided: dt.date
    is_asked: bool
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """Two records of which it is asked whether they are one person; one record twice when it contradicts itself.

    `traits` holds what the centres wrote, left and right, in the order of `SHOWN`. `answer` is the last word that
    decides nothing (unsure, ask the centre), if there is one. `parts` add up to the weight; none without a weight.
    `said` is all that was ever said of the two, oldest first; `verdict` what of it is in force.
    """

    reference: str
    left: Record
    right: Record
    reason: str
    weight: float | None
    traits: tuple[tuple[Any, Any], ...]
    answer: str | None = None
    parts: tuple[Part, ...] = ()
    said: tuple[Said, ...] = ()
    verdict: str | None = None

    @property
    def is_pair(self) -> bool:
        """False for a record that contradicts itself."""
        return self.left != self.right

    @property
    def is_answered(self) -> bool:
        """True when somebody spoke since the last linkage, whatever was said."""
        return any(said.is_new for said in self.said)

    @property
    def is_decided(self) -> bool:
        """True when the next linkage will join or part the two because of what was said since the last one."""
        return self.verdict in (Verdict.SAME, Verdict.DIFFERENT) and any(
            said.is_new and said.verdict == self.verdict for said in self.said
        )


_QUEUE = f"""
WITH identity AS (
    SELECT centre_id, local_patient_id, {", ".join(f"any_value({name} ORDER BY row_id) AS {name}" for name in SHOWN)}
    FROM val_patient_identity GROUP BY ALL
),
worded AS (
    SELECT {", ".join(PAIR)}, arg_max(verdict, decision_no) AS answer,
        list((verdict, author, reason, decided, is_asked, decision_no > $known) ORDER BY decision_no) AS said
    FROM link_decided GROUP BY ALL
),
explained AS (
    SELECT {", ".join(PAIR)}, list((comparison, agreement_level, weight, frequency_weight)) AS parts
    FROM lnk_review_weight GROUP BY ALL
)
SELECT {", ".join(PAIR)}, review_reason, match_weight, {", ".join(f"l.{name}, r.{name}" for name in SHOWN)},
    if(answer IN ('unsure', 'ask_centre'), answer, NULL), verdict, coalesce(said, []), coalesce(parts, [])
FROM lnk_review
    LEFT JOIN identity AS l ON (l.centre_id, l.local_patient_id) = (centre_id_l, local_patient_id_l)
    LEFT JOIN identity AS r ON (r.centre_id, r.local_patient_id) = (centre_id_r, local_patient_id_r)
    LEFT JOIN worded USING ({", ".join(PAIR)})
    LEFT JOIN link_in_force USING ({", ".join(PAIR)})
    LEFT JOIN explained USING ({", ".join(PAIR)})
ORDER BY match_weight DESC NULLS FIRST, {", ".join(PAIR)}
"""  # noqa: S608 - names of the contract


def queue_state(registry: Registry) -> tuple[int, str]:
    """What changes with every linkage and every decision. LedgerError when nothing was linked yet."""
    return _linked(registry).stat().st_mtime_ns, registry.decisions.head


def _linked(registry: Registry) -> Path:
    linked = registry.home.work(registry.network.id, "linked", "lnk_review.parquet")
    if not linked.exists():
        raise LedgerError("nothing was linked yet", where=registry.network.id, remedy="See `reseau run`.")
    return linked


def questions(registry: Registry) -> list[Question]:
    """The queue of the last linkage, likeliest first. LedgerError when nothing was linked yet."""
    from pipelines.io.tables import connect, show
    from validations.contracts.tables import TABLES

    linked = _linked(registry)
    with connect(registry.home.work(registry.network.id, "scratch")) as con:
        show(con, TABLES["val_patient_identity"], registry.tables("val_patient_identity"))
        show(con, TABLES["lnk_review"], [linked])
        weights = linked.with_name("lnk_review_weight.parquet")
        show(
            con, TABLES["lnk_review_weight"], [weights] if weights.exists() else []
        )  # linked by an older version
        log = registry.decisions.read()
        con.register("link_in_force", in_force(con, log))
        con.register("link_decided", log)
        found = con.execute(_QUEUE, {"known": _known(linked, log)}).fetchall()
    names = references([row[:4] for row in found], key=registry.key)
    return [
        Question(
            reference=name,
            left=row[0:2],
            right=row[2:4],
            reason=row[4],
            weight=row[5],
            traits=tuple(zip(row[6:-4:2], row[7:-4:2], strict=True)),
            answer=row[-4],
            verdict=row[-3],
            said=tuple(Said(*one) for one in row[-2]),
            parts=_in_order(row[-1]),
        )
        for name, row in zip(names, found, strict=True)
    ]


def _known(linked: Path, log: "pa.Table") -> int:
    """The last decision that the linkage knew: the last of all when it is of a version that did not say."""
    import pyarrow.compute as pc

    known = read_pointer(linked.with_name(DECIDED))
    return int(known) if known is not None else int(pc.max(log["decision_no"]).as_py() or 0)


def _in_order(parts: list[tuple[str, str, float, float | None]]) -> tuple[Part, ...]:
    """The traits as they are declared, after where the pair starts."""
    order = (PRIOR.name, *COMPARISONS)
    known = [Part(*part) for part in parts if part[0] in order]
    return tuple(sorted(known, key=lambda part: order.index(part.comparison)))


def references(pairs: list[tuple[str, ...]], *, key: bytes) -> list[str]:
    """The name of the question about each pair (centre and patient of both)."""
    return pseudonyms(("\x1f".join(pair) for pair in pairs), key=key, domain="review")
