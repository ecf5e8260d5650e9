"""Settings that every test shares."""

from hypothesis import settings

# The same examples on every run. A first call compiles, so there is no deadline.
settings.register_profile("reproducible", derandomize=True, deadline=None, max_examples=25)
settings.load_profile("reproducible")
