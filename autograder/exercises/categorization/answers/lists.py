# Python lists and loops, and everything in one pair of axes.

# %% scratch
import math
import numpy as np


# %% scratch
def log_normal(x, m, s):
    return -math.log(s) - math.log(2 * math.pi) / 2 - ((x - m) / s) ** 2 / 2


# %% component_log_density
def component_log_density(x, means, stds):
    x, means, stds = (np.asarray(a).tolist() for a in (x, means, stds))
    return [[log_normal(one, m, s) for m, s in zip(means, stds, strict=True)] for one in x]


# %% responsibilities
def responsibilities(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a).tolist() for a in (x, weights, means, stds))
    table = []
    for one in x:
        logs = [math.log(w) + log_normal(one, m, s) for w, m, s in zip(weights, means, stds, strict=True)]
        ratios = [math.exp(entry - max(logs)) for entry in logs]
        table.append([ratio / sum(ratios) for ratio in ratios])
    return table


# %% marginal_density
def marginal_density(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a).tolist() for a in (x, weights, means, stds))
    return [
        sum(
            w * math.exp(-((one - m) ** 2) / (2 * s**2)) / math.sqrt(2 * math.pi * s**2)
            for w, m, s in zip(weights, means, stds, strict=True)
        )
        for one in x
    ]


# %% scratch
def coefficients(means, stds):
    """The log likelihood ratio as a x^2 + b x + c, up to the terms without a mean; from the raw numbers."""
    (m0, m1), (s0, s1) = means, stds
    a = 1 / (2 * s1**2) - 1 / (2 * s0**2)
    b = m0 / s0**2 - m1 / s1**2
    return a, b, m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2)


# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    weights, means, stds = (np.asarray(a).tolist() for a in (weights, means, stds))
    a, b, c = coefficients(means, stds)
    c += math.log(weights[0] / weights[1]) + math.log(stds[1] / stds[0])
    if abs(a) < 1e-12:
        return () if abs(b) < 1e-12 else (-c / b,)
    discriminant = b * b - 4 * a * c
    return (
        tuple(sorted((-b + sign * math.sqrt(discriminant)) / (2 * a) for sign in (1, -1))) if discriminant > 0 else ()
    )


# %% count_modes
def count_modes(weights, means, stds):
    weights, means, stds = (np.asarray(a).tolist() for a in (weights, means, stds))
    low, high = min(means) - max(stds), max(means) + max(stds)
    p = marginal_density([low + (high - low) * i / 3000 for i in range(3001)], weights, means, stds)
    return float(sum(before < here > after for before, here, after in zip(p, p[1:], p[2:], strict=False)))


# %% plot_mixture
def plot_mixture(weights, means, stds):
    weights, means, stds = (np.asarray(a).tolist() for a in (weights, means, stds))
    low = min(m - 5 * s for m, s in zip(means, stds))
    high = max(m + 5 * s for m, s in zip(means, stds))
    x = np.arange(low, high, (high - low) / 250).tolist()
    parts = [[w * math.exp(log) for w, log in zip(weights, row)] for row in component_log_density(x, means, stds)]
    posterior = [row[0] for row in responsibilities(x, weights, means, stds)]
    plt.figure()
    plt.plot(x, posterior, label="P(c = 0 given x)")
    plt.plot(x, [row[1] for row in parts], label="1")
    plt.plot(x, [row[0] for row in parts], label="0")
    plt.plot(x, [sum(row) for row in parts], label="sum")
    plt.axhline(0.5, color="grey")
    plt.fill_between(x, posterior, alpha=0.1)
    plt.xlabel("x")
    plt.ylabel("density and probability")
    plt.legend()
    return plt.gcf()
