"""Every hint of the catalogue, on a case where it is given, and what it says to do."""
