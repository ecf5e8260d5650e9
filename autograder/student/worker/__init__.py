"""Code that runs in the student's process while grading: cells, calls, limits, and the messages to the grader."""
