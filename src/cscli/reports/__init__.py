"""Results to reports: what to show, with its meaning; never how it is drawn."""
