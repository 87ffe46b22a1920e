"""The pure core: tables in, results out; no clock, no files, no terminal."""
