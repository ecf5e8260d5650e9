"""Display the result of a check: texts, tables and pictures."""
