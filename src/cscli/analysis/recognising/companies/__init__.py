"""Companies by what people write of them: names, domains and mail addresses."""
