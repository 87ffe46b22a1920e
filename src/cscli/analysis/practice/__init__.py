"""How good our own practice is: whom content serves, whether the right customers were won, self-checks, initiatives."""
