# %% scratch
from scipy import special, stats

def rng_of(key):
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))

# %% crp_probabilities
def crp_probabilities(counts, alpha):
    seats = [int(c) for c in counts] + [alpha]
    return [s / sum(seats) for s in seats]

# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    rng = rng_of(key)
    counts, z = [], []
    for _ in range(num_customers):
        p = np.array(crp_probabilities(counts, float(alpha)))
        table = rng.choice(len(p), p=p)
        if table == len(counts):
            counts.append(0)
        counts[table] += 1
        z.append(table)
    return np.array(z)

# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    p = {0: 1.0}
    for m in range(num_customers):
        new = alpha / (m + alpha)
        p = {k: p.get(k, 0) * (1 - new) + p.get(k - 1, 0) * new for k in range(m + 2)}
    return [float(p[k]) for k in range(1, num_customers + 1)]

# %% stick_breaking
def stick_breaking(fractions):
    left, pieces = 1.0, []
    for f in fractions:
        pieces.append(left * f)
        left *= 1 - f
    return jnp.stack([*pieces, left])

# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    fractions = beta.vmap(in_axes=(0, 0), axis_size=9)(jnp.ones(9), 2.0 * jnp.ones(9)) @ "fractions"
    mu = normal.vmap(in_axes=(0, 0), axis_size=10)(400.0 * jnp.ones(10), 50.0 * jnp.ones(10)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=10)(2.0 * jnp.ones(10), jnp.ones(10)) @ "sigma"
    w = stick_breaking(fractions)
    z = categorical.repeat(num_observations)(jnp.log(w)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% cluster_log_marginal
def updated(x, base):
    """One observation after the other."""
    m, c, a, b = (float(v) for v in base)
    for v in np.asarray(x, float):
        b += c * (v - m) ** 2 / (2 * (c + 1))
        m, c, a = (c * m + v) / (c + 1), c + 1, a + 0.5
    return m, c, a, b

def cluster_log_marginal(x, base):
    _, c, a, b = updated(x, base)
    _, c0, a0, b0 = (float(v) for v in base)
    gammas = special.gammaln(a) - special.gammaln(a0) + a0 * np.log(b0) - a * np.log(b)
    return gammas + 0.5 * np.log(c0 / c) - len(x) / 2 * np.log(2 * np.pi)

# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    m, c, a, b = updated(x, base)
    return stats.t.logpdf(np.asarray(x_new, float), 2 * a, m, np.sqrt(b / a * (c + 1) / c))

# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    x, z, i = np.asarray(x, float), np.asarray(z), int(i)
    n = len(x)
    others = [j for j in range(n) if j != i]
    taken = {int(z[j]) for j in others}
    p = np.zeros(n)
    for k in taken:
        own = x[[j for j in others if z[j] == k]]
        p[k] = len(own) * np.exp(predictive_log_density(x[i], own, base))
    p[min(set(range(n)) - taken)] = alpha * np.exp(predictive_log_density(x[i], x[:0], base))
    return p / p.sum()

# %% sweep
def sweep(key, x, z, alpha, base):
    rng, z = rng_of(key), np.array(z)
    for i in range(len(x)):
        z[i] = rng.choice(len(x), p=reassignment_probabilities(i, x, z, alpha, base))
    return z

# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    z, draws = np.arange(len(x)), []
    for number, k in enumerate(jax.random.split(key, 30 + num_samples)):
        z = sweep(k, x, z, alpha, base)
        if number >= 30:
            draws.append(z)
    return np.array(draws)

# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    sizes = [len(set(row)) for row in np.asarray(z_samples).tolist()]
    return [sizes.count(k) / len(sizes) for k in range(1, len(z_samples[0]) + 1)]

# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    x = np.asarray(x, float)
    total = 0
    for z in np.asarray(z_samples):
        density = alpha * np.exp(predictive_log_density(x_new, x[:0], base))
        for k in np.unique(z):
            density = density + np.sum(z == k) * np.exp(predictive_log_density(x_new, x[z == k], base))
        total = total + density / (len(x) + alpha)
    return total / len(z_samples)

# %% written_dpmm [markdown]
# 1. More alpha, more clusters. The base has to predict a bento that sits alone, and a wide one predicts everything a
#    little.
# 2. The clusters are not kinds. I would use BIC.
# 3. The co-assignment matrix, because it has no labels.
