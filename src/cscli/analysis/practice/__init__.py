"""How good our own practice is: whom content serves."""
