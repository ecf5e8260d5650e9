"""The numbers that the assignments' texts print: each is computed here, and must be in the text as it is rounded there.

What a notebook computes and prints itself, and what follows from it at sight, is left out.
"""
