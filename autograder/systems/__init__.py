"""Learning management systems: their downloads are read, their uploads written. One small module for each."""
