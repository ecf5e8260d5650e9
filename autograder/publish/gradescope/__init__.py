"""An autograder for Gradescope: the package to upload, and verdicts in Gradescope's format."""
