"""Right answers to EM, written as different people write them."""

import math
import random

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm
from sklearn.mixture import GaussianMixture

from tests.autograder.exercises.styles import lists, numpy32, numpy64, x64

# --- labelled_mle ---


def mle_masks(x, z, num_components):
    groups = [x[z == k] for k in range(num_components)]
    return (
        np.array([len(group) / len(x) for group in groups]),
        np.array([group.mean() for group in groups]),
        np.array([group.std() for group in groups]),
    )


def mle_one_at_a_time(x, z, num_components):
    weights, means, stds = [], [], []
    for k in range(num_components):
        mine = x[z == k]
        weights.append(jnp.mean(z == k))
        means.append(jnp.mean(mine))
        stds.append(jnp.std(mine))
    return jnp.array(weights), jnp.array(means), jnp.array(stds)


def mle_segments(x, z, num_components):
    counts = jax.ops.segment_sum(jnp.ones_like(x), z, num_components)
    means = jax.ops.segment_sum(x, z, num_components) / counts
    squares = jax.ops.segment_sum((x - means[z]) ** 2, z, num_components)
    return counts / counts.sum(), means, jnp.sqrt(squares / counts)


def mle_bincount(x, z, num_components):
    counts = np.bincount(z, minlength=num_components)
    means = np.bincount(z, x, num_components) / counts
    return counts / len(x), means, np.sqrt(np.bincount(z, (x - means[z]) ** 2, num_components) / counts)


def mle_python(x, z, num_components):
    fits = []
    for k in range(num_components):
        mine = [value for value, label in zip(x, z, strict=True) if label == k]
        mean = sum(mine) / len(mine)
        fits.append((len(mine) / len(x), mean, math.sqrt(sum((value - mean) ** 2 for value in mine) / len(mine))))
    return tuple(map(list, zip(*fits, strict=True)))


def mle_scipy(x, z, num_components):
    fits = [scipy.stats.norm.fit(x[z == k]) for k in range(num_components)]
    return np.bincount(z, minlength=num_components) / len(x), *np.array(fits).T


def mle_vmapped(x, z, num_components):
    def point(k):
        member = z == k
        mean = jnp.sum(jnp.where(member, x, 0)) / member.sum()
        return member.mean(), mean, jnp.sqrt(jnp.sum(jnp.where(member, (x - mean) ** 2, 0)) / member.sum())

    return jax.vmap(point)(jnp.arange(num_components))


LABELLED_MLE = {
    "masks, NumPy float32": numpy32(mle_masks),
    "masks, NumPy float64": numpy64(mle_masks),
    "one at a time": mle_one_at_a_time,
    "segment_sum": mle_segments,
    "segment_sum, 64 bits": x64(mle_segments),
    "bincount": numpy64(mle_bincount),
    "Python loops": lists(mle_python),
    "SciPy": numpy64(mle_scipy),
    "vmapped": mle_vmapped,
    "one array of three rows": lambda *args: jnp.stack(mle_vmapped(*args)),
}


# --- e_step ---


def e_softmax(x, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jax.nn.softmax(logs, axis=1), logsumexp(logs, axis=1).sum()


def e_by_hand(x, weights, means, stds):
    logs = np.log(weights) - np.log(np.sqrt(2 * np.pi) * stds) - (x[:, None] - means) ** 2 / (2 * stds**2)
    largest = logs.max(axis=1, keepdims=True)
    ratios = np.exp(logs - largest)
    total = ratios.sum(axis=1, keepdims=True)
    return ratios / total, np.sum(np.log(total) + largest)


@jax.jit
def e_vmapped(x, weights, means, stds):
    def point(value):
        logs = jnp.log(weights) + norm.logpdf(value, means, stds)
        log_density = logsumexp(logs)
        return jnp.exp(logs - log_density), log_density

    resp, log_densities = jax.vmap(point)(x)
    return resp, jnp.sum(log_densities)


@jax.jit
def e_scanned(x, weights, means, stds):
    def observe(total, value):
        logs = jnp.log(weights) + norm.logpdf(value, means, stds)
        return total + logsumexp(logs), jax.nn.softmax(logs)

    total, resp = jax.lax.scan(observe, jnp.zeros((), x.dtype), x)
    return [resp, total]


def e_scipy(x, weights, means, stds):
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    return scipy.special.softmax(logs, axis=1), scipy.special.logsumexp(logs, axis=1).sum()


def log_normal(x, m, s):
    return -math.log(s) - math.log(2 * math.pi) / 2 - ((x - m) / s) ** 2 / 2


def log_add(logs):
    largest = max(logs)
    return largest + math.log(sum(math.exp(entry - largest) for entry in logs))


def e_python(x, weights, means, stds):
    resp, log_likelihood = [], 0.0
    for value in x:
        logs = [math.log(w) + log_normal(value, m, s) for w, m, s in zip(weights, means, stds, strict=True)]
        log_density = log_add(logs)
        resp.append([math.exp(entry - log_density) for entry in logs])
        log_likelihood += log_density
    return resp, log_likelihood


E_STEP = {
    "softmax": e_softmax,
    "softmax, 64 bits": x64(e_softmax),
    "by hand, NumPy float32": numpy32(e_by_hand),
    "by hand, NumPy float64": numpy64(e_by_hand),
    "vmapped and jitted": e_vmapped,
    "lax.scan": e_scanned,
    "SciPy": numpy64(e_scipy),
    "Python loops": lists(e_python),
}


# --- m_step ---


def m_products(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    return counts / counts.sum(), means, jnp.sqrt(jnp.sum(resp * (x[:, None] - means) ** 2, axis=0) / counts)


def m_averages(x, resp):
    columns = range(resp.shape[1])
    means = np.array([np.average(x, weights=resp[:, k]) for k in columns])
    variances = [np.average((x - means[k]) ** 2, weights=resp[:, k]) for k in columns]
    return resp.mean(axis=0), means, np.sqrt(variances)


def m_covariances(x, resp):
    counts = resp.sum(axis=0)
    stds = [np.sqrt(np.cov(x, aweights=column, ddof=0)) for column in resp.T]
    return counts / len(x), np.einsum("i,ik->k", x, resp) / counts, stds


def m_second_moments(x, resp):
    """E[x^2] - mean^2: right if the numbers have digits to spare."""
    counts = resp.sum(axis=0)
    means = resp.T @ x / counts
    return counts / len(x), means, np.sqrt(np.maximum(resp.T @ x**2 / counts - means**2, 0))


@jax.jit
def m_vmapped(x, resp):
    def point(r):
        mean = jnp.vdot(r, x) / r.sum()
        return r.mean(), mean, jnp.sqrt(jnp.vdot(r, (x - mean) ** 2) / r.sum())

    return jax.vmap(point, in_axes=1)(resp)


def m_python(x, resp):
    columns = list(zip(*resp, strict=True))
    weights, means, stds = [], [], []
    for column in columns:
        count = sum(column)
        mean = sum(r * value for r, value in zip(column, x, strict=True)) / count
        variance = sum(r * (value - mean) ** 2 for r, value in zip(column, x, strict=True)) / count
        weights.append(count / len(x))
        means.append(mean)
        stds.append(variance**0.5)
    return [weights, means, stds]


M_STEP = {
    "products": m_products,
    "products, 64 bits": x64(m_products),
    "averages, NumPy float32": numpy32(m_averages),
    "averages, NumPy float64": numpy64(m_averages),
    "covariances": numpy64(m_covariances),
    "second moments, 64 bits": numpy64(m_second_moments),
    "vmapped and jitted": m_vmapped,
    "Python loops": lists(m_python),
}


# --- fit_em ---


def fit_looped(e_step, m_step, collect):
    """EM as a Python loop over some E-step and M-step."""

    def fit(x, weights, means, stds, num_iters):
        log_likelihoods = []
        for _ in range(num_iters):
            resp, log_likelihood = e_step(x, weights, means, stds)
            log_likelihoods.append(log_likelihood)
            weights, means, stds = m_step(x, resp)
        return weights, means, stds, collect(log_likelihoods)

    return fit


def fit_scanned(x, weights, means, stds, num_iters):
    def iteration(theta, _):
        resp, log_likelihood = e_softmax(x, *theta)
        return m_products(x, resp), log_likelihood

    theta, log_likelihoods = jax.lax.scan(iteration, (weights, means, stds), None, length=num_iters)
    return (*theta, log_likelihoods)


def fit_fori(x, weights, means, stds, num_iters):
    def iteration(t, state):
        theta, history = state
        resp, log_likelihood = e_vmapped(x, *theta)
        return m_vmapped(x, resp), history.at[t].set(log_likelihood)

    theta, history = jax.lax.fori_loop(0, num_iters, iteration, ((weights, means, stds), jnp.zeros(num_iters)))
    return *theta, history


FIT_EM = {
    "lax.scan": fit_scanned,
    "lax.scan, 64 bits": x64(fit_scanned),
    "fori_loop": fit_fori,
    "loop of jitted steps": fit_looped(e_vmapped, m_vmapped, jnp.stack),
    "loop, NumPy float32": numpy32(fit_looped(e_by_hand, m_averages, np.array)),
    "loop, NumPy float64": numpy64(fit_looped(e_by_hand, m_averages, tuple)),
    "loop, SciPy": numpy64(fit_looped(e_scipy, m_covariances, list)),
    "Python loops": lists(fit_looped(e_python, m_python, list)),
}


# --- elbo ---


def elbo_where(x, resp, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.where(resp > 0, resp * (logs - jnp.log(jnp.where(resp > 0, resp, 1))), 0).sum()


def elbo_entropy(x, resp, weights, means, stds):
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    return np.sum(resp * logs) + scipy.special.entr(resp).sum()


def elbo_divergence(x, resp, weights, means, stds):
    """The log likelihood minus the divergence of resp from the posterior."""
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    posterior = scipy.special.log_softmax(logs, axis=1)
    divergence = np.sum(scipy.special.xlogy(resp, resp) - resp * posterior)
    return scipy.special.logsumexp(logs, axis=1).sum() - divergence


@jax.jit
def elbo_vmapped(x, resp, weights, means, stds):
    def point(value, r):
        return jnp.sum(r * (jnp.log(weights) + norm.logpdf(value, means, stds)) - jax.scipy.special.xlogy(r, r))

    return jax.vmap(point)(x, resp).sum()


def elbo_small_in_the_log(x, resp, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.vdot(resp, logs) - jnp.sum(resp * jnp.log(resp + 1e-30))


def elbo_python(x, resp, weights, means, stds):
    total = 0.0
    for value, row in zip(x, resp, strict=True):
        for r, w, m, s in zip(row, weights, means, stds, strict=True):
            if r > 0:
                total += r * (math.log(w) + log_normal(value, m, s) - math.log(r))
    return total


ELBO = {
    "where": elbo_where,
    "where, 64 bits": x64(elbo_where),
    "entropy, SciPy": numpy64(elbo_entropy),
    "entropy, NumPy float32": numpy32(elbo_entropy),
    "divergence": numpy64(elbo_divergence),
    "vmapped and jitted": elbo_vmapped,
    "a small number inside the log": elbo_small_in_the_log,
    "Python loops": lists(elbo_python),
}


# --- bic ---


def bic_python(log_likelihood, num_components, num_observations):
    means, stds, weights = num_components, num_components, num_components - 1
    return math.log(num_observations) * (means + stds + weights) - 2 * log_likelihood


BIC = {
    "Python": bic_python,
    "NumPy": lambda ll, k, n: np.log(n) * (3 * k - 1) - 2 * ll,
    "NumPy float32": lambda ll, k, n: np.float32(-2 * ll) + np.float32(3 * k - 1) * np.log(np.float32(n)),
    "JAX": lambda ll, k, n: -2 * ll + (3 * k - 1) * jnp.log(n),
    "jitted": jax.jit(lambda ll, k, n: (3 * k - 1) * jnp.log(n) - 2 * ll),
    "doubled half": x64(lambda ll, k, n: -2 * (ll - (3 * k - 1) / 2 * jnp.log(float(n)))),
}


# --- select_num_components ---


def select(*, starts, floor, restarts, num_iters):
    """Selection in NumPy: `starts(rng, x, K)` are initial means; `floor` is a share of the standard deviation of x."""

    def choose(key, x, candidates):
        rng = np.random.default_rng(int(jax.random.randint(key, (), 0, 1_000_000)))
        scores = [bic_python(max(best(rng, x, k)), k, len(x)) for k in candidates]
        return candidates[int(np.argmin(scores))]

    def best(rng, x, num_components):
        for _ in range(restarts):
            weights = np.full(num_components, 1 / num_components)
            means, stds = starts(rng, x, num_components), np.full(num_components, x.std() / num_components)
            for _ in range(num_iters):
                weights, means, stds = m_averages(x, e_by_hand(x, weights, means, stds)[0])
                stds = np.maximum(stds, floor * x.std())
            yield e_by_hand(x, weights, means, stds)[1]

    return choose


def random_points(rng, x, num_components):
    return rng.choice(x, num_components, replace=False)


def jittered_quantiles(rng, x, num_components):
    quantiles = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    return quantiles + 0.1 * x.std() * rng.normal(size=num_components)


def k_means(rng, x, num_components):
    return scipy.cluster.vq.kmeans2(x, num_components, minit="++", rng=rng)[0]


def select_sklearn(key, x, candidates):
    def score(num_components):
        return GaussianMixture(num_components, n_init=10, random_state=0).fit(x[:, None]).bic(x[:, None])

    return min(candidates, key=score)


def select_python(key, x, candidates):
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((value - mean) ** 2 for value in x) / len(x))
    generator = random.Random(int(jax.random.randint(key, (), 0, 1_000_000)))
    scores = {}
    for k in candidates:
        fits = []
        for _ in range(5):
            weights, means, stds = [1 / k] * k, generator.sample(x, k), [spread / k] * k
            for _ in range(40):
                weights, means, stds = m_python(x, e_python(x, weights, means, stds)[0])
                stds = [max(std, spread / 100) for std in stds]
            fits.append(e_python(x, weights, means, stds)[1])
        scores[k] = bic_python(max(fits), k, len(x))
    return min(scores, key=lambda k: scores[k])


def select_jax(key, x, candidates):
    """A loop over jitted EM, one restart after the other."""

    @jax.jit
    def log_likelihood(means):
        def iteration(theta, _):
            weights, means, stds = m_products(x, e_softmax(x, *theta)[0])
            return (weights, means, jnp.clip(stds, 0.02 * x.std())), None

        start = jnp.full(len(means), 1 / len(means)), means, jnp.full(len(means), x.std())
        return e_softmax(x, *jax.lax.scan(iteration, start, length=80)[0])[1]

    scores = []
    for k in candidates:
        keys = jax.random.split(jax.random.fold_in(key, k), 10)
        fits = jnp.array([log_likelihood(jax.random.choice(point, x, (k,), replace=False)) for point in keys])
        scores.append(bic_python(jnp.nanmax(fits), k, len(x)))
    return jnp.array(candidates)[jnp.argmin(jnp.array(scores))]


SELECT_NUM_COMPONENTS = {
    "random points": numpy64(select(starts=random_points, floor=0.01, restarts=10, num_iters=60)),
    "random points, low floor": numpy64(select(starts=random_points, floor=0.001, restarts=10, num_iters=60)),
    "random points, float32": numpy32(select(starts=random_points, floor=0.01, restarts=10, num_iters=60)),
    "quantiles, high floor": numpy64(select(starts=jittered_quantiles, floor=0.1, restarts=5, num_iters=60)),
    "k-means": numpy64(select(starts=k_means, floor=0.05, restarts=5, num_iters=60)),
    "scikit-learn": numpy64(select_sklearn),
    "Python loops": lists(select_python),
    "loop of jitted fits": select_jax,
}


# --- anomaly_score ---


def score_jax(x, weights, means, stds):
    return -logsumexp(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)


def score_running(x, weights, means, stds):
    logs = [
        np.log(w / (s * np.sqrt(2 * np.pi))) - ((x - m) / s) ** 2 / 2
        for w, m, s in zip(weights, means, stds, strict=True)
    ]
    return -np.logaddexp.reduce(logs, axis=0)


def score_python(x, weights, means, stds):
    components = list(zip(weights, means, stds, strict=True))
    return [-log_add([math.log(w) + log_normal(value, m, s) for w, m, s in components]) for value in x]


def score_weighted(x, weights, means, stds):
    return -scipy.special.logsumexp(scipy.stats.norm.logpdf(x[:, None], means, stds), b=weights, axis=1)


@jax.jit
def score_mapped(x, weights, means, stds):
    return jax.lax.map(lambda point: -jax.nn.logsumexp(norm.logpdf(point, means, stds), b=weights), x)


ANOMALY_SCORE = {
    "logsumexp": score_jax,
    "logsumexp, 64 bits": x64(score_jax),
    "logaddexp, NumPy float32": numpy32(score_running),
    "logaddexp, NumPy float64": numpy64(score_running),
    "Python loops": lists(score_python),
    "SciPy": numpy64(score_weighted),
    "lax.map": score_mapped,
}

STYLES = {
    "labelled_mle": LABELLED_MLE,
    "e_step": E_STEP,
    "m_step": M_STEP,
    "fit_em": FIT_EM,
    "elbo": ELBO,
    "bic": BIC,
    "select_num_components": SELECT_NUM_COMPONENTS,
    "anomaly_score": ANOMALY_SCORE,
}
