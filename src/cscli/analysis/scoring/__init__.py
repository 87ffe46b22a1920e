"""Columns, rules and weights to health scores."""
