"""The report `dashboard`: the book in one page, every figure from the reports that have it."""
