"""choose_mean_prior

The same prior for all three means: centre of the range and a quarter of its width.
"""


def choose_mean_prior():
    return [125.0, 125.0, 125.0], [37.5, 37.5, 37.5]
