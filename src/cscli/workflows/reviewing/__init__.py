"""`fit`, `selfcheck`, `initiatives`: what became of the customers that we won, how good we are, what came of what we tried."""
