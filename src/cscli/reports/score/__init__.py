"""The report `score`, and what a live workbook needs."""
