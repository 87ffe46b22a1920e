"""Who gets which treatment, and do we have the hours: the commands that answer it."""
