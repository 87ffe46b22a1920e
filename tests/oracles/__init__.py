"""Second, slow implementations, written from the published rules alone, and the random inputs to compare on."""
