"""What comes up for renewal, what will be kept of it, and how good such forecasts were."""
