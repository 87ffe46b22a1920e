"""What is odd about the data."""
