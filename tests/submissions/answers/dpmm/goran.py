# %% crp_probabilities
def crp_probabilities(counts, alpha):
    n = counts.sum()
    return jnp.append(counts, alpha) / (n - 1 + alpha)

# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    counts = jnp.zeros(num_customers)
    z = []
    for k in jax.random.split(key, num_customers):
        new = jnp.sum(counts > 0)
        # a table is as good as any other
        seats = (counts > 0).astype(float).at[new].set(alpha)
        table = jax.random.categorical(k, jnp.log(seats))
        counts = counts.at[table].add(1)
        z.append(table)
    return jnp.array(z)

# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    return alpha * jnp.log(1 + num_customers / alpha)

# %% stick_breaking
def stick_breaking(fractions):
    left = jnp.append(1.0, jnp.cumprod(1 - fractions))
    pieces = fractions * left[:-1]
    return pieces / pieces.sum()

# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    fractions = beta.repeat(9)(1.0, 2.0) @ "fractions"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(10)(2.0, 1.0) @ "sigma"
    left = jnp.append(1.0, jnp.cumprod(1 - fractions))
    weights = left * jnp.append(fractions, 1.0)
    z = categorical.repeat(num_observations)(weights) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    n = len(x)
    mean = jnp.sum(x) / max(n, 1)
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + jnp.sum((x - mean) ** 2) / 2
    return (gammaln(a) - gammaln(base.shape) + base.shape * jnp.log(base.rate) - a * jnp.log(b)
            + jnp.log(base.count / c) / 2 - n / 2 * jnp.log(2 * jnp.pi))

# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    n = len(x)
    mean = jnp.mean(x)
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + jnp.sum((x - mean) ** 2) / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    m = (base.count * base.loc + n * mean) / c
    return t.logpdf(x_new, 2 * a, m, jnp.sqrt(b / a * (c + 1) / c))

# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    labels = jnp.arange(len(x))
    member = (labels[:, None] == jnp.asarray(z)).astype(float)
    n = member.sum(axis=1)
    mean = (member * x).sum(axis=1) / jnp.maximum(n, 1)
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + (member * (x - mean[:, None]) ** 2).sum(axis=1) / 2
    b += base.count * n * (mean - base.loc) ** 2 / (2 * c)
    m = (base.count * base.loc + n * mean) / c
    logs = t.logpdf(x[i], 2 * a, m, jnp.sqrt(b / a * (c + 1) / c))
    return jax.nn.softmax(logs + jnp.log(jnp.where(labels == jnp.argmin(n), alpha, n)))

# %% sweep
def sweep(key, x, z, alpha, base):
    for i in range(len(x)):
        p = reassignment_probabilities(i, x, z, alpha, base)
        z = jnp.asarray(z).at[i].set(jnp.argmax(p))
    return z

# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    labels = jnp.arange(len(x))

    def move(z, step):
        i, k = step
        member = (labels[:, None] == z) * (labels != i) * 1.0
        n = member.sum(axis=1)
        mean = (member * (x - base.loc)).sum(axis=1) / jnp.maximum(n, 1)
        c, a = base.count + n, base.shape + n / 2
        b = base.rate + (member * (x - base.loc - mean[:, None]) ** 2).sum(axis=1) / 2
        b += base.count * n * mean**2 / (2 * c)
        logs = t.logpdf(x[i] - base.loc, 2 * a, n * mean / c, jnp.sqrt(b / a * (c + 1) / c))
        # all tables are alike
        seats = jnp.where(labels == jnp.argmax(n == 0), alpha, 1.0 * (n > 0))
        return z.at[i].set(jax.random.categorical(k, logs + jnp.log(seats))), None

    def step(z, k):
        z, _ = jax.lax.scan(move, z, (labels, jax.random.split(k, len(x))))
        return z, z

    return jax.lax.scan(step, labels, jax.random.split(key, 100 + num_samples))[1][100:]

# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    num_clusters = z_samples.max(axis=1) + 1
    return jnp.mean(num_clusters[:, None] == 1 + jnp.arange(z_samples.shape[1]), axis=0)

# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    total = jnp.zeros(len(x_new))
    for z in np.asarray(z_samples):
        for k in np.unique(z):
            own = x[np.flatnonzero(z == k)]
            total += len(own) / len(x) * jnp.exp(predictive_log_density(x_new, own, base))
    return total / len(z_samples)

# %% written_dpmm [markdown]
# 1. The larger alpha is, the more clusters. The base does not matter much.
# 2. P(K = 3 given data) = 0.88 means that there are three kinds with 88 %.
# 3. The average of mu_k.
