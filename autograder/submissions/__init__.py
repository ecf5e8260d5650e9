"""Submissions: find them, read them without trusting them, and recognise their cells."""
