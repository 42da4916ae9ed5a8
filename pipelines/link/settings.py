"""The comparisons of `pipelines.comparisons` as Splink settings, to train a model."""

from typing import TYPE_CHECKING, Any

from pipelines.comparisons import COMPARISONS, Level

if TYPE_CHECKING:
    from splink.comparison_level_library import CustomLevel
    from splink.comparison_library import CustomComparison


def _level(level: Level, frequency: str | None = None) -> "CustomLevel":
    import splink.comparison_level_library as cll

    made = cll.CustomLevel(level.condition, label_for_charts=level.en)
    if frequency:
        made.configure(tf_adjustment_column=frequency)
    return made


def _comparison(name: str) -> "CustomComparison":
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    compared = COMPARISONS[name]
    frequency = compared.frequency
    equal = [_level(level, frequency) for level in compared.equal]
    exact = [cll.ExactMatchLevel(frequency, term_frequency_adjustments=True)] if frequency else []
    others = [_level(level) for level in compared.levels]
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[cll.NullLevel(compared.known), *equal, *exact, *others, cll.ElseLevel()],
    )


def untrained_settings() -> Any:
    """The Splink settings of our comparisons, probabilities still unknown."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_no",
        comparisons=[_comparison(name) for name in COMPARISONS],
        retain_matching_columns=False,
    )
