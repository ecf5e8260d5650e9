"""The answers: one module per assignment, one function per exercise.

Each function has three uses. It is the solution that a TA publishes. Without the lines between its solution marks, it
is the skeleton that a student receives. And it computes the expected values that the autograder compares answers with.
"""
