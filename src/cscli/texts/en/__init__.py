"""The catalogue in English, a module a topic."""
