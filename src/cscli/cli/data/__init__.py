"""Commands that set up rules and exports, and keep both in order."""
