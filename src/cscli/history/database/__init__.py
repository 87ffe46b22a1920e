"""The database under the history: its tables, its forms over the versions, and one way to connect."""
