"""Revenue of a book, studied and reported."""
