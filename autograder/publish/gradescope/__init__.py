"""An autograder for Gradescope: the package, and verdicts in its format."""
