"""Workbooks of every kind to grids of cells, read in a bounded process."""
