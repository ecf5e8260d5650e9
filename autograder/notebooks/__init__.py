"""From a text and a reference to the released notebook."""
