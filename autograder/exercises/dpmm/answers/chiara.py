# %% crp_probabilities
@jax.jit
def crp_probabilities(counts, alpha):
    seats = jnp.zeros(counts.shape[0] + 1).at[:-1].set(counts).at[-1].set(alpha)
    return seats / seats.sum()

# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    # break a very long stick, then number the pieces in the order in which they are hit
    stick_key, seat_key = jax.random.split(key)
    fractions = jax.random.beta(stick_key, 1.0, alpha, (400,))
    log_left = jnp.append(0.0, jnp.cumsum(jnp.log1p(-fractions)))
    z = jax.random.categorical(seat_key, jnp.log(fractions) + log_left[:-1], shape=(num_customers,))
    first = jnp.argmax(z[:, None] == z[None, :], axis=1)
    return jnp.cumsum(first == jnp.arange(num_customers))[first] - 1

# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    # each customer opens a table or not, independently: multiply the generating functions
    p = jnp.ones(1)
    for m in range(num_customers):
        p = jnp.convolve(p, jnp.array([m, alpha]) / (m + alpha))
    return p[1:]

# %% stick_breaking
def stick_breaking(fractions):
    ends = 1 - jnp.cumprod(1 - fractions)
    return jnp.diff(jnp.concatenate([jnp.zeros(1), ends, jnp.ones(1)]))

# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    sigma = gamma.repeat(10)(2.0, 1.0) @ "sigma"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    fractions = beta.repeat(9)(1.0, 2.0) @ "fractions"
    log_weights = jnp.append(jnp.log(fractions), 0.0) + jnp.append(0.0, jnp.cumsum(jnp.log1p(-fractions)))
    z = categorical.repeat(num_observations)(log_weights) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    # a multivariate t
    n = len(x)
    y = jnp.asarray(x) - base.loc
    # y' (I + 11'/c)^-1 y and the determinant of I + 11'/c, without a matrix
    mean = y.mean() if n else 0.0
    quadratic = jnp.sum((y - mean) ** 2) + n * mean**2 * base.count / (base.count + n)
    a = base.shape
    constant = gammaln(a + n / 2) - gammaln(a) - n / 2 * jnp.log(2 * jnp.pi * base.rate) - jnp.log1p(n / base.count) / 2
    return constant - (a + n / 2) * jnp.log1p(quadratic / (2 * base.rate))

# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    before = cluster_log_marginal(x, base)
    return jnp.array([cluster_log_marginal(jnp.append(x, one), base) for one in x_new]) - before

# %% reassignment_probabilities
def log_weights(x, z, i, alpha, base, to):
    """Of all clusters, when observation i is put at label `to`: log of alpha (n - 1)! p(x), added up."""
    z = z.at[i].set(to)
    member = 1.0 * (z[None, :] == jnp.arange(len(x))[:, None])
    n = member.sum(axis=1)
    y = x - base.loc
    mean = (member * y).sum(axis=1) / jnp.maximum(n, 1)
    squares = (member * (y - mean[:, None]) ** 2).sum(axis=1) + n * mean**2 * base.count / (base.count + n)
    a = base.shape + n / 2
    logs = gammaln(a) - gammaln(base.shape) - n / 2 * jnp.log(base.rate) - jnp.log1p(n / base.count) / 2
    logs += -a * jnp.log1p(squares / (2 * base.rate)) + jnp.log(alpha) + gammaln(jnp.maximum(n, 1))
    return jnp.where(n > 0, logs, 0).sum()

def reassignment_probabilities(i, x, z, alpha, base):
    labels = jnp.arange(len(x))
    z = jnp.asarray(z)
    occupied = jnp.any((z[None, :] == labels[:, None]) & (labels != i), axis=1)
    logs = jax.vmap(lambda k: log_weights(x, z, i, alpha, base, k))(labels)
    free = jnp.argmin(occupied)
    return jax.nn.softmax(jnp.where(occupied | (labels == free), logs, -jnp.inf))

# %% sweep
@jax.jit
def sweep(key, x, z, alpha, base):
    order_key, key = jax.random.split(key)
    order = jax.random.permutation(order_key, x.shape[0])

    def move(z, step):
        i, k = step
        p = reassignment_probabilities(i, x, z, alpha, base)
        return z.at[i].set(jax.random.choice(k, x.shape[0], p=p)), None

    return jax.lax.scan(move, jnp.asarray(z), (order, jax.random.split(key, x.shape[0])))[0]

# %% dpmm
def dpmm(key, x, alpha, base, num_samples):
    def step(z, k):
        z = sweep(k, x, z, alpha, base)
        return z, z

    z = jnp.arange(x.shape[0])
    start_key, key = jax.random.split(key)
    z, _ = jax.lax.scan(step, z, jax.random.split(start_key, 100))
    return jax.lax.scan(step, z, jax.random.split(key, num_samples))[1]

# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    n = z_samples.shape[1]
    first = jnp.argmax(z_samples[:, :, None] == z_samples[:, None, :], axis=2)
    return jnp.bincount(jnp.sum(first == jnp.arange(n), axis=1), length=n + 1)[1:] / len(z_samples)

# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    rows = []
    for z in np.asarray(z_samples):
        clusters = [x[np.flatnonzero(z == k)] for k in np.unique(z)]
        logs = jnp.stack([predictive_log_density(x_new, own, base) for own in [*clusters, x[:0]]])
        seats = jnp.array([*(len(own) for own in clusters), alpha])
        rows.append(jnp.exp(logs).T @ (seats / seats.sum()))
    return jnp.mean(jnp.stack(rows), axis=0)

# %% written_dpmm [markdown]
# 1. alpha sets the number of tables before the data, about alpha log(1 + N/alpha). The base is all that a new table can
#    predict with: if it is wide, its density at 352 g is low, and the light bentos predict 352 g far better. At 425 g
#    nobody else predicts anything.
# 2. The density of the next bento, and which bentos belong together. The number itself stays too large. A finite mixture
#    with a prior on K would settle on the truth, if the kinds are Gaussian.
# 3. P(z_i = z_j). mu_k belongs to another cluster in every draw.
