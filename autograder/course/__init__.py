"""The course folder: its paths, settings, verdicts and gradebook."""
