"""`renewals` and `ledger`: what comes up, and how good forecasts and calls were."""
