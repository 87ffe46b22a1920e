"""What the command line says of itself, in its reader's language: pages of help, faults of usage, topics."""
