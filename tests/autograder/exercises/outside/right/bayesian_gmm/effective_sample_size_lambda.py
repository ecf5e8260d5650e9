"""effective_sample_size

A lambda: 1 over the inner product.
"""

effective_sample_size = lambda weights: 1.0 / (weights @ weights)  # noqa: E731
