"""What did we promise, what was done, what do customers say, what can they read: the commands that answer it."""
