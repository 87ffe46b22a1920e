"""Which message each customer gets now, and whether it helped."""
