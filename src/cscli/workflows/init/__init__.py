"""From exports to a config file of one's own."""
