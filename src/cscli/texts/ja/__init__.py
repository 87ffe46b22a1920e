"""The catalogue in Japanese, a module a topic."""
