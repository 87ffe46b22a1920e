"""What a whole table says about how it is to be read: rows, units, scales, currencies, status, ends."""
