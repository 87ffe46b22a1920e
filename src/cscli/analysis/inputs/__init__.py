"""The books in which people type: which sheets and columns each has, and what of a sheet can be relied on."""
