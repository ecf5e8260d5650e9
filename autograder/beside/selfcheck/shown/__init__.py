"""What a student is shown of a check. Nothing here decides whether an answer is right."""
