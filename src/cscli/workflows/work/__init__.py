"""What the work around the score gives to a book: what people typed in its books, what rows tell that was done."""
