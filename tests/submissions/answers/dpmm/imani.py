# %% crp_probabilities
def crp_probabilities(counts, alpha):
    return jnp.append(counts, alpha) / (counts.sum() + alpha)

# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    z = [0]
    for n in range(1, num_customers):
        counts = np.bincount(z)
        p = np.asarray(crp_probabilities(counts, alpha), float)
        z.append(np.random.choice(len(p), p=p / p.sum()))
    return np.array(z)

# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    p = np.zeros(num_customers)
    p[0] = 1
    for m in range(1, num_customers):
        p[1:] = (m * p[1:] + alpha * p[:-1]) / (m + alpha)
        p[0] *= m / (m + alpha)
    return p

# %% stick_breaking
def stick_breaking(fractions):
    w = []
    for k in range(len(fractions)):
        w.append(fractions[k] * np.prod(1 - fractions[:k]))
    return np.array(w)

# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    n = len(x)
    mean = x.mean()
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + ((x - mean) ** 2).sum() / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    return (gammaln(a) - gammaln(base.shape) + base.shape * jnp.log(base.rate) - a * jnp.log(b)
            + 0.5 * jnp.log(base.count / c) - n / 2 * jnp.log(2 * jnp.pi))

# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    # the density of the next is a ratio
    before = cluster_log_marginal(x, base) if len(x) else 0.0
    return [cluster_log_marginal(jnp.append(x, one), base) - before for one in x_new]

# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    sizes = np.array([len(np.unique(z)) for z in z_samples])
    return [np.sum(sizes == k) for k in range(1, z_samples.shape[1] + 1)]
