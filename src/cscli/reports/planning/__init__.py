"""The report `plan`."""
