"""What is made for eyes: the dashboard, of one reading of the exports and the history."""
