"""What was done with each account and what it said: one history of all departments, and themes of what customers ask."""
