"""Row conservation: what entered a step left it, was set aside, was merged or was filtered. Nothing else."""

from dataclasses import dataclass

from pipelines.errors import AccountError


@dataclass(frozen=True, kw_only=True)
class Account:
    """The rows of one table in one step: in = out + set aside + merged + filtered."""

    step: str
    table: str
    rows_in: int
    rows_out: int
    rows_set_aside: int = 0
    rows_merged: int = 0
    rows_filtered: int = 0
    centre_id: str | None = None
    delivery_id: str | None = None

    @property
    def residual(self) -> int:
        """Rows that no outcome explains; 0 in a sound run."""
        return self.rows_in - self.rows_out - self.rows_set_aside - self.rows_merged - self.rows_filtered


def check_closed(accounts: list[Account]) -> None:
    """Raise AccountError when a sum does not close, naming every such account."""
    open_accounts = [account for account in accounts if account.residual]
    if open_accounts:
        names = ", ".join(
            f"{a.step}/{a.table}{f'/{a.centre_id}' if a.centre_id else ''}: {a.residual:+d}"
            for a in open_accounts
        )
        raise AccountError(
            f"rows are not accounted for: {names}", remedy="Nothing is published; report this."
        )
