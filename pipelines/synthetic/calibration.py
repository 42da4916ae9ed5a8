"""What the generator follows: the tables of `config/synthetic`, the codes and the centres of one network.

Every figure is in a table with its source; nothing is calibrated in the code.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.config import Centre, Network
from pipelines.io.configuration import load_centres, load_network, read_calibration, read_codes
from pipelines.synthetic.draws import Floats, Integers, Objects

CURRENT_EDITION = "icdo32"
_EWING = "9260/3"  # the renamed code that every older file holds
EXPORT_DATE = dt.date(2021, 6, 30)  # after the last surgery of a tumour of 2020


def days(date: dt.date) -> int:
    """A day as a number: days since 1970."""
    return (date - dt.date(1970, 1, 1)).days


EXPORT_DAY = days(EXPORT_DATE)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Everything the draws depend on but the seed. Numbers in the tables are floats, the rest text."""

    network: Network
    centres: tuple[Centre, ...]  # by id: the rank of a centre is its number everywhere
    tables: dict[str, pd.DataFrame]

    def rate(self, name: str) -> float:
        """One percentage of `rates.csv`."""
        return float(self._rates[name])

    def with_rates(self, rates: Mapping[str, float]) -> "Calibration":
        """The same calibration with other percentages for some names of `rates.csv`. KeyError for an unknown name."""
        table = self.tables["rates"].set_index("name")
        for name in rates:
            table.loc[[name], "percent"] = rates[name]
        return replace(self, tables={**self.tables, "rates": table.reset_index()})

    def hazard(self, name: str) -> float:
        """One value of `survival.csv`."""
        return float(self._survival[name])

    def target(self, indicator: str, period: int) -> float:
        """The percentage of an indicator in a period, by the rank of the period."""
        return float(self._targets[indicator, self.network.periods[period].id])

    def effects(self, indicator: str) -> dict[str, float]:
        """The log-odds of each factor on an indicator."""
        table = self.tables["effects"]
        rows = table[table["indicator"] == indicator]
        return dict(zip(rows["factor"], rows["log_odds"], strict=True))

    @cached_property
    def _rates(self) -> "pd.Series[float]":
        return self.tables["rates"].set_index("name")["percent"]

    @cached_property
    def _survival(self) -> "pd.Series[float]":
        return self.tables["survival"].set_index("name")["value"]

    @cached_property
    def _targets(self) -> "pd.Series[float]":
        return self.tables["targets"].set_index(["indicator", "period"])["percent"]

    def with_role(self, *roles: str) -> Integers:
        """The numbers of the centres that have one of the roles in this network."""
        wanted = [
            number
            for number, centre in enumerate(self.centres)
            if any(role.network == self.network.id and role.role in roles for role in centre.roles)
        ]
        return np.array(wanted, np.int64)

    @cached_property
    def clinical(self) -> Integers:
        """The reference centres: they hold the first record of every patient."""
        return self.with_role(*self.network.reference_roles)

    @cached_property
    def volumes(self) -> Floats:
        """The yearly patients of the reference centres."""
        return np.array([self.centres[number].yearly_patients for number in self.clinical], float)

    @cached_property
    def centre_effects(self) -> Floats:
        """The own effect of each centre on its answers, in log-odds: the same whatever the seed of a network."""
        return np.random.default_rng(0).normal(0, self.rate("centre_spread") / 100, len(self.centres))

    @cached_property
    def morphology(self) -> pd.DataFrame:
        """Our morphologies, by code."""
        return self.tables["morphology"].set_index("morphology", drop=False)

    def sends(self, centre: int, entity: str) -> bool:
        """True when a centre's files hold the entity."""
        return entity in self._fields[centre]

    def fields(self, centre: int, entity: str) -> frozenset[str]:
        """The fields of an entity that a centre sends."""
        return self._fields[centre].get(entity, frozenset())

    @cached_property
    def _fields(self) -> list[dict[str, frozenset[str]]]:
        return [
            {
                table.entity: frozenset(table.columns)
                for file in centre.files
                for sheet in file.sheets
                for table in sheet.tables
            }
            for centre in self.centres
        ]

    def edition(self, centre: int) -> str:
        """The edition of ICD-O-3 in which a centre writes its tumours."""
        tables = (
            t for f in self.centres[centre].files for s in f.sheets for t in s.tables if t.entity == "tumour"
        )
        return next(tables).constants.get("morphology_version", CURRENT_EDITION)

    @cached_property
    def older_codes(self) -> dict[str, str]:
        """Morphologies as ICD-O-3.0 and 3.1 write them; what they cannot say with certainty is left to the label."""
        moved = self.tables["morphology_migration"].dropna(subset=["code_new"])
        is_certain = moved["certainty"] == "certain"
        ambiguous = set(moved.loc[~is_certain, "code_old"])
        kept = moved[is_certain & ((moved["effect"] != "renamed") | (moved["code_old"] == _EWING))]
        back = dict(zip(kept["code_new"], kept["code_old"], strict=True))
        table = self.tables["morphology"]
        unchanged = table.loc[table["source"] == "ICD-O-3.2", "morphology"]
        left_out = ambiguous | set(moved["code_new"])
        return {code: code for code in unchanged if code not in left_out} | back

    @cached_property
    def reference_names(self) -> list[Objects]:
        """How the place of surgery is written when it is a centre of the network: its name and aliases."""
        return [np.array([centre.name, *centre.aliases], object) for centre in self.centres]

    @cached_property
    def outside_names(self) -> Objects:
        """How a place outside the network is written."""
        return self.tables["facility"]["alias"].to_numpy(object)


_CODE_TABLES = ("morphology", "topography", "facility", "adicap", "icd10_topography", "morphology_migration")
_TABLES = (
    "adicap_organs", "age_profiles", "birth_names", "birth_places", "effects", "faults", "first_names", "histotypes",
    "name_parts", "rates", "site_profiles", "survival", "targets", "years",
)  # fmt: skip
_NUMBERS = {
    "weight",
    "percent",
    "log_odds",
    "value",
    "age_from",
    "age_to",
    "peak_year",
    "spread_years",
    "year",
}


def _numeric(table: pd.DataFrame, name: str) -> pd.DataFrame:
    numbers = [column for column in table.columns if column in _NUMBERS and name not in _CODE_TABLES]
    table = table.astype(object).where(table.notna(), None)
    return table.assign(**{column: table[column].astype(float) for column in numbers})


def load_calibration(network_id: str) -> Calibration:
    """The calibration of a network. ConfigError when one of its files is wrong."""
    tables = {name: _numeric(read_calibration(name), name) for name in _TABLES}
    tables |= {name: _numeric(read_codes(name), name) for name in _CODE_TABLES}
    centres = load_centres(network_id)
    return Calibration(
        network=load_network(network_id),
        centres=tuple(centres[name] for name in sorted(centres)),
        tables=tables,
    )


def take(values: Objects | list[str], positions: Any) -> Objects:
    """Values by position; a negative position gives None."""
    found: Objects = np.concatenate([np.asarray(values, object), np.array([None], object)])
    taken: Objects = found[np.where(positions < 0, len(found) - 1, positions)]
    return taken
