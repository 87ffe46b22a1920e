"""Books and tables that tests of several wings make: small enough to work out by hand, or at random."""
