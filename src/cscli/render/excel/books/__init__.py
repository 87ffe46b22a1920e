"""Workbooks that people fill in: made, and added to without a change to what they typed."""
