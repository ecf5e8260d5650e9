"""Marks for other systems: a spreadsheet, Canvas, Gradescope."""
