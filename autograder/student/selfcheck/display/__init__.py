"""What a check shows: texts, tables and pictures."""
