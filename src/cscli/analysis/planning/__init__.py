"""Two sets of rules on the same accounts: what a change of the rules would change."""
