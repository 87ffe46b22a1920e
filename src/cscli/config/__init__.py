"""The rules: the YAML file to a checked `Config`, or to every mistake in it with its place."""
