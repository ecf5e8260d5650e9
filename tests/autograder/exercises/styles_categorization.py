"""Right answers to categorization, written as different people write them."""

import math

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import scipy
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm
from matplotlib.figure import Figure

from reference import categorization as reference
from tests.autograder.exercises.styles import lists, numpy32, numpy64, x64

# --- component_log_density ---


def density_from_variances(x, means, stds):
    variances = stds**2
    return -0.5 * np.log(2 * np.pi * variances) - (x[:, None] - means) ** 2 / (2 * variances)


def density_column_by_column(x, means, stds):
    columns = [-(((x - m) / s) ** 2) / 2 - jnp.log(s * jnp.sqrt(2 * jnp.pi)) for m, s in zip(means, stds, strict=True)]
    return jnp.stack(columns, axis=1)


@jax.jit
def density_vmapped(x, means, stds):
    point = jax.vmap(norm.logpdf, in_axes=(None, 0, 0))
    return jax.vmap(point, in_axes=(0, None, None))(x, means, stds)


def density_mapped(x, means, stds):
    return jax.lax.map(lambda point: norm.logpdf(point, means, stds), x)


def density_scipy(x, means, stds):
    return scipy.stats.norm(means, stds).logpdf(x[:, None])


def log_normal(x, m, s):
    return -math.log(s) - math.log(2 * math.pi) / 2 - ((x - m) / s) ** 2 / 2


def density_python(x, means, stds):
    return [[log_normal(point, m, s) for m, s in zip(means, stds, strict=True)] for point in x]


def density_precisions(x, means, stds):
    precisions = 1 / stds**2
    return (jnp.log(precisions / (2 * jnp.pi)) - precisions * (x[:, None] - means) ** 2) / 2


COMPONENT_LOG_DENSITY = {
    "variances, NumPy float32": numpy32(density_from_variances),
    "variances, NumPy float64": numpy64(density_from_variances),
    "column by column": density_column_by_column,
    "vmapped and jitted": density_vmapped,
    "lax.map": density_mapped,
    "SciPy": numpy64(density_scipy),
    "Python loops": lists(density_python),
    "tuples": lists(lambda *args: tuple(map(tuple, density_python(*args)))),
    "precisions": density_precisions,
    "precisions, 64 bits": x64(density_precisions),
}


# --- responsibilities ---


def resp_logsumexp(x, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.exp(logs - logsumexp(logs, axis=1, keepdims=True))


def resp_largest_subtracted(x, weights, means, stds):
    logs = np.log(weights) + density_from_variances(x, means, stds)
    ratios = np.exp(logs - logs.max(axis=1, keepdims=True))
    return ratios / ratios.sum(axis=1, keepdims=True)


@jax.jit
def resp_vmapped(x, weights, means, stds):
    return jax.vmap(lambda point: jax.nn.softmax(norm.logpdf(point, means, stds) + jnp.log(weights)))(x)


def resp_one_at_a_time(x, weights, means, stds):
    table = jnp.zeros((len(x), len(weights)))
    for i in range(len(x)):
        logs = jnp.log(weights) + norm.logpdf(x[i], means, stds)
        table = table.at[i].set(jnp.exp(logs - jax.nn.logsumexp(logs)))
    return table


def resp_pairwise(x, weights, means, stds):
    """1 / (1 + the ratios of the other components): no logsumexp."""
    logs = np.log(weights) + density_from_variances(x, means, stds)
    return 1 / np.exp(np.minimum(logs[:, None, :] - logs[:, :, None], 700.0)).sum(axis=2)


def resp_scipy(x, weights, means, stds):
    return scipy.special.softmax(np.log(weights) + density_scipy(x, means, stds), axis=1)


def resp_python(x, weights, means, stds):
    table = []
    for point in x:
        logs = [math.log(w) + log_normal(point, m, s) for w, m, s in zip(weights, means, stds, strict=True)]
        ratios = [math.exp(entry - max(logs)) for entry in logs]
        table.append([ratio / sum(ratios) for ratio in ratios])
    return table


def resp_scanned(x, weights, means, stds):
    def observe(_, point):
        logs = jnp.log(weights) - ((point - means) / stds) ** 2 / 2 - jnp.log(stds)
        return None, jax.nn.softmax(logs)

    return jax.lax.scan(observe, None, x)[1]


RESPONSIBILITIES = {
    "logsumexp": resp_logsumexp,
    "logsumexp, 64 bits": x64(resp_logsumexp),
    "largest subtracted, NumPy float32": numpy32(resp_largest_subtracted),
    "largest subtracted, NumPy float64": numpy64(resp_largest_subtracted),
    "vmapped and jitted": resp_vmapped,
    "one at a time": resp_one_at_a_time,
    "pairwise": numpy64(resp_pairwise),
    "SciPy": numpy64(resp_scipy),
    "Python loops": lists(resp_python),
    "lax.scan": resp_scanned,
}


# --- marginal_density ---


def marginal_product(x, weights, means, stds):
    return jnp.exp(-0.5 * ((x[:, None] - means) / stds) ** 2) / (stds * jnp.sqrt(2 * jnp.pi)) @ weights


def marginal_from_logs(x, weights, means, stds):
    return jnp.exp(logsumexp(norm.logpdf(x[:, None], means, stds), b=weights, axis=1))


def marginal_numpy(x, weights, means, stds):
    return (weights * np.exp(density_from_variances(x, means, stds))).sum(axis=1)


def marginal_python(x, weights, means, stds):
    return [
        sum(
            w * math.exp(-((point - m) ** 2) / (2 * s**2)) / math.sqrt(2 * math.pi * s**2)
            for w, m, s in zip(weights, means, stds, strict=True)
        )
        for point in x
    ]


def marginal_scipy(x, weights, means, stds):
    return sum(w * scipy.stats.norm.pdf(x, m, s) for w, m, s in zip(weights, means, stds, strict=True))


@jax.jit
def marginal_vmapped(x, weights, means, stds):
    return jax.vmap(lambda point: jnp.dot(weights, norm.pdf(point, means, stds)))(x)


def marginal_loop(x, weights, means, stds):
    def add(k, total):
        return total + weights[k] * norm.pdf(x, means[k], stds[k])

    return jax.lax.fori_loop(0, len(weights), add, jnp.zeros_like(x))


MARGINAL_DENSITY = {
    "product": marginal_product,
    "product, 64 bits": x64(marginal_product),
    "from logs": marginal_from_logs,
    "NumPy float32": numpy32(marginal_numpy),
    "NumPy float64": numpy64(marginal_numpy),
    "Python loops": lists(marginal_python),
    "SciPy": numpy64(marginal_scipy),
    "vmapped and jitted": marginal_vmapped,
    "fori_loop": marginal_loop,
}


# --- decision_boundaries ---


def coefficients(means, stds):
    """The log likelihood ratio as a x^2 + b x + c, up to the terms without a mean; from the raw numbers."""
    (m0, m1), (s0, s1) = means, stds
    a = 1 / (2 * s1**2) - 1 / (2 * s0**2)
    b = m0 / s0**2 - m1 / s1**2
    return a, b, m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2)


def boundaries_school_formula(weights, means, stds):
    a, b, c = coefficients(means, stds)
    c = c + np.log(weights[0] * stds[1] / (weights[1] * stds[0]))
    if a == 0:
        return [] if b == 0 else [-c / b]
    discriminant = b**2 - 4 * a * c
    if discriminant < 0:
        return []
    return sorted([(-b - np.sqrt(discriminant)) / (2 * a), (-b + np.sqrt(discriminant)) / (2 * a)])


def boundaries_python(weights, means, stds):
    a, b, c = coefficients(means, stds)
    c += math.log(weights[0] / weights[1]) + math.log(stds[1] / stds[0])
    if abs(a) < 1e-12:
        return () if abs(b) < 1e-12 else (-c / b,)
    discriminant = b * b - 4 * a * c
    return (
        tuple(sorted((-b + sign * math.sqrt(discriminant)) / (2 * a) for sign in (1, -1))) if discriminant > 0 else ()
    )


def boundaries_by_roots(weights, means, stds):
    a, b, c = coefficients(means, stds)
    roots = np.roots([a, b, c + np.log(weights[0] / weights[1]) + np.log(stds[1] / stds[0])])
    return np.sort(roots[np.isreal(roots)])


def boundaries_polynomial(weights, means, stds):
    a, b, c = coefficients(means, stds)
    log_odds = np.polynomial.Polynomial([c + np.log(weights[0] / weights[1] * stds[1] / stds[0]), b, a]).trim()
    return [root.real for root in sorted(log_odds.roots()) if abs(root.imag) < 1e-9] if log_odds.degree() else []


def boundaries_by_search(weights, means, stds):
    """Changes of sign on a grid, each refined by a root finder."""

    def log_odds(x):
        first, second = np.log(weights) + scipy.stats.norm.logpdf(x, means, stds)
        return first - second

    grid = np.linspace(means.min() - 60 * stds.max(), means.max() + 300 * stds.max(), 20_011)
    joint = np.log(weights) + scipy.stats.norm.logpdf(grid[:, None], means, stds)
    turns = np.flatnonzero(np.diff(np.sign(joint[:, 0] - joint[:, 1])))
    return np.array([scipy.optimize.brentq(log_odds, grid[i], grid[i + 1]) for i in turns])


def boundaries_jax(weights, means, stds):
    a, b, c = coefficients(means, stds)
    c = c + jnp.log(weights[0]) - jnp.log(weights[1]) + jnp.log(stds[1]) - jnp.log(stds[0])
    if jnp.isclose(a, 0, atol=1e-9):
        return jnp.array([]) if jnp.isclose(b, 0, atol=1e-9) else -c[None] / b
    roots = (-b + jnp.array([1, -1]) * jnp.sqrt(b**2 - 4 * a * c)) / (2 * a)
    return jnp.sort(roots[~jnp.isnan(roots)])


DECISION_BOUNDARIES = {
    "school formula, NumPy float32": numpy32(boundaries_school_formula),
    "school formula, NumPy float64": numpy64(boundaries_school_formula),
    "school formula, JAX": boundaries_jax,
    "school formula, JAX, 64 bits": x64(boundaries_jax),
    "Python": lists(boundaries_python),
    "np.roots": numpy64(boundaries_by_roots),
    "np.roots, float32": numpy32(boundaries_by_roots),
    "np.polynomial": numpy64(boundaries_polynomial),
    "search": numpy64(boundaries_by_search),
    "reference": reference.decision_boundaries,
}


# --- count_modes ---


def modes_on_a_grid(weights, means, stds):
    grid = np.linspace(np.min(means - 4 * stds), np.max(means + 4 * stds), 2000, dtype=means.dtype)
    p = marginal_numpy(grid, weights, means, stds)
    return np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:]))


def modes_find_peaks(weights, means, stds):
    grid = np.linspace(np.min(means) - 3 * np.max(stds), np.max(means) + 3 * np.max(stds), 5000)
    return len(scipy.signal.find_peaks(marginal_scipy(grid, weights, means, stds))[0])


def modes_by_slope(weights, means, stds):
    """Roots of the slope of p: there is one peak more than there are valleys."""
    grid = np.linspace(means.min() - stds.min(), means.max() + stds.min(), 4001)
    slope = (weights * scipy.stats.norm.pdf(grid[:, None], means, stds) * (means - grid[:, None]) / stds**2).sum(axis=1)
    signs = np.sign(slope[slope != 0])
    return (1 + np.count_nonzero(np.diff(signs))) // 2


@x64
def modes_by_gradient(weights, means, stds):
    def log_density(point):
        return logsumexp(jnp.log(weights) + norm.logpdf(point, means, stds))

    grid = jnp.linspace(jnp.min(means - 2 * stds), jnp.max(means + 2 * stds), 3001)
    slope = jax.vmap(jax.grad(log_density))(grid)
    return int(jnp.sum((slope[:-1] > 0) & (slope[1:] <= 0)))


def modes_by_climbing(weights, means, stds):
    """Mean shift from both means: do the climbs end on the same peak?"""
    x = means.copy()
    for _ in range(3000):
        pull = resp_largest_subtracted(x, weights, means, stds) / stds**2
        x = (pull * means).sum(axis=1) / pull.sum(axis=1)
    return 1 if abs(x[0] - x[1]) < 1e-3 * stds.min() else 2


def modes_python(weights, means, stds):
    low, high = min(means) - max(stds), max(means) + max(stds)
    p = marginal_python([low + (high - low) * i / 3000 for i in range(3001)], weights, means, stds)
    return float(sum(before < here > after for before, here, after in zip(p, p[1:], p[2:], strict=False)))


COUNT_MODES = {
    "grid, NumPy float32": numpy32(modes_on_a_grid),
    "grid, NumPy float64": numpy64(modes_on_a_grid),
    "find_peaks": numpy64(modes_find_peaks),
    "slope": numpy64(modes_by_slope),
    "gradient, 64 bits": modes_by_gradient,
    "climbing": numpy64(modes_by_climbing),
    "Python loops": lists(modes_python),
    "array of no dimension": lambda *args: jnp.asarray(reference.count_modes(*args)),
}


# --- plot_mixture ---


def parts_and_posterior(x, weights, means, stds):
    parts = np.asarray(weights) * np.exp(density_from_variances(np.asarray(x), np.asarray(means), np.asarray(stds)))
    return parts, np.asarray(reference.responsibilities(jnp.asarray(x), weights, means, stds))[:, 0]


def reach(means, stds, width):
    return float(np.min(means - width * stds)), float(np.max(means + width * stds))


def plot_two_panels(weights, means, stds):
    x = np.linspace(*reach(means, stds, 3), 400)
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True)
    top.plot(x, parts.sum(axis=1), label="p(x)")
    top.plot(x, parts, label=["tonkatsu", "hamburger"])
    bottom.plot(x, posterior, label="P(tonkatsu)")
    top.set_ylabel("density")
    bottom.set(xlabel="grams", ylabel="probability")
    top.legend()
    bottom.legend()
    return figure


def plot_twin_axes(weights, means, stds):
    x = jnp.linspace(*reach(means, stds, 4), 2000)
    figure, left = plt.subplots(figsize=(9, 3))
    right = left.twinx()
    left.plot(x, reference.marginal_density(x, weights, means, stds), "k", lw=3, label="mixture")
    for k in range(2):
        left.plot(x, weights[k] * norm.pdf(x, means[k], stds[k]), "--", label=f"component {k}")
    right.plot(x, reference.responsibilities(x, weights, means, stds)[:, 0], "r:", label="posterior")
    left.set_xlabel("x")
    left.set_ylabel("density")
    right.set_ylabel("posterior")
    figure.legend(loc="upper left")
    return figure


def plot_one_axes(weights, means, stds):
    low, high = reach(means, stds, 5)
    x = np.arange(low, high, (high - low) / 250)
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    plt.figure()
    plt.plot(x, posterior, label="P(c = 0 given x)")
    plt.plot(x, parts[:, 1], label="1")
    plt.plot(x, parts[:, 0], label="0")
    plt.plot(x, parts.sum(axis=1), label="sum")
    plt.axhline(0.5, color="grey")
    plt.fill_between(x, posterior, alpha=0.1)
    plt.xlabel("x")
    plt.ylabel("density and probability")
    plt.legend()
    return plt.gcf()


def plot_coarse(weights, means, stds):
    x = np.linspace(*reach(means, stds, 3), 100)
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    figure = Figure()
    axes = figure.subplots(1, 3)
    axes[0].plot(x, parts[:, 0] + parts[:, 1], "o-", label="p")
    axes[1].plot(x, parts[:, 0], x, parts[:, 1])
    axes[2].plot(x, posterior)
    figure.supxlabel("weight (g)")
    figure.supylabel("density, density, probability")
    axes[0].legend()
    return figure


def plot_wide(weights, means, stds):
    low, high = reach(means, stds, 3)
    x = np.linspace(low - (high - low), high + (high - low), 2000)
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    curves = {"p": parts.sum(axis=1), "0": parts[:, 0], "1": parts[:, 1], "P": posterior}
    figure, axes = plt.subplots(4, 1)
    for panel, (name, y) in zip(axes, curves.items(), strict=True):
        panel.plot(x, y, label=name)
        panel.set(xlabel="x", ylabel=name)
        panel.legend()
    return figure


def plot_fine_between(weights, means, stds):
    """A grid of two parts, fine near the means, as a careful student draws it; drawn from right to left."""
    bells = (np.asarray(means)[:, None] + np.asarray(stds)[:, None] * np.linspace(-4, 4, 200)).ravel()
    x = np.sort(np.concatenate([bells, np.linspace(*reach(means, stds, 4), 300)]))[::-1]
    parts, posterior = parts_and_posterior(x, weights, means, stds)
    figure, axes = plt.subplots()
    for name, y in (("p", parts.sum(axis=1)), ("0", parts[:, 0]), ("1", parts[:, 1]), ("P", posterior)):
        axes.plot(x, y, label=name)
    axes.set(xlabel="x", ylabel="y")
    axes.legend()
    return figure


PLOT_MIXTURE = {
    "two panels": plot_two_panels,
    "twin axes": plot_twin_axes,
    "one axes": plot_one_axes,
    "100 points": plot_coarse,
    "far beyond both": plot_wide,
    "uneven grid": plot_fine_between,
    "reference": reference.plot_mixture,
}

STYLES = {
    "component_log_density": COMPONENT_LOG_DENSITY,
    "responsibilities": RESPONSIBILITIES,
    "marginal_density": MARGINAL_DENSITY,
    "decision_boundaries": DECISION_BOUNDARIES,
    "count_modes": COUNT_MODES,
    "plot_mixture": PLOT_MIXTURE,
}
