"""What students hand in: find it, read it without trusting it, and recognise its cells."""
