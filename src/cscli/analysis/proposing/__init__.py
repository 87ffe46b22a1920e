"""What a file is and how it can be used, proposed from its headers and values."""
