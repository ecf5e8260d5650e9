"""Categorization with known parameters: which component made this observation?

matplotlib is imported only when a figure is drawn: the import takes half a second.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp


def component_log_density(x, means, stds):
    """Log density of every observation under every component.

    Args:
        x: observations, grams, shape (N,).
        means: component means, grams, shape (K,).
        stds: component standard deviations (not variances), grams, shape (K,).

    Returns:
        Array (N, K): entry (i, k) is log N(x_i; means_k, stds_k).

    Source: Bishop (2006), Pattern Recognition and Machine Learning, eq. 1.46.
    """
    ### BEGIN SOLUTION
    # Written as a sum of logs, nothing underflows however far x lies from the mean.
    z = (x[:, None] - means) / stds
    return -0.5 * z**2 - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)
    ### END SOLUTION


def responsibilities(x, weights, means, stds):
    """Posterior probability of every component for every observation.

    Args:
        x: observations, grams, shape (N,).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, grams, shape (K,).
        stds: component standard deviations, grams, shape (K,).

    Returns:
        Array (N, K): entry (i, k) is P(c = k given x_i). Each row sums to 1,
        also for an x that no component could plausibly have made.

    Source: Bishop (2006), eq. 9.13.
    """
    ### BEGIN SOLUTION
    # Softmax subtracts the largest entry of each row before it exponentiates,
    # so the ratio survives even where both densities are too small for float32.
    log_joint = jnp.log(weights) + component_log_density(x, means, stds)
    return jax.nn.softmax(log_joint, axis=1)
    ### END SOLUTION


def marginal_density(x, weights, means, stds):
    """Density of every observation under the whole mixture.

    Args:
        x: observations, grams, shape (N,).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, grams, shape (K,).
        stds: component standard deviations, grams, shape (K,).

    Returns:
        Array (N,): p(x_i), per gram.

    Source: Bishop (2006), eq. 9.7.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(weights) + component_log_density(x, means, stds)
    return jnp.exp(logsumexp(log_joint, axis=1))
    ### END SOLUTION


def decision_boundaries(weights, means, stds):
    """Every x at which two components are equally probable.

    Args:
        weights: mixing proportions of two components, sum to 1, shape (2,).
        means: component means, grams, shape (2,).
        stds: component standard deviations, grams, shape (2,).

    Returns:
        Array (B,) in ascending order, grams, with B = 0, 1 or 2:
        P(c = 0 given x) = P(c = 1 given x) = 1/2 exactly there.

    Source: Bishop (2006), section 4.2.1: quadratic when the variances differ.
    """
    ### BEGIN SOLUTION
    # The log odds of component 0 are a u^2 + b u + c, with u measured from the
    # midpoint of the means: small numbers, so float32 keeps its digits.
    middle = jnp.mean(means)
    d = means - middle
    precisions = 1 / stds**2
    a = (precisions[1] - precisions[0]) / 2
    b = d[0] * precisions[0] - d[1] * precisions[1]
    c = (d[1] ** 2 * precisions[1] - d[0] ** 2 * precisions[0]) / 2
    c = c + jnp.log(weights[0] / weights[1]) - jnp.log(stds[0] / stds[1])

    if a == 0:  # equal standard deviations: the log odds are a straight line
        return jnp.array([]) if b == 0 else middle + jnp.array([-c / b])
    discriminant = b**2 - 4 * a * c
    if discriminant < 0:  # one component wins everywhere
        return jnp.array([])
    if discriminant == 0:  # one component wins everywhere but at the point where the curves touch
        return middle + jnp.array([-b / (2 * a)])
    # Dividing by the larger of the two sums avoids subtracting near-equal numbers.
    q = -(b + jnp.copysign(jnp.sqrt(discriminant), b)) / 2
    return middle + jnp.sort(jnp.array([q / a, c / q]))
    ### END SOLUTION


def count_modes(weights, means, stds):
    """Number of peaks of a mixture of two components.

    Args:
        weights: mixing proportions of two components, sum to 1, shape (2,).
        means: component means, grams, shape (2,).
        stds: component standard deviations, grams, shape (2,).

    Returns:
        int: how many local maxima p(x) has, 1 or 2.

    Source: Behboodian (1970), On the modes of a mixture of two normal
    distributions, Technometrics 12(1): every mode lies between the two means.
    """
    ### BEGIN SOLUTION
    # A grid between the means, finer than the narrower component.
    offsets = jnp.linspace(-12, 12, 4001)
    grid = jnp.sort((means[:, None] + stds[:, None] * offsets).ravel())
    grid = jnp.clip(grid, jnp.min(means) - jnp.min(stds), jnp.max(means) + jnp.min(stds))
    # The slope of log p is an average of the components' slopes. Its sign is
    # exact where p itself would be flat in float32.
    slope = jnp.sum(responsibilities(grid, weights, means, stds) * (means - grid[:, None]) / stds**2, axis=1)
    rising = jnp.sign(slope)
    rising = rising[rising != 0]
    return int(jnp.sum((rising[:-1] > 0) & (rising[1:] < 0)))
    ### END SOLUTION


def plot_mixture(weights, means, stds):
    """Draw a mixture: its density, its parts, and who is responsible where.

    Args:
        weights: mixing proportions of two components, sum to 1, shape (2,).
        means: component means, grams, shape (2,).
        stds: component standard deviations, grams, shape (2,).

    Returns:
        matplotlib Figure whose axes hold, as lines over a grid of x that covers
        both components, p(x), weights_k N(x; means_k, stds_k) for each k, and
        P(c = 0 given x); both axes labelled, with a legend.
    """
    ### BEGIN SOLUTION
    import matplotlib.pyplot as plt

    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 2001)
    parts = weights * jnp.exp(component_log_density(x, means, stds))

    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(7, 5), layout="constrained")
    top.plot(x, marginal_density(x, weights, means, stds), color="black", label="p(x)")
    top.plot(x, parts[:, 0], "--", color="#0072B2", label="component 0")
    top.plot(x, parts[:, 1], ":", color="#D55E00", label="component 1")
    top.set(xlabel="weight (g)", ylabel="density (per g)")
    top.legend()
    bottom.plot(x, responsibilities(x, weights, means, stds)[:, 0], "-.", color="#009E73", label="P(c = 0 given x)")
    bottom.set(xlabel="weight (g)", ylabel="probability")
    bottom.legend()
    return figure
    ### END SOLUTION
