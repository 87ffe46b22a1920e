"""What is a customer worth, do we keep and grow revenue: the commands that answer it."""
