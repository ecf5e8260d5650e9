"""Code that runs in the student's process: `selfcheck` in the notebook, `worker` while grading.

Neither package imports `autograder` or `reference`, so that the student's process does not need them on its path.
"""
