"""How two records are compared: the levels of each trait, strongest first. The first level that holds counts.

Used to train a model, to put its weights into words and to watch it; the shipped model holds the same levels with
their probabilities, each known by its condition.
"""

from dataclasses import dataclass
from typing import Any

from pipelines.errors import ConfigError

#: Name and first name written in each other's place.
SWAPPED = "list_has_any(first_names_l, name_words_r) AND list_has_any(name_words_l, first_names_r)"

_SAME_FIRST = "first_name_l = first_name_r"


@dataclass(frozen=True)
class Level:
    """How alike two values are: its name in our tables, its words in French and English, the SQL that says so."""

    name: str
    fr: str
    en: str
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A comparison: the field of the contract that it is about, the column without which it says nothing, its levels.

    `frequency` is the column whose values weigh by how rare they are; equality of it is then the first level, after
    the levels of `equal`, which say more about it.
    """

    field: str
    known: str
    frequency: str | None = None
    equal: tuple[Level, ...] = ()
    levels: tuple[Level, ...]


#: The levels that Splink makes itself.
MISSING = Level("missing", "donnée manquante", "missing")
EXACT = Level("exact", "identique", "identical")
OTHER = Level("other", "ne concorde pas", "does not agree")
#: Where a pair starts, before any trait is seen: two records taken at random are seldom one person.
PRIOR = Level("prior", "deux dossiers pris au hasard", "two records taken at random")

COMPARISONS: dict[str, Compared] = {
    "birth_name": Compared(
        field="birth_name",
        known="birth_name",
        frequency="birth_name",
        levels=(
            Level("crossed", "nom de naissance et nom utilisé croisés", "birth and used name crossed",
                  "list_has_any(name_forms_l, name_forms_r)"),
            Level("swapped", "interverti avec le prénom", "swapped with first name", SWAPPED),
            Level("word", "un mot en commun", "a word in common", "list_has_any(name_words_l, name_words_r)"),
            Level("alike", "ressemblant", "alike", "jaro_winkler_similarity(birth_name_l, birth_name_r) >= 0.92"),
            Level("sound", "même prononciation", "sounds alike", "name_sound_l = name_sound_r"),
            Level("near", "un peu ressemblant", "somewhat alike",
                  "jaro_winkler_similarity(birth_name_l, birth_name_r) >= 0.84"),
            Level("women", "différent, deux femmes", "different, both women", "sex_l = 'F' AND sex_r = 'F'"),
        ),
    ),
    # first names beyond the first one tell more than the first alone, for and against: they part homonyms
    "first_name": Compared(
        field="first_names",
        known="first_name",
        frequency="first_name",
        equal=(
            Level("several", "mêmes prénoms, deux au moins", "first names the same, two or more",
                  f"{_SAME_FIRST} AND list_has_any(other_first_names_l, other_first_names_r)"),
            Level("only", "même premier prénom, les autres diffèrent", "first name the same, no other one",
                  f"{_SAME_FIRST} AND NOT list_has_any(other_first_names_l, other_first_names_r)"),
        ),
        levels=(
            Level("swapped", "interverti avec le nom", "swapped with name", SWAPPED),
            Level("shared", "un prénom en commun", "a first name in common",
                  "list_has_any(first_names_l, first_names_r)"),
            Level("alike", "ressemblant", "alike", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.9"),
            Level("sound", "même prononciation", "sounds alike", "first_name_sound_l = first_name_sound_r"),
            Level("beginning", "l'un commence l'autre", "one begins the other",
                  "starts_with(first_names_joined_l, first_name_r) OR starts_with(first_names_joined_r, first_name_l)"),
            Level("near", "un peu ressemblant", "somewhat alike",
                  "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.8"),
        ),
    ),
    "birth_date": Compared(
        field="birth_date",
        known="birth_year",
        levels=(
            Level("exact", EXACT.fr, EXACT.en, "birth_date_l = birth_date_r"),
            Level("uncertain", "incertaine, même année", "uncertain, same year",
                  "(birth_date_l IS NULL OR birth_date_r IS NULL) AND birth_year_l = birth_year_r "
                  "AND coalesce(birth_month_l = birth_month_r, TRUE)"),
            Level("swapped", "jour et mois intervertis", "day and month swapped",
                  "birth_year_l = birth_year_r AND birth_month_l = birth_day_r AND birth_day_l = birth_month_r"),
            Level("part", "mois ou jour différent", "month or day differs",
                  "birth_year_l = birth_year_r AND (birth_month_l = birth_month_r OR birth_day_l = birth_day_r)"),
            Level("mistyped", "année mal tapée", "year mistyped",
                  "birth_month_day_l = birth_month_day_r "
                  "AND levenshtein(CAST(birth_year_l AS VARCHAR), CAST(birth_year_r AS VARCHAR)) = 1"),
            Level("year", "année différente", "year differs", "birth_month_day_l = birth_month_day_r"),
            Level("near", "incertaine, année voisine", "uncertain, near year",
                  "(birth_date_l IS NULL OR birth_date_r IS NULL) AND abs(birth_year_l - birth_year_r) IN (1, 10)"),
            Level("same_year", "même année", "same year", "birth_year_l = birth_year_r"),
        ),
    ),
    "birth_place": Compared(
        field="birth_place_cog",
        known="birth_place",
        frequency="birth_place",
        levels=(
            Level("department", "même département", "same department", "birth_department_l = birth_department_r"),
        ),
    ),
    "residence": Compared(
        field="residence_commune",
        known="residence",
        frequency="residence",
        levels=(
            Level("department", "même département", "same department",
                  "residence_department_l = residence_department_r"),
        ),
    ),
    "sex": Compared(
        field="sex", known="sex", levels=(Level("exact", EXACT.fr, EXACT.en, "sex_l = sex_r"),)
    ),
    "ins": Compared(
        field="ins_matricule", known="ins", levels=(Level("exact", EXACT.fr, EXACT.en, "ins_l = ins_r"),)
    ),
}  # fmt: skip


def levels_of(comparison: str) -> tuple[Level, ...]:
    """The levels of a comparison, those that Splink makes included; only those where the comparison is unknown."""
    compared = COMPARISONS.get(comparison)
    declared = (*compared.equal, *compared.levels) if compared else ()
    return (
        *declared,
        *(level for level in (MISSING, EXACT, OTHER) if level.name not in {d.name for d in declared}),
    )


def level_of(comparison: str, name: str) -> Level:
    """A level of a comparison by its name."""
    return next(level for level in levels_of(comparison) if level.name == name)


def named_levels(comparison: dict[str, Any]) -> dict[int, str]:
    """The number that Splink gives each level of a comparison of a model (its gamma) → the name of the level.

    ConfigError when the model has a level that is not declared here.
    """
    levels = comparison["comparison_levels"]
    counted = [level for level in levels if not level.get("is_null_level")]
    numbers = {-1: MISSING.name} if len(counted) < len(levels) else {}
    for number, level in enumerate(reversed(counted)):
        numbers[number] = _name(comparison["output_column_name"], level)
    return numbers


def _name(comparison: str, level: dict[str, Any]) -> str:
    conditions = {one.condition: one.name for one in levels_of(comparison) if one.condition}
    found = conditions.get(level["sql_condition"])
    if found is not None:
        return found
    if level.get("tf_adjustment_column"):
        return EXACT.name
    if level["sql_condition"] == "ELSE":
        return OTHER.name
    remedy = "Name it in pipelines/comparisons.py."
    raise ConfigError("a level of the linkage model has no name", where=comparison, remedy=remedy)
