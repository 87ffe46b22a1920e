"""What earlier runs tell, and what changed between them."""
