"""The account of the reading: every line below the headers of a file, and why some are no data."""

from collections import Counter

from pipelines.account import BLANK_LINE, REPEATED_HEADER, Account, Outcome, Reason
from pipelines.stage.fates import accounts_of
from pipelines.stage.sheets import Sheet
from validations.rules.contract import RAGGED_ROW

#: The lines of a file, before any of them is a row of a table.
STEP, TABLE = "read", "line"
_OUTCOMES: dict[str, Outcome] = {BLANK_LINE: "filtered", REPEATED_HEADER: "filtered", RAGGED_ROW: "set_aside"}


def reading_accounts(sheets: list[Sheet]) -> tuple[list[Account], list[Reason]]:
    """One account of the reading per delivery of one centre, over its sheets, with its reasons."""
    received, usable, told = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for sheet in sheets:
        delivery = sheet.delivery.delivery_id
        received[delivery] += len(sheet.source.lines) + len(sheet.source.ragged) + sheet.source.blank
        usable[delivery] += len(sheet.lines)
        told[delivery, BLANK_LINE] += sheet.source.blank
        told[delivery, REPEATED_HEADER] += len(sheet.repeated)
        told[delivery, RAGGED_ROW] += len(sheet.source.ragged)
    centre_id = sheets[0].delivery.centre_id
    reasons = [
        Reason(
            step=STEP, table=TABLE, outcome=_OUTCOMES[reason], reason=reason, rows=rows,
            centre_id=centre_id, delivery_id=delivery,
        )
        for (delivery, reason), rows in sorted(told.items()) if rows
    ]  # fmt: skip
    return accounts_of(received, usable, reasons, step=STEP, table=TABLE, centre_id=centre_id), reasons
