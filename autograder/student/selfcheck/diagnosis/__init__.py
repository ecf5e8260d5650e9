"""What is behind a wrong answer: a known mistake, a simple difference, a hint."""
