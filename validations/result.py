"""What the gate says of the rows of one entity: nothing disappears, every row is kept or set aside."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: The columns of `findings`; `field` is empty when the rule concerns the whole row.
FINDING_COLUMNS = ("row_id", "rule_id", "field")


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """`kept` has the contract's columns; `quarantined` (row_id, rule_id) the rows set aside, each with its first rule.

    `findings` has one line per row, rule and field, for kept and quarantined rows alike.
    """

    kept: "pa.Table"
    quarantined: "pd.DataFrame"
    findings: "pd.DataFrame"
