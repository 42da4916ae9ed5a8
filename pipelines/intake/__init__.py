"""From the inbox to the delivery store and the ledger."""
