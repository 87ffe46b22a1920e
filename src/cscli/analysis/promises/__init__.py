"""What was promised to each account by when, and what became of it: milestones of a journey, goals of the customer."""
