"""The reports of the work around the score: `journey`, `timeline`, `voice`, `content`, `fit`, `selfcheck`, `initiatives`."""
