"""What stands in a label beside the diagnosis: site, side, size, stage, grade, molecular confirmation.

It is taken away only when the rest is one term of ours, and only if it agrees with that term: a metastatic lipoma, a
low-grade osteosarcoma, a sarcoma with MDM2 amplified are not the plain diagnosis that their other words name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.harmonise.codes import IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.words import Phrases, fold, phrase_table, words_of
from pipelines.io.configuration import read_codes

#: Taken away, these leave a tumour that must be malignant, or at least not benign.
_NEVER_BENIGN = frozenset({"stage", "grade", "risk", "extent", "depth", "size", "context"})
#: Low grade is another osteosarcoma; any grade may be another phyllodes tumour, solitary fibrous or stromal tumour.
_OTHER_IF_LOW = frozenset(
    ("9180/3", "8805/3", "8802/3", "8803/3", "8930/3", "9120/3", "8858/3", "8810/3", "8850/3")
)
_OTHER_BY_GRADE = frozenset(
    ("9020/1", "9020/0", "8815/1", "8935/1", "8930/3", "8931/3", "9222/1", "9540/0", "8825/1")
)
_BEHAVIOURS = {"malin": "3", "benin": "0"}


@dataclass(frozen=True, kw_only=True)
class SiteCheck:
    """One line of `config/codes/site_check.csv`: what a morphology is when it sits at these sites."""

    sites: tuple[str, ...]
    instead: IcdO3Morphology | None
    is_certain: bool


@dataclass(frozen=True, kw_only=True)
class Peeled:
    """The words that may be taken away, by what they say, and the sites that they name in their order."""

    kinds: dict[str, str]
    markers: dict[str, frozenset[str]]
    sites: tuple[IcdO3Topography, ...]

    @property
    def words(self) -> frozenset[str]:
        """Every word that may be taken away."""
        return frozenset(self.kinds) | frozenset(self.markers)


@cache
def site_checks() -> dict[str, list[SiteCheck]]:
    """Morphology → what it is at some sites."""
    found: dict[str, list[SiteCheck]] = {}
    table = read_codes("site_check")
    for code, sites, instead, sure in zip(
        table["morphology"], table["sites"], table["instead"].fillna(""), table["is_certain"], strict=True
    ):
        check = SiteCheck(sites=tuple(sites.split()), instead=instead or None, is_certain=sure == "yes")
        found.setdefault(code, []).append(check)
    return found


def check_site(code: str, site: str | None) -> SiteCheck | None:
    """What our table says of a morphology at a site; None when it says nothing."""
    checks = site_checks().get(code) if site else None
    if not checks or site is None:
        return None
    return next((check for check in checks if site.startswith(check.sites)), None)


def _phrase(text: str) -> tuple[str, ...]:
    return words_of(fold(text))


@cache
def _removable() -> Phrases:
    """Phrase → what it says: a kind, a site (`C49.2`) or the morphologies that a marker confirms."""
    pairs: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    noise = read_codes("label_noise")
    pairs += [
        (_phrase(words), ("kind", kind)) for words, kind in zip(noise["words"], noise["kind"], strict=True)
    ]
    marker = read_codes("label_marker")
    pairs += [
        (_phrase(words), ("marker", codes))
        for words, codes in zip(marker["words"], marker["morphologies"], strict=True)
    ]
    for table in ("topography_synonym",):
        sites = read_codes(table)
        pairs += [
            (_phrase(term), ("site", code))
            for term, code in zip(sites["term"], sites["topography"], strict=True)
        ]
    return phrase_table(pairs)


@cache
def removable_words() -> frozenset[str]:
    """Every word of the phrases that may stand beside a diagnosis."""
    return frozenset(word for phrases in _removable().values() for phrase, _ in phrases for word in phrase)


@lru_cache(maxsize=200_000)
def peel(words: tuple[str, ...]) -> Peeled:
    """What may be taken away from the words of a label, longest phrases first."""
    kinds: dict[str, str] = {word: "behaviour" for word in words if word in _BEHAVIOURS}
    markers: dict[str, frozenset[str]] = {}
    sites: list[IcdO3Topography] = []
    at = 0
    is_after_metastasis = False
    while at < len(words):
        phrase, what, said = _phrase_at(words, at)
        if what == "marker":
            markers.update(dict.fromkeys(phrase, frozenset(said.split())))
        elif what:
            kinds.update(dict.fromkeys(phrase, said if what == "kind" else "site"))
        if what == "site" and not is_after_metastasis:
            sites.append(IcdO3Topography(said))
        is_after_metastasis = phrase[0].startswith("metast") or (is_after_metastasis and what == "site")
        at += len(phrase)
    markers.update(_confirmations(words, markers))
    return Peeled(kinds=kinds, markers=markers, sites=tuple(sites))


def _phrase_at(words: tuple[str, ...], at: int) -> tuple[tuple[str, ...], str, str]:
    """The longest phrase that begins at a word, what it is and what it says; the word alone when it is none."""
    for phrase, (what, said) in _removable().get(words[at], ()):
        if words[at : at + len(phrase)] == phrase:
            return phrase, what, said
    is_number = words[at].isdigit() and len(words[at]) <= 2  # four digits are a year: the disease may be past
    return words[at : at + 1], "kind" if is_number else "", "number"


#: What is said of a marker, beside its name.
_MARKED = frozenset(
    ("amplif", "mut", "rearrang", "fusion", "positif", "alter", "perdu", "pert", "loss", "transcrit", "exon")
)


def _confirmations(words: Iterable[str], markers: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """In "MDM2 amplifié" the second word goes with the first."""
    if not markers:
        return {}
    common = frozenset.intersection(*markers.values())
    return {word: common for word in words if word in _MARKED}


def agrees(code: IcdO3Morphology, taken: frozenset[str], peeled: Peeled) -> bool:
    """True when nothing that was taken away makes another diagnosis of a morphology."""
    kinds = {peeled.kinds[word] for word in taken if word in peeled.kinds}
    if code.endswith("/0") and kinds & _NEVER_BENIGN:
        return False
    if any(word in taken and not code.endswith(f"/{digit}") for word, digit in _BEHAVIOURS.items()):
        return False
    if kinds & {"grade", "risk"} and (
        code in _OTHER_BY_GRADE or ("basgrade" in taken and code in _OTHER_IF_LOW)
    ):
        return False
    if any(code not in peeled.markers[word] for word in taken if word in peeled.markers):
        return False
    return not any(_is_elsewhere(code, site) for site in peeled.sites)


def _is_elsewhere(code: IcdO3Morphology, site: IcdO3Topography) -> bool:
    check = check_site(code, site)
    return check is not None and not check.is_certain
