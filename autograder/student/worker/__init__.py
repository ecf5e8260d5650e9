"""What runs in the student's process during grading: cells, calls, limits, and the wire to the grader."""
