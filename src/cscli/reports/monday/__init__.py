"""The book in a few sentences, for who has a minute."""
