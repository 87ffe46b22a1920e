"""Expressions of columns, numbers, texts, arithmetic and comparisons, which need no SQL: read and computed with neither sqlglot
nor DuckDB, to load both of which takes longer than to score a thousand accounts.

What is not certain to be one is read and run by those, which are the slow twin that tests hold this to.
"""
