# %% crp_probabilities
def crp_probabilities(counts, alpha):
    return jnp.append(counts, alpha) / (jnp.sum(counts) + alpha)

# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    def arrive(z, step):
        n, k = step
        # sit with somebody who is there already, or alone
        choose_key, friend_key = jax.random.split(k)
        alone = jax.random.uniform(choose_key) * (n + alpha) < alpha
        friend = jnp.floor(jax.random.uniform(friend_key) * n).astype(int)
        return z.at[n].set(jnp.where(alone, jnp.max(z) + 1, z[friend])), None

    start = jnp.full(num_customers, -1)
    z, _ = jax.lax.scan(arrive, start, (jnp.arange(num_customers), jax.random.split(key, num_customers)))
    return z

# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    p = jnp.zeros(num_customers).at[0].set(1.0)
    for m in range(1, num_customers):
        p = (m * p + alpha * jnp.roll(p, 1).at[0].set(0.0)) / (m + alpha)
    return p

# %% stick_breaking
def stick_breaking(fractions):
    left = jnp.concatenate([jnp.ones(1), jnp.cumprod(1 - fractions)])
    return jnp.append(left[:-1] * fractions, left[-1])

# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    fractions = beta.repeat(9)(1.0, 2.0) @ "fractions"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(10)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(stick_breaking(fractions))) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% scratch
def after(counts, means, squares, base):
    """The base after so many observations with this mean and these squares around it."""
    c = base.count + counts
    m = base.loc + counts * (means - base.loc) / c
    a = base.shape + counts / 2
    b = base.rate + squares / 2 + base.count * counts * (means - base.loc) ** 2 / (2 * c)
    return c, m, a, b

# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    n = x.size
    mean = jnp.mean(x) if n else base.loc
    c, _, a, b = after(n, mean, jnp.sum((x - mean) ** 2), base)
    gammas = gammaln(a) - gammaln(base.shape)
    rates = base.shape * jnp.log(base.rate) - a * jnp.log(b)
    return gammas + rates + jnp.log(base.count / c) / 2 - n * jnp.log(2 * jnp.pi) / 2

# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    mean = jnp.mean(x) if x.size else base.loc
    c, m, a, b = after(x.size, mean, jnp.sum((x - mean) ** 2), base)
    return t.logpdf(x_new, 2 * a, m, jnp.sqrt(b * (c + 1) / (a * c)))

# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    n = x.size
    mine = jnp.where(jnp.arange(n) == i, n, z)  # a label that nobody has
    member = jax.nn.one_hot(mine, n, axis=0)  # (labels, observations)
    counts = member.sum(axis=1)
    means = jnp.where(counts > 0, jnp.sum(member * x, axis=1) / jnp.maximum(counts, 1), base.loc)
    squares = jnp.sum(member * (x - means[:, None]) ** 2, axis=1)
    c, m, a, b = after(counts, means, squares, base)
    logs = t.logpdf(x[i], 2 * a, m, jnp.sqrt(b * (c + 1) / (a * c)))
    free = jnp.argmin(counts)
    seats = jnp.where(jnp.arange(n) == free, alpha, counts)
    return jax.nn.softmax(logs + jnp.log(seats))

# %% sweep
def sweep(key, x, z, alpha, base):
    def move(i, z):
        p = reassignment_probabilities(i, x, z, alpha, base)
        return z.at[i].set(jax.random.categorical(jax.random.fold_in(key, i), jnp.log(p)))

    return jax.lax.fori_loop(0, x.size, move, jnp.asarray(z))

# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    def step(z, k):
        new = sweep(k, x, z, alpha, base)
        return new, new

    _, zs = jax.lax.scan(step, jnp.zeros(x.size, int), jax.random.split(key, 200 + num_samples))
    return zs[200:]

# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    n = z_samples.shape[1]
    used = jnp.any(z_samples[:, :, None] == jnp.arange(n), axis=1).sum(axis=1)
    return jnp.array([jnp.mean(used == k) for k in range(1, n + 1)])

# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    n = x.size

    def one(z):
        counts = jnp.bincount(z, length=n + 1)
        means = jnp.bincount(z, weights=x - base.loc, length=n + 1) / jnp.maximum(counts, 1) + base.loc
        squares = jnp.bincount(z, weights=(x - means[z]) ** 2, length=n + 1)
        c, m, a, b = after(counts, jnp.where(counts > 0, means, base.loc), squares, base)
        weights = jnp.where(jnp.arange(n + 1) == n, alpha, counts) / (n + alpha)
        return t.pdf(x_new[:, None], 2 * a, m, jnp.sqrt(b * (c + 1) / (a * c))) @ weights

    return jax.vmap(one)(z_samples).mean(axis=0)

# %% written_dpmm [markdown]
# 1. alpha is how readily a table is opened: about alpha log(1 + N/alpha) of them. A new table has only the base to
#    predict with, and a wide base has a low density everywhere. At 352 g the light table predicts much better. At 425 g
#    no table does.
# 2. That two bentos belong together, and what comes next. Not how many kinds there are: a mixture with a prior on K, or
#    BIC, treats K as a parameter.
# 3. Co-assignment and the predictive density. Labels change from draw to draw, so averages of mu_k mix clusters.
