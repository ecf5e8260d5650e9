# JAX: fori loops, keys folded in, ratios of marginals; a chain that starts from one cluster.

# %% scratch
from functools import partial


# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    tables = jnp.zeros(num_customers)
    seated = []
    for n, one in enumerate(jax.random.split(key, num_customers)):
        open_ = jnp.sum(tables > 0)
        p = jnp.where(jnp.arange(num_customers) == open_, alpha, tables) / (n + alpha)
        table = jax.random.choice(one, num_customers, p=p)
        tables = tables + jax.nn.one_hot(table, num_customers)
        seated.append(table)
    return seated


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    def step(m, p):
        return (m * p + alpha * jnp.concatenate([jnp.zeros(1), p[:-1]])) / (m + alpha)

    return jax.lax.fori_loop(1, num_customers, step, jnp.zeros(num_customers).at[0].set(1.0))


# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    sigma = gamma.vmap(in_axes=(None, 0), axis_size=10)(2.0, jnp.ones(10)) @ "sigma"
    fractions = beta.vmap(in_axes=(0, None), axis_size=9)(jnp.ones(9), 2.0) @ "fractions"
    left = [jnp.ones(())]
    for k in range(9):
        left.append(left[-1] * (1 - fractions[k]))
    pieces = jnp.stack([left[k] - left[k + 1] for k in range(9)] + [left[9]])
    z = categorical.repeat(num_observations)(2.0 + jnp.log(pieces)) @ "z"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    member = jax.nn.one_hot(z, 10)
    means, stds = (jnp.sum(member * values, axis=1) for values in (mu, sigma))
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


# %% sweep
def sweep(key, x, z, alpha, base):
    """p(x_i given a cluster) as a ratio of two marginals; a fori loop, keys folded in."""
    n = len(x)
    labels = jnp.arange(n)

    def log_marginal(member):
        counts = member.sum(axis=1)
        mean = (member * (x - base.loc)).sum(axis=1) / jnp.maximum(counts, 1)
        squares = (member * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
        rate = base.rate + (squares + base.count * counts * mean**2 / (base.count + counts)) / 2
        shape = base.shape + counts / 2
        return gammaln(shape) - shape * jnp.log(rate) - jnp.log(base.count + counts) / 2

    def step(i, z):
        others = (z == labels[:, None]) & (labels != i)
        counts = others.sum(axis=1)
        log_ratio = log_marginal(1.0 * (others | (labels == i))) - log_marginal(1.0 * others)
        seats = jnp.where(labels == jnp.argmax(counts == 0), alpha, counts)
        return z.at[i].set(jax.random.categorical(jax.random.fold_in(key, i), jnp.log(seats) + log_ratio))

    return jax.lax.fori_loop(0, n, step, jnp.asarray(z))


# %% dpmm
@partial(jax.jit, static_argnames="num_samples")
def dpmm(key, x, alpha, base, num_samples):
    def step(z, one):
        z = sweep(one, x, z, alpha, base)
        return z, z

    keys = jax.random.split(key, 200 + num_samples)
    return jax.lax.scan(step, jnp.zeros(len(x), int), keys)[1][200:]
