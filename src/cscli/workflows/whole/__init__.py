"""Everything that rules ask of one reading of the exports, each part made once."""
