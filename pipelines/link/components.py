"""Groups of records that may be one person, each then decided alone, with every pair in it weighed.

A group too large to be one person hangs together by weak edges: they are dropped, weakest first, until it falls apart.
"""

from typing import TYPE_CHECKING

import numpy as np

from pipelines.io.linkage_model import LinkageModel
from pipelines.link.cluster import connected_components
from pipelines.link.score import Scorer, score_wanted

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

#: Two bits at a time: a quarter of the odds.
STEP = 2.0

_EDGES = """
SELECT l, r, CAST('inf' AS DOUBLE) AS weight FROM link_certain
UNION ALL
SELECT l, r, weight FROM link_edge ANTI JOIN link_certain USING (l, r) WHERE weight >= $component_from
ORDER BY l, r
"""

_PAIRS = """
CREATE OR REPLACE TEMP TABLE link_pair AS
SELECT a.record_no AS l, b.record_no AS r, weight
FROM link_component AS a
    INNER JOIN link_component AS b ON b.component = a.component AND b.record_no > a.record_no
    LEFT JOIN link_edge ON link_edge.l = a.record_no AND link_edge.r = b.record_no
"""

#: Two qualified numbers decide by themselves: their pairs need no weight.
_UNWEIGHED = """
CREATE OR REPLACE TEMP TABLE link_wanted AS
SELECT p.l, p.r
FROM link_pair AS p
    INNER JOIN link_record AS a ON a.record_no = p.l
    INNER JOIN link_record AS b ON b.record_no = p.r
WHERE weight IS NULL AND NOT (a.is_qualified AND b.is_qualified)
"""

_COMPLETED = """
UPDATE link_pair SET weight = link_weight.weight
FROM link_weight WHERE link_weight.l = link_pair.l AND link_weight.r = link_pair.r
"""


def bounded_components(
    size: int,
    left: "NDArray[np.int64]",
    right: "NDArray[np.int64]",
    weight: "NDArray[np.float64]",
    *,
    largest: int,
) -> "NDArray[np.int64]":
    """The smallest record of each record's component, none larger than `largest` unless certain edges alone hold it."""
    while True:
        label = connected_components(size, left, right)
        is_large = np.bincount(label, minlength=size)[label[left]] > largest
        weak = is_large & np.isfinite(weight)
        if not weak.any():
            return label
        kept = ~weak | (weight >= weight[weak].min() + STEP)
        left, right, weight = left[kept], right[kept], weight[kept]


def find_components(con: "duckdb.DuckDBPyConnection", model: LinkageModel, scorer: Scorer) -> None:
    """Make `link_pair` (l, r, weight): all pairs of each component of `link_certain` and the heavy `link_edge`s."""
    import pyarrow as pa

    records = int(con.table("link_key").aggregate("count(*)").fetchall()[0][0])
    found = con.execute(_EDGES, {"component_from": model.thresholds.component_from}).fetchnumpy()
    left, right = np.asarray(found["l"]) - 1, np.asarray(found["r"]) - 1
    largest = model.limits.records_per_component
    label = bounded_components(records, left, right, np.asarray(found["weight"]), largest=largest)
    shared = np.flatnonzero(np.bincount(label, minlength=records)[label] > 1)
    con.register("link_components", pa.table({"record_no": shared + 1, "component": label[shared]}))
    con.execute("CREATE OR REPLACE TEMP TABLE link_component AS FROM link_components").fetchall()
    con.unregister("link_components")
    con.execute(_PAIRS).fetchall()
    con.execute(_UNWEIGHED).fetchall()
    score_wanted(con, model, scorer)
    con.execute(_COMPLETED).fetchall()
