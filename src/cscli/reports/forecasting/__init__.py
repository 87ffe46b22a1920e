"""`renewals`, `ledger`."""
