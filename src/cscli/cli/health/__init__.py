"""Who is healthy, who is not, and why: the commands that answer it."""
