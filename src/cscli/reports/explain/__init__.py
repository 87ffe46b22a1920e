"""The report `explain`: one account."""
