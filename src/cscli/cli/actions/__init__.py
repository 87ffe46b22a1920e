"""Whom do we call, what do we do, what is at stake: the commands that answer it."""
