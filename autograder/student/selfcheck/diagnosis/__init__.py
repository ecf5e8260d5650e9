"""Explain a wrong answer: a known mistake, a simple difference, hints."""
