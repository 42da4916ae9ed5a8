"""Where each row of a centre is written: file, table map, sheet, line. So the truth says where each fault shows.

A row that no sheet has room for (a fourth biopsy where a line holds three) is written nowhere: its place is missing.
A row written in several lines, such as a patient beside two tumours, has the first of them.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.synthetic.draws import Integers
from pipelines.synthetic.faults import Tables
from pipelines.synthetic.sheets import Sheet

ROW = "_row"  # the rank of a row among those of its entity in the centre
_PLACE = ("rank", "sheet", "line")
_TYPES = {"rank": pa.int64(), "sheet": pa.string(), "line": pa.int64()}


def numbered(table: pa.Table) -> pa.Table:
    """The rows of an entity with their rank in the centre, which stays when the export is cut into parts."""
    return table.append_column(ROW, pa.array(np.arange(table.num_rows)))


def shifted(faults: pa.Table, sent: Mapping[str, Integers]) -> pa.Table:
    """The faults of a block with ranks that count the rows of the blocks before; `sent` is entity → rows by centre."""
    entities = list(sent)
    before = np.stack([sent[entity] for entity in entities])
    entity = pd.Index(entities).get_indexer(faults["entity"].to_pandas())
    rows = faults["row"].to_numpy() + before[entity, faults["centre"].to_numpy()]
    return faults.set_column(faults.column_names.index("row"), "row", pa.array(rows, pa.int64()))


def file_places(name: str, sheets: Sequence[Sheet], tables: Tables) -> pd.DataFrame:
    """One row per line and table map of a written file: file, rank of the map in the file, sheet, line, entity, row."""
    found = [pd.DataFrame(columns=["file", "rank", "sheet", "line", "entity", "row"])]
    rank = 0
    for sheet in sheets:
        first = len(sheet.preamble) + 2  # the line below the header, counted from 1
        for entity, position in sheet.positions:
            lines = np.flatnonzero(position >= 0)
            rows = tables[entity][ROW].to_numpy()[position[lines]] if len(lines) else lines
            place = {"file": name, "rank": rank, "sheet": sheet.name, "line": lines + first}
            found.append(pd.DataFrame({**place, "entity": entity, "row": rows}))
            rank += 1
    return pd.concat([part for part in found if len(part)] or found, ignore_index=True)


def place_of(faults: pa.Table, rows: pa.ChunkedArray, places: Iterable[pd.DataFrame]) -> pa.Table:
    """The faults of a centre with the place of their rows: rank of the table map, sheet, line."""
    known = pd.concat(list(places), ignore_index=True).drop_duplicates(["file", "entity", "row"])
    wanted = pd.DataFrame({"file": faults["file"].to_pandas(), "entity": faults["entity"].to_pandas(),
                           "row": rows.to_numpy()})  # fmt: skip
    found = wanted.merge(known, on=["file", "entity", "row"], how="left", validate="m:1")
    for name in _PLACE:
        faults = faults.append_column(name, pa.array(found[name], _TYPES[name], from_pandas=True))
    return faults
