"""Build the released notebook from an assignment's text and its reference."""
