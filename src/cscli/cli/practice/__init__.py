"""What did we promise, what was done, what do customers say: the commands that answer it."""
