"""Whether a score tells who leaves: how well it ranks, what its bands came to, and how sure that is."""
