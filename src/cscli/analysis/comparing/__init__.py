"""Shares with their intervals, durations with leaving as a competing end, and honest differences between two groups."""
