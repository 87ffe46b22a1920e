"""`journey`, `timeline`, `voice`: what was promised, done and said."""
