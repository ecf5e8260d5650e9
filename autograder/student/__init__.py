"""What runs beside the student: `selfcheck` in the notebook, `worker` in grading.

Neither package imports `autograder` or `reference`, so neither needs them on its path.
"""
