"""Right answers to the mixture with any number of clusters, written as different people write them."""

import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax.scipy.stats import t

from .styles import lists, numpy32, numpy64, x64

# --- crp_probabilities ---


def seats_concatenated(counts, alpha):
    return np.concatenate([counts, [alpha]]) / (np.sum(counts) + alpha)


def seats_python(counts, alpha):
    total = sum(counts) + alpha
    return [count / total for count in counts] + [alpha / total]


@jax.jit
def seats_softmax(counts, alpha):
    return jax.nn.softmax(jnp.log(jnp.append(counts.astype(float), alpha)))


def seats_in_place(counts, alpha):
    p = np.empty(len(counts) + 1, np.float32)
    p[:-1], p[-1] = counts, alpha
    return p / p.sum()


CRP_PROBABILITIES = {
    "concatenated, NumPy float32": numpy32(seats_concatenated),
    "concatenated, NumPy float64": numpy64(seats_concatenated),
    "Python list": lists(seats_python),
    "softmax of logarithms": seats_softmax,
    "softmax, 64 bits": x64(seats_softmax),
    "filled in": numpy32(seats_in_place),
}

# --- num_clusters_prior ---


def tables_recursion(alpha, num_customers):
    p = np.array([1.0])
    for m in range(1, num_customers):
        p = np.append(m * p, 0) / (m + alpha) + np.append(0, alpha * p) / (m + alpha)
    return p


def tables_fractions(alpha, num_customers):
    """Exact, with fractions."""
    a, p = Fraction(alpha), [Fraction(1)]
    for m in range(1, num_customers):
        stay, new = m / (m + a), a / (m + a)
        p = [stay * here + new * below for here, below in zip([*p, 0], [0, *p], strict=True)]
    return [float(value) for value in p]


def tables_stirling(alpha, num_customers):
    """|s(n, k)| alpha^k / (alpha (alpha + 1) ... (alpha + n - 1))."""
    coefficients = np.array([1.0])
    for m in range(num_customers):
        coefficients = np.convolve(coefficients, [1.0, m])
    powers = coefficients[::-1] * float(alpha) ** np.arange(num_customers + 1)
    return powers[1:] / powers.sum()


def tables_characteristic(alpha, num_customers):
    """The convolution of independent indicators, by discrete Fourier transform."""
    odds = alpha / (alpha + np.arange(num_customers))
    turns = np.exp(-2j * np.pi * np.arange(num_customers + 1) / (num_customers + 1))
    return np.fft.ifft(np.prod(1 - odds + odds * turns[:, None], axis=1)).real[1:]


def tables_scan(alpha, num_customers):
    def step(p, m):
        new = alpha / (m + alpha)
        return p * (1 - new) + jnp.roll(p, 1).at[0].set(0) * new, None

    start = jnp.zeros(num_customers + 1).at[0].set(1)
    return jax.lax.scan(step, start, jnp.arange(num_customers))[0][1:]


def tables_fori(alpha, num_customers):
    def step(m, p):
        return (m * p + alpha * jnp.concatenate([jnp.zeros(1), p[:-1]])) / (m + alpha)

    return jax.lax.fori_loop(1, num_customers, step, jnp.zeros(num_customers).at[0].set(1.0))


NUM_CLUSTERS_PRIOR = {
    "recursion, NumPy": tables_recursion,
    "fractions": tables_fractions,
    "Stirling numbers": tables_stirling,
    "Fourier transform": tables_characteristic,
    "scan": tables_scan,
    "fori_loop, 64 bits": x64(tables_fori),
}

# --- stick_breaking ---


def stick_loop(fractions):
    left, pieces = 1.0, []
    for fraction in fractions:
        pieces.append(fraction * left)
        left = left - pieces[-1]
    return [*pieces, left]


def stick_differences(fractions):
    ends = np.concatenate([[1], np.cumprod(1 - fractions), [0]])
    return ends[:-1] - ends[1:]


def stick_scan(fractions):
    left, pieces = jax.lax.scan(lambda left, f: (left * (1 - f), left * f), 1.0, fractions)
    return jnp.append(pieces, left)


def stick_logs(fractions):
    with np.errstate(divide="ignore"):
        before = np.append(0.0, np.cumsum(np.log1p(-fractions)))
        return np.exp(before + np.append(np.log(fractions), 0.0))


STICK_BREAKING = {
    "Python list": lists(stick_loop),
    "loop over JAX scalars": stick_loop,
    "differences, NumPy float32": numpy32(stick_differences),
    "differences, NumPy float64": numpy64(stick_differences),
    "scan": stick_scan,
    "logarithms": numpy64(stick_logs),
}

# --- one cluster ---


def marginal_gammas(x, base):
    n = len(x)
    mean = np.mean(x) if n else 0.0
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + np.sum((np.asarray(x) - mean) ** 2) / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    return (
        math.lgamma(a)
        - math.lgamma(base.shape)
        + base.shape * math.log(base.rate)
        - a * math.log(b)
        + math.log(base.count / c) / 2
        - n * math.log(2 * math.pi) / 2
    )


def marginal_chain(x, base):
    """One predictive after the other, the base updated each time."""
    m, c, a, b = base
    total = 0.0
    for value in x:
        scale = math.sqrt(b * (c + 1) / (a * c))
        total += float(scipy.stats.t.logpdf(value, 2 * a, m, scale))
        b += c * (value - m) ** 2 / (2 * (c + 1))
        m, c, a = (c * m + value) / (c + 1), c + 1, a + 0.5
    return total


def marginal_multivariate(x, base):
    if len(x) == 0:
        return 0.0
    shape = base.rate / base.shape * (np.eye(len(x)) + 1 / base.count)
    return scipy.stats.multivariate_t.logpdf(x, np.full(len(x), base.loc), shape, df=2 * base.shape)


def marginal_jax(x, base):
    n = x.shape[0]
    y = x - base.loc
    squares = jnp.sum(y**2) - jnp.sum(y) ** 2 / (base.count + n)
    if n:  # around the mean of the data first: fewer digits are lost
        mean = jnp.mean(y)
        squares = jnp.sum((y - mean) ** 2) + base.count * n / (base.count + n) * mean**2
    a = base.shape + n / 2
    value = jax.lax.lgamma(jnp.asarray(a, float)) - jax.lax.lgamma(jnp.asarray(base.shape, float))
    value += base.shape * jnp.log(base.rate) - a * jnp.log(base.rate + squares / 2)
    return value - 0.5 * jnp.log1p(n / base.count) - n * 0.9189385332


CLUSTER_LOG_MARGINAL = {
    "math.lgamma": numpy64(marginal_gammas),
    "math.lgamma, Python list": lists(marginal_gammas),
    "one after the other": lists(marginal_chain),
    "multivariate t": numpy64(marginal_multivariate),
    "JAX": marginal_jax,
    "JAX, 64 bits": x64(marginal_jax),
}


def predictive_scipy(x_new, x, base):
    n = len(x)
    mean = x.mean() if n else base.loc
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + ((x - mean) ** 2).sum() / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    m = (base.count * base.loc + n * mean) / c
    return scipy.stats.t.logpdf(x_new, 2 * a, loc=m, scale=np.sqrt(b / a * (c + 1) / c))


def predictive_by_marginals(x_new, x, base):
    before = marginal_gammas(x, base)
    return [marginal_gammas(np.append(x, value), base) - before for value in x_new]


def predictive_by_hand(x_new, x, base):
    m, c, a, b = base
    for value in x:
        b += c * (value - m) ** 2 / (2 * (c + 1))
        m, c, a = (c * m + value) / (c + 1), c + 1, a + 0.5
    square = b * (c + 1) / (a * c)
    constant = math.lgamma(a + 0.5) - math.lgamma(a) - math.log(2 * a * math.pi * square) / 2
    return [constant - (a + 0.5) * math.log1p((value - m) ** 2 / (2 * a * square)) for value in x_new]


def predictive_vmap(x_new, x, base):
    n = len(x)
    y = x - base.loc
    mean = jnp.mean(y) if n else jnp.zeros(())
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + 0.5 * jnp.sum((y - mean) ** 2) + 0.5 * base.count * n / c * mean**2
    scale = jnp.sqrt(b / a * (1 + 1 / c))
    return jax.vmap(lambda value: t.logpdf((value - base.loc - n * mean / c) / scale, 2 * a) - jnp.log(scale))(x_new)


PREDICTIVE_LOG_DENSITY = {
    "SciPy": numpy64(predictive_scipy),
    "SciPy, NumPy float32": numpy32(predictive_scipy),
    "ratio of marginals": numpy64(predictive_by_marginals),
    "by hand": lists(predictive_by_hand),
    "vmap, standardised": predictive_vmap,
    "vmap, 64 bits": x64(predictive_vmap),
}

# --- one observation moves ---


def moves_loop(i, x, z, alpha, base):
    n = len(x)
    others = np.arange(n) != i
    log_p = np.full(n, -np.inf)
    free = min(set(range(n)) - {int(k) for k in np.asarray(z)[others]})
    for k in {int(k) for k in np.asarray(z)[others]}:
        own = x[others & (z == k)]
        log_p[k] = np.log(len(own)) + predictive_scipy(x[i], own, base)
    log_p[free] = np.log(alpha) + predictive_scipy(x[i], x[:0], base)
    return scipy.special.softmax(log_p)


def moves_by_joint(i, x, z, alpha, base):
    """From the probabilities of whole partitions."""
    n = len(x)
    others = [z[j] for j in range(n) if j != i]
    free = next(k for k in range(n) if k not in others)
    logs = []
    for k in range(n):
        if k not in others and k != free:
            logs.append(-math.inf)
            continue
        moved = [k if j == i else z[j] for j in range(n)]
        total = 0.0
        for label in set(moved):
            own = np.array([x[j] for j in range(n) if moved[j] == label])
            total += math.log(alpha) + math.lgamma(len(own)) + marginal_gammas(own, base)
        logs.append(total)
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    return [weight / sum(weights) for weight in weights]


@jax.jit
def moves_segments(i, x, z, alpha, base):
    n = x.shape[0]
    y = x - base.loc
    mine = jnp.arange(n) == i
    ones = jnp.where(mine, 0.0, 1.0)
    counts = jax.ops.segment_sum(ones, z, n)
    means = jax.ops.segment_sum(ones * y, z, n) / jnp.maximum(counts, 1)
    squares = jax.ops.segment_sum(ones * (y - means[z]) ** 2, z, n)
    c, a = base.count + counts, base.shape + counts / 2
    b = base.rate + squares / 2 + base.count * counts * means**2 / (2 * c)
    log_density = t.logpdf(y[i], 2 * a, counts * means / c, jnp.sqrt(b * (c + 1) / (a * c)))
    new = jnp.cumsum(counts == 0) * (counts == 0) == 1
    logs = log_density + jnp.log(jnp.where(new, alpha, counts))
    return jnp.exp(logs - jax.nn.logsumexp(logs))


REASSIGNMENT_PROBABILITIES = {
    "loop over labels": numpy64(moves_loop),
    "loop over labels, NumPy float32": numpy32(moves_loop),
    "whole partitions": lists(moves_by_joint),
    "segment sums": moves_segments,
    "segment sums, 64 bits": x64(moves_segments),
    "loop over JAX arrays": moves_loop,
}

# --- what draws say ---


def shares_sets(z_samples):
    n = len(z_samples[0])
    sizes = [len({int(label) for label in row}) for row in z_samples]
    return [sizes.count(k) / len(sizes) for k in range(1, n + 1)]


def shares_unique(z_samples):
    sizes = [len(np.unique(row)) for row in z_samples]
    return np.bincount(sizes, minlength=z_samples.shape[1] + 1)[1:] / len(sizes)


@jax.jit
def shares_one_hot(z_samples):
    n = z_samples.shape[1]
    occupied = jax.nn.one_hot(z_samples, n).max(axis=1)
    return jax.nn.one_hot(occupied.sum(axis=1).astype(int) - 1, n).mean(axis=0)


def shares_vmap(z_samples):
    n = z_samples.shape[1]
    sizes = jax.vmap(lambda z: jnp.sum(jnp.bincount(z, length=n) > 0))(z_samples)
    return jnp.bincount(sizes - 1, length=n) / len(sizes)


NUM_CLUSTERS_POSTERIOR = {
    "sets": shares_sets,
    "sets, Python list": lists(shares_sets),
    "np.unique": numpy32(shares_unique),
    "one-hot": shares_one_hot,
    "one-hot, 64 bits": x64(shares_one_hot),
    "vmap of bincount": shares_vmap,
}


def next_loops(x_new, x, z_samples, alpha, base):
    n = len(x)
    total = np.zeros(len(x_new))
    for z in z_samples:
        total += alpha * np.exp(predictive_scipy(x_new, x[:0], base))
        for k in np.unique(z):
            own = x[z == k]
            total += len(own) * np.exp(predictive_scipy(x_new, own, base))
    return total / (len(z_samples) * (n + alpha))


def next_by_hand(x_new, x, z_samples, alpha, base):
    densities = []
    for place in range(len(x_new)):
        total = 0.0
        for z in z_samples:
            for k in {None, *z}:
                own = [value for value, label in zip(x, z, strict=True) if label == k]
                [log_density] = predictive_by_hand([x_new[place]], own, base)
                total += (len(own) or alpha) / (len(x) + alpha) * math.exp(log_density)
        densities.append(total / len(z_samples))
    return densities


def next_as_evidence(x_new, x, z_samples, alpha, base):
    """The normaliser of a reassignment, for an observation that is added to the data."""
    x, z_samples = np.asarray(x, float), np.asarray(z_samples)
    rows = []
    for z in z_samples:
        weights = {k: float(np.sum(z == k)) for k in set(z.tolist())} | {-1: float(alpha)}
        rows.append(
            [
                sum(w * np.exp(predictive_scipy(value, x[z == k], base)) for k, w in weights.items())
                / sum(weights.values())
                for value in np.asarray(x_new, float)
            ]
        )
    return np.mean(rows, axis=0)


@jax.jit
def next_mapped(x_new, x, z_samples, alpha, base):
    n = x.shape[0]
    y = x - base.loc

    def value(z):
        counts = jax.ops.segment_sum(jnp.ones(n), z, n + 1)
        means = jax.ops.segment_sum(y, z, n + 1) / jnp.maximum(counts, 1)
        squares = jax.ops.segment_sum((y - means[z]) ** 2, z, n + 1)
        c, a = base.count + counts, base.shape + counts / 2
        b = base.rate + squares / 2 + base.count * counts * means**2 / (2 * c)
        logs = t.logpdf(x_new[:, None] - base.loc, 2 * a, counts * means / c, jnp.sqrt(b * (c + 1) / (a * c)))
        weights = jnp.where(jnp.arange(n + 1) == n, alpha, counts) / (n + alpha)
        return jax.nn.logsumexp(logs, axis=1, b=weights)

    return jnp.exp(jax.nn.logsumexp(jax.lax.map(value, z_samples), axis=0) - jnp.log(z_samples.shape[0]))


PREDICTIVE_DENSITY = {
    "loops": numpy64(next_loops),
    "loops, NumPy float32": numpy32(next_loops),
    "by hand": lists(next_by_hand),
    "a bento on the pile": next_as_evidence,
    "lax.map": next_mapped,
    "lax.map, 64 bits": x64(next_mapped),
}

STYLES = {
    "crp_probabilities": CRP_PROBABILITIES,
    "num_clusters_prior": NUM_CLUSTERS_PRIOR,
    "stick_breaking": STICK_BREAKING,
    "cluster_log_marginal": CLUSTER_LOG_MARGINAL,
    "predictive_log_density": PREDICTIVE_LOG_DENSITY,
    "reassignment_probabilities": REASSIGNMENT_PROBABILITIES,
    "num_clusters_posterior": NUM_CLUSTERS_POSTERIOR,
    "predictive_density": PREDICTIVE_DENSITY,
}
