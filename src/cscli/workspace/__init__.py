"""Files and locks of a workspace: what appears whole or not at all, and who holds it."""
