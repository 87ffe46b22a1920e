"""The report `alerts`, and the facts that its messages tell."""
