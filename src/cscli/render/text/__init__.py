"""Reports as text: CSV, JSON, Markdown, and values as people read them."""
