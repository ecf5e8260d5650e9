"""The numbers in the assignments' texts: each is computed here, and must be in the text with the same rounding.

Numbers that a notebook computes and prints itself, and obvious consequences, are left out.
"""
