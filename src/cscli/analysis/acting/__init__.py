"""From scores to work: whom to call, who has the hours, what must be told."""
