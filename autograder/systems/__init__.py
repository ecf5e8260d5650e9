"""Learning management systems: read their downloads, write their uploads. One small module per system."""
