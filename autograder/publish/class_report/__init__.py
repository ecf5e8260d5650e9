"""The class report: what a class has understood and what it has not."""
