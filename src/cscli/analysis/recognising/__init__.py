"""What a file is, told from its shape and values: its kind, its key, and whose ids it holds."""
