"""The grader's side of a student's process: start and isolate it, send it cells and calls, and check its replies."""
