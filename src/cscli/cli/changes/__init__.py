"""What changed, and why: the commands that answer it."""
