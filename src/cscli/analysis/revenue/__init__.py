"""MRR over time: lines, movements, what was kept."""
