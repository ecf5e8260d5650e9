# Plain NumPy and SciPy: loops over clusters and observations.

# %% scratch
import math
import scipy


# %% crp_probabilities
def crp_probabilities(counts, alpha):
    counts = np.asarray(counts)
    return np.concatenate([counts, [alpha]]) / (np.sum(counts) + alpha)


# %% scratch
def rng_of(key):
    """NumPy's random numbers, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    rng = rng_of(key)
    counts = []
    z = []
    for n in range(num_customers):
        u = rng.uniform(0, n + alpha)
        table = 0
        while table < len(counts) and u >= counts[table]:
            u -= counts[table]
            table += 1
        if table == len(counts):
            counts.append(0)
        counts[table] += 1
        z.append(table)
    return z


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    p = np.array([1.0])
    for m in range(1, num_customers):
        p = np.append(m * p, 0) / (m + alpha) + np.append(0, alpha * p) / (m + alpha)
    return p


# %% stick_breaking
def stick_breaking(fractions):
    fractions = np.asarray(fractions)
    ends = np.concatenate([[1], np.cumprod(1 - fractions), [0]])
    return ends[:-1] - ends[1:]


# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    x = np.asarray(x, np.float64)
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


# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    x_new, x = (np.asarray(a) for a in (x_new, x))
    n = len(x)
    mean = x.mean() if n else base.loc
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + ((x - mean) ** 2).sum() / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    m = (base.count * base.loc + n * mean) / c
    return scipy.stats.t.logpdf(x_new, 2 * a, loc=m, scale=np.sqrt(b / a * (c + 1) / c))


# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    x = np.asarray(x)
    z = np.asarray(z)
    n = len(x)
    others = np.arange(n) != i
    log_p = np.full(n, -np.inf)
    free = min(set(range(n)) - {int(k) for k in np.asarray(z)[others]})
    for k in {int(k) for k in np.asarray(z)[others]}:
        own = x[others & (z == k)]
        log_p[k] = np.log(len(own)) + predictive_log_density(x[i], own, base)
    log_p[free] = np.log(alpha) + predictive_log_density(x[i], x[:0], base)
    return scipy.special.softmax(log_p)


# %% scratch
def numpy_sweep(rng, x, z, alpha, base):
    """In float64, with a list of the members of each cluster."""
    x, z = np.asarray(x, float), np.array(z)
    n = len(x)
    for i in range(n):
        z[i] = -1
        weights = np.zeros(n)
        for k in range(n):
            own = x[z == k]
            if len(own) == 0 and np.any(weights[[not np.any(z == j) for j in range(n)]] > 0):
                continue
            count, mean = base.count + len(own), own.mean() if len(own) else 0.0
            loc = (base.count * base.loc + len(own) * mean) / count
            shape = base.shape + len(own) / 2
            rate = base.rate + np.sum((own - mean) ** 2) / 2
            rate += base.count * len(own) * (mean - base.loc) ** 2 / (2 * count)
            scale = np.sqrt(rate * (count + 1) / (shape * count))
            weights[k] = (len(own) or alpha) * scipy.stats.t.pdf(x[i], 2 * shape, loc, scale)
        z[i] = rng.choice(n, p=weights / weights.sum())
    return z


# %% sweep
def sweep(key, x, z, alpha, base):
    return numpy_sweep(rng_of(key), x, z, alpha, base)


# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    rng = rng_of(key)
    z, draws = np.zeros(len(x), int), []
    for number in range(20 + num_samples):
        z = numpy_sweep(rng, x, z, alpha, base)
        if number >= 20:
            draws.append(z.copy())
    return draws


# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    z_samples = np.asarray(z_samples)
    sizes = [len(np.unique(row)) for row in z_samples]
    return np.bincount(sizes, minlength=z_samples.shape[1] + 1)[1:] / len(sizes)


# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    x_new, x = (np.asarray(a) for a in (x_new, x))
    z_samples = np.asarray(z_samples)
    n = len(x)
    total = np.zeros(len(x_new))
    for z in z_samples:
        total += alpha * np.exp(predictive_log_density(x_new, x[:0], base))
        for k in np.unique(z):
            own = x[z == k]
            total += len(own) * np.exp(predictive_log_density(x_new, own, base))
    return total / (len(z_samples) * (n + alpha))
