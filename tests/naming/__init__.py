"""Measure how many wrong answers are named, and whether any right answer is."""
