"""What must be told: found, stored with the run, sent."""
