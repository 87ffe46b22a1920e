"""The text of a config file of one's own, from a preset and a proposal."""
