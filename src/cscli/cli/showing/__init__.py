"""Show it to me, my team and my boss: the commands that answer it."""
