# %% scratch
from functools import partial

from genjax import categorical, seed
from jax.scipy.stats.gamma import logpdf as gamma_log_density

# %% sample_assignments
@jax.jit
def sample_assignments(key, x, pi, mu, sigma):
    logits = jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma)
    draw = categorical.vmap(in_axes=(0,), axis_size=len(x))
    return seed(lambda: draw.simulate(logits))(key).get_retval()

# %% sample_weights
@jax.jit
def sample_weights(key, z, alpha):
    concentration = alpha + jnp.bincount(z, length=len(alpha))
    shares = jax.random.gamma(key, concentration)
    return shares / shares.sum()

# %% sample_means
@jax.jit
def sample_means(key, x, z, sigma, loc, scale):
    """A weighted average of the component's mean and of loc."""
    k = len(loc)
    counts = jnp.bincount(z, length=k)
    totals = jax.ops.segment_sum(x, z, num_segments=k)
    averages = totals / jnp.maximum(counts, 1)
    trust = counts * scale**2 / (counts * scale**2 + sigma**2)
    mean = trust * averages + (1 - trust) * loc
    std = scale * jnp.sqrt(1 - trust)
    return mean + std * jax.random.normal(key, (k,))

# %% log_std_density
@jax.jit
def log_std_density(u, count, squares, shape, rate):
    """From SciPy's log densities, as JAX has them: the constants are left in."""
    sigma = jnp.exp(u)
    prior = gamma_log_density(sigma * rate, shape)
    return prior + u - count * u - 0.5 * squares / sigma**2

# %% scratch
def counts_and_squares(x, z, mu):
    member = z == jnp.arange(len(mu))[:, None]  # (K, N)
    return member.sum(axis=1), jnp.where(member, (x - mu[:, None]) ** 2, 0.0).sum(axis=1)

# %% sample_stds
@jax.jit
def sample_stds(key, x, z, mu, sigma, shape, rate):
    """Langevin proposals for log sigma, with the gradient from JAX."""
    counts, squares = counts_and_squares(x, z, mu)

    def log_target(u):
        return (shape - counts) * u - rate * jnp.exp(u) - 0.5 * squares * jnp.exp(-2 * u)

    def drift(u):
        # Far out in a tail the gradient is enormous; any drift is right, as long as both ways are accounted for.
        gradient = jax.grad(lambda v: log_target(v).sum())(u)
        return u + 0.5 * jnp.clip(size**2 * gradient, -2.0, 2.0)

    def log_proposal(there, here):
        return norm.logpdf(there, drift(here), size)

    size = 1.5 / jnp.sqrt(2 * counts + shape)
    noise_key, accept_key = jax.random.split(key)
    here = jnp.log(sigma)
    there = drift(here) + size * jax.random.normal(noise_key, mu.shape)
    log_ratio = log_target(there) - log_target(here) + log_proposal(here, there) - log_proposal(there, here)
    accepted = -jax.random.exponential(accept_key, mu.shape) < log_ratio
    return jnp.where(accepted, jnp.exp(there), sigma)

# %% gibbs
@partial(jax.jit, static_argnames=("num_samples", "burn_in", "thin"))
def gibbs(key, x, prior, num_samples, *, burn_in=100, thin=50):
    """Random-walk Metropolis with z summed out, one component at a time, in steps of many sizes; z is drawn after."""
    alpha, loc, scale, shape, rate = prior
    k = len(loc)
    scales = jnp.stack([jnp.ones(k), shape / rate, jnp.full(k, 0.7)])  # of log gammas, means, log stds

    def log_joint(theta):
        return jax.nn.log_softmax(theta[0]) + norm.logpdf(x[:, None], theta[1], jnp.exp(theta[2]))

    def log_prior(theta):
        logs = alpha * theta[0] - jnp.exp(theta[0]) + shape * theta[2] - rate * jnp.exp(theta[2])
        return jnp.sum(logs + norm.logpdf(theta[1], loc, scale))

    def log_posterior(theta):
        return log_prior(theta) + logsumexp(log_joint(theta), axis=1).sum()

    def step(state, key):
        theta, density = state
        which_key, size_key, step_key, swap_key, accept_key = jax.random.split(key, 5)
        first, second = jax.random.permutation(which_key, k)[:2]
        # Mostly a step of one component, sometimes an exchange of two.
        size = 10 ** jax.random.uniform(size_key, minval=-1.0, maxval=0.5)
        walked = theta + (jnp.arange(k) == first) * size * scales * jax.random.normal(step_key, theta.shape)
        swapped = theta.at[:, first].set(theta[:, second]).at[:, second].set(theta[:, first])
        proposed = jnp.where(jax.random.uniform(swap_key) < 0.1, swapped, walked)
        new = log_posterior(proposed)
        accepted = jnp.log(jax.random.uniform(accept_key)) < new - density
        return (jnp.where(accepted, proposed, theta), jnp.where(accepted, new, density)), None

    def several(state, key):
        walk_key, z_key = jax.random.split(key)
        state, _ = jax.lax.scan(step, state, jax.random.split(walk_key, thin))
        theta = state[0]
        z = jax.random.categorical(z_key, log_joint(theta), axis=1)
        return state, {"pi": jax.nn.softmax(theta[0]), "mu": theta[1], "sigma": jnp.exp(theta[2]), "z": z}

    levels = (jnp.arange(k) + 0.5) / k
    theta = jnp.stack([jnp.log(alpha), jnp.quantile(x, levels), jnp.full(k, jnp.log(x.std() / k))])
    _, draws = jax.lax.scan(several, (theta, log_posterior(theta)), jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}

# %% relabel
@jax.jit
def relabel(samples):
    order = jnp.argsort(samples["mu"], axis=-1)
    named = {name: jnp.take_along_axis(samples[name], order, axis=-1) for name in ("pi", "mu", "sigma")}
    named["z"] = jnp.argmax(samples["z"][:, :, None] == order[:, None, :], axis=-1)
    return samples | named

# %% assignment_probabilities
@jax.jit
def assignment_probabilities(samples, x_new):
    log_weights = samples["log_weights"] if "log_weights" in samples else jnp.zeros(len(samples["mu"]))

    def one(x):
        # each draw's own probabilities, weighted by how well the draw explains x: the same as averaging the densities
        log_joint = jnp.log(samples["pi"]) + norm.logpdf(x, samples["mu"], samples["sigma"])
        weights = jax.nn.softmax(log_weights + logsumexp(log_joint, axis=1))
        return weights @ jax.nn.softmax(log_joint, axis=1)

    return jax.vmap(one)(x_new)

# %% assignment_entropy
assignment_entropy = jax.jit(lambda p: -jax.scipy.special.xlogy(p, p).sum(axis=1))
