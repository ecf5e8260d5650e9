# Independent draws of whole partitions: no chain. Stirling numbers, a multivariate t, ratios of marginals.

# %% scratch
import scipy


# %% crp_probabilities
def crp_probabilities(counts, alpha):
    counts = np.asarray(counts)
    p = np.empty(len(counts) + 1, np.float32)
    p[:-1], p[-1] = counts, alpha
    return p / p.sum()


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    """|s(n, k)| alpha^k / (alpha (alpha + 1) ... (alpha + n - 1))."""
    coefficients = np.array([1.0])
    for m in range(num_customers):
        coefficients = np.convolve(coefficients, [1.0, m])
    powers = coefficients[::-1] * float(alpha) ** np.arange(num_customers + 1)
    return powers[1:] / powers.sum()


# %% stick_breaking
def stick_breaking(fractions):
    fractions = np.asarray(fractions, np.float64)
    with np.errstate(divide="ignore"):
        before = np.append(0.0, np.cumsum(np.log1p(-fractions)))
        return np.exp(before + np.append(np.log(fractions), 0.0))


# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    x = np.asarray(x, np.float64)
    if len(x) == 0:
        return 0.0
    shape = base.rate / base.shape * (np.eye(len(x)) + 1 / base.count)
    return scipy.stats.multivariate_t.logpdf(x, np.full(len(x), base.loc), shape, df=2 * base.shape)


# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    x_new, x = (np.asarray(a, np.float64) for a in (x_new, x))
    before = cluster_log_marginal(x, base)
    return [cluster_log_marginal(np.append(x, value), base) - before for value in x_new]


# %% scratch
def rng_of(key):
    """NumPy's random numbers, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# %% scratch
def subsets(s):
    found, b = [0], s
    while b:
        found.append(b)
        b = (b - 1) & s
    return found


# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    """Independent draws, block by block: each block of the first observation left by its share of the sum."""
    rng = rng_of(key)
    x, n = np.asarray(x, float), len(x)
    subset = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    counts = subset.sum(axis=1)
    mean = subset @ (x - base.loc) / np.maximum(counts, 1)
    squares = (subset * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
    shape = base.shape + counts / 2
    rate = base.rate + (squares + base.count * counts * mean**2 / (base.count + counts)) / 2
    logs = np.log(alpha) + scipy.special.gammaln(np.maximum(counts, 1)) + scipy.special.gammaln(shape)
    logs += base.shape * np.log(base.rate) - scipy.special.gammaln(base.shape) - shape * np.log(rate)
    logs += np.log(base.count / (base.count + counts)) / 2
    blocks = {s: [b | (s & -s) for b in subsets(s ^ (s & -s))] for s in range(1, 2**n)}
    total = np.zeros(2**n)  # the logarithm of the sum over all partitions of each set
    for s, its in blocks.items():
        total[s] = np.logaddexp.reduce([logs[b] + total[s ^ b] for b in its])
    draws = np.zeros((num_samples, n), int)
    for z in draws:
        s, k = 2**n - 1, 0
        while s:
            p = np.exp([logs[b] + total[s ^ b] - total[s] for b in blocks[s]])
            block = blocks[s][rng.choice(len(p), p=p / p.sum())]
            z[subset[block] == 1] = k
            s, k = s ^ block, k + 1
    return draws


# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    n = z_samples.shape[1]
    sizes = jax.vmap(lambda z: jnp.sum(jnp.bincount(z, length=n) > 0))(z_samples)
    return jnp.bincount(sizes - 1, length=n) / len(sizes)


# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    """The normaliser of a reassignment, for an observation that is put on the pile."""
    x, z_samples = np.asarray(x, np.float64), np.asarray(z_samples)
    rows = []
    for z in z_samples:
        weights = {k: float(np.sum(z == k)) for k in set(z.tolist())} | {-1: float(alpha)}
        densities = [w * np.exp(predictive_log_density(x_new, x[z == k], base)) for k, w in weights.items()]
        rows.append(sum(densities) / sum(weights.values()))
    return np.mean(rows, axis=0)
