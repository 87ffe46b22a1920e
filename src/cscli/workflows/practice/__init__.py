"""`journey`, `timeline`, `voice`, `content`: what was promised, done and said, and what is there to read."""
