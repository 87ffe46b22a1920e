"""Text files and grids of cells to raw tables."""
