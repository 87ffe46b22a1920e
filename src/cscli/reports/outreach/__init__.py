"""Messages as people read them: drafts, the preview, and what they came to."""
