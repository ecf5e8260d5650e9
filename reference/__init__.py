"""The answers: one module per assignment, one function per exercise.

Each function is the solution cell that a TA publishes, the skeleton that a
student receives (everything outside the solution marks) and the truth that the
autograder compares with.
"""
