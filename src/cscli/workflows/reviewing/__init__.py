"""`fit`: what became of the customers that we won."""
