"""What the YAML file may say about the work around the score: promises, the shared history, what customers say."""
