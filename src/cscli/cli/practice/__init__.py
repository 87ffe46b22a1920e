"""What did we promise, what was done, what do customers say, what can they read, did we win the right ones, how good are we: the commands that answer it."""
