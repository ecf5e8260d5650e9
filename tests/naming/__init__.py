"""How many wrong answers are named, and whether any right one is."""
