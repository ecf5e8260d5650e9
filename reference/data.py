"""The two data sets that most assignments use.

Source: Chibany's tutorial, chapter "Gaussian Mixture Models" (CC0).
"""

import numpy as np

BENTOS = np.array(
    [498, 352, 501, 349, 497, 503, 351, 500, 348, 502, 499, 350, 498, 353, 501, 347, 499, 502, 352, 500],
    dtype=np.float32,
)
"""Weights of 20 mystery bentos in grams, shape (20,): tonkatsu near 500 g, hamburger near 350 g."""

# fmt: off
COFFEES = np.array(
    [82, 118, 155, 80, 120, 158, 79, 115, 160, 83, 121, 157, 81, 119, 156,
     84, 117, 159, 78, 122, 154, 82, 116, 158, 80, 120, 155, 81, 118, 157],
    dtype=np.float32,
)
# fmt: on
"""Caffeine of 30 cups in milligrams, shape (30,): three blends near 80, 120 and 157 mg."""
