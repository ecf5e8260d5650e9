"""What students hand in: finding it, reading it without trusting it, and telling its cells."""
