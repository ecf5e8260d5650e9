"""count_modes

The rule "two peaks if the means are more than two standard deviations apart": only for equal weights and spreads.
"""


def count_modes(weights, means, stds):
    distance = abs(means[0] - means[1])
    return 2 if distance > 2 * (stds[0] * stds[1]) ** 0.5 else 1
