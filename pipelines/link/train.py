"""How the shipped model was estimated. Never part of a run: weights must not move from one night to the next.

u (agreement by chance) comes from random pairs; m (agreement of one person's records) from records whose person is
known: the truth of a synthetic network, or persons that a qualified INS confirms.
"""

from typing import TYPE_CHECKING, Any

from pipelines.comparisons import SWAPPED
from pipelines.link.collapse import collapse
from pipelines.link.settings import untrained_settings
from pipelines.link.standardise import create_macros, standardise

if TYPE_CHECKING:
    import duckdb

_LABELLED = """
CREATE OR REPLACE TEMP TABLE link_labelled AS
SELECT link_record.*, person_key AS link_label
FROM link_record INNER JOIN link_key USING (record_no)
    LEFT JOIN truth_record USING (centre_id, local_patient_id)
"""

#: No level is impossible: a level never seen in training keeps this chance.
FLOOR = {"m_probability": 1e-4, "u_probability": 1e-7}


def fill_unseen(settings: dict[str, Any]) -> dict[str, Any]:
    """Give every level that training did not meet the least chance, in place of Splink's "not observed"."""
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            for name, floor in FLOOR.items():
                value = level.get(name)
                level[name] = round(max(value, floor), 10) if isinstance(value, float) else floor
    return settings


def count_swap_once(settings: dict[str, Any]) -> dict[str, Any]:
    """Names in each other's place are one event: the name carries its weight, the first name adds nothing."""
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if comparison["output_column_name"] == "first_name" and level["sql_condition"] == SWAPPED:
                level["m_probability"] = level["u_probability"]
    return settings


def train(
    con: "duckdb.DuckDBPyConnection", *, records_per_identifier: int, max_pairs: float, seed: int
) -> dict[str, Any]:
    """Splink settings with m and u, from `val_patient_identity`, `val_tumour` and the persons of `truth_record`.

    `max_pairs` bounds the random pairs for u; the prior is not estimated, it is a decision of the model's YAML.
    """
    from splink import DuckDBAPI, Linker

    create_macros(con)
    collapse(con)
    standardise(con, records_per_identifier=records_per_identifier)
    con.execute(_LABELLED).fetchall()
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register("link_labelled"), untrained_settings(), log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=max_pairs, seed=seed)
    linker.training.estimate_m_from_label_column("link_label")
    settings = count_swap_once(fill_unseen(linker.misc.save_model_to_json()))
    settings.pop("linker_uid")
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink
    return settings
