"""What earlier runs kept: snapshots, a stored run as a scored book, scores over time."""
