"""Hostile inputs for the two readers of student-controlled data, in any number."""
