"""Messages to customers: from a book and its contacts to a preview, files and a ledger, and what they came to."""
