"""From a text and a reference to the notebook that is released."""
