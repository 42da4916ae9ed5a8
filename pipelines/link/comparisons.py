"""How two records are compared: the levels of each trait, strongest first. The first level that holds counts.

Used to train a model; the shipped model holds the same levels with their probabilities.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from splink.comparison_level_library import CustomLevel
    from splink.comparison_library import CustomComparison

#: Name and first name written in each other's place.
SWAPPED = "list_has_any(first_names_l, name_words_r) AND list_has_any(name_words_l, first_names_r)"

#: First names beyond the first one tell more than the first alone, for and against: they part homonyms.
_FULL_FIRST_NAMES = (
    ("first names the same, two or more", "list_has_any(other_first_names_l, other_first_names_r)"),
    ("first name the same, no other one", "NOT list_has_any(other_first_names_l, other_first_names_r)"),
)

#: comparison → (column of the null level, column weighed by frequency, levels after the exact one)
_LEVELS: dict[str, tuple[str, str | None, tuple[tuple[str, str], ...]]] = {
    "birth_name": (
        "birth_name",
        "birth_name",
        (
            ("birth and used name crossed", "list_has_any(name_forms_l, name_forms_r)"),
            ("swapped with first name", SWAPPED),
            ("a word in common", "list_has_any(name_words_l, name_words_r)"),
            ("alike", "jaro_winkler_similarity(birth_name_l, birth_name_r) >= 0.92"),
            ("sounds alike", "name_sound_l = name_sound_r"),
            ("somewhat alike", "jaro_winkler_similarity(birth_name_l, birth_name_r) >= 0.84"),
            ("different, both women", "sex_l = 'F' AND sex_r = 'F'"),
        ),
    ),
    "first_name": (
        "first_name",
        "first_name",
        (
            ("swapped with name", SWAPPED),
            ("a first name in common", "list_has_any(first_names_l, first_names_r)"),
            ("alike", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.9"),
            ("sounds alike", "first_name_sound_l = first_name_sound_r"),
            (
                "beginning",
                "starts_with(first_names_joined_l, first_name_r) OR starts_with(first_names_joined_r, first_name_l)",
            ),
            ("somewhat alike", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.8"),
        ),
    ),
    "birth_date": (
        "birth_year",
        None,
        (
            ("exact", "birth_date_l = birth_date_r"),
            (
                "uncertain, same year",
                "(birth_date_l IS NULL OR birth_date_r IS NULL) AND birth_year_l = birth_year_r "
                "AND coalesce(birth_month_l = birth_month_r, TRUE)",
            ),
            (
                "day and month swapped",
                "birth_year_l = birth_year_r AND birth_month_l = birth_day_r AND birth_day_l = birth_month_r",
            ),
            (
                "month or day differs",
                "birth_year_l = birth_year_r AND (birth_month_l = birth_month_r OR birth_day_l = birth_day_r)",
            ),
            (
                "year mistyped",
                "birth_month_day_l = birth_month_day_r "
                "AND levenshtein(CAST(birth_year_l AS VARCHAR), CAST(birth_year_r AS VARCHAR)) = 1",
            ),
            ("year differs", "birth_month_day_l = birth_month_day_r"),
            (
                "uncertain, near year",
                "(birth_date_l IS NULL OR birth_date_r IS NULL) AND abs(birth_year_l - birth_year_r) IN (1, 10)",
            ),
            ("same year", "birth_year_l = birth_year_r"),
        ),
    ),
    "birth_place": (
        "birth_place",
        "birth_place",
        (
            ("same department", "birth_department_l = birth_department_r"),
        ),
    ),
    "residence": (
        "residence",
        "residence",
        (("same department", "residence_department_l = residence_department_r"),),
    ),
    "sex": ("sex", None, (("exact", "sex_l = sex_r"),)),
    "ins": ("ins", None, (("exact", "ins_l = ins_r"),)),
}  # fmt: skip


def _comparison(name: str) -> "CustomComparison":
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    known, frequency, levels = _LEVELS[name]
    exact = [cll.ExactMatchLevel(frequency, term_frequency_adjustments=True)] if frequency else []
    full = [_with_others(level) for level in _FULL_FIRST_NAMES] if name == "first_name" else []
    others = [cll.CustomLevel(sql, label_for_charts=label) for label, sql in levels]
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[cll.NullLevel(known), *full, *exact, *others, cll.ElseLevel()],
    )


def _with_others(level: tuple[str, str]) -> "CustomLevel":
    """A level of equal first names, of which the others agree or not; weighed by the frequency of the first."""
    import splink.comparison_level_library as cll

    label, others = level
    condition = f"first_name_l = first_name_r AND {others}"
    found = cll.CustomLevel(condition, label_for_charts=label)
    found.configure(tf_adjustment_column="first_name")
    return found


def untrained_settings() -> Any:
    """The Splink settings of our comparisons, probabilities still unknown."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_no",
        comparisons=[_comparison(name) for name in _LEVELS],
        retain_matching_columns=False,
    )
