"""`fit`, `selfcheck`: what became of the customers that we won, how good we are."""
