# Random-walk Metropolis with z summed out. The fit, and a figure in shades.

# %% scratch
from functools import partial


# %% scratch
@partial(jax.jit, static_argnames=("num_samples", "burn_in", "thin"))
def metropolis_marginal(key, x, prior, num_samples, *, burn_in=100, thin=50):
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


PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return metropolis_marginal(key, x, PRIOR, num_samples, thin=200)


# %% scratch
BLENDS = ("low", "medium", "high")


# %% plot_assignments
def plot_assignments(x, probabilities):
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    figure, axes = plt.subplots(figsize=(9, 2))
    image = axes.imshow(probabilities.T, aspect="auto", vmin=0, vmax=1)
    axes.set_xticks(np.arange(len(x)), [f"{level:.0f}" for level in x], rotation=90)
    axes.set_yticks(range(3), BLENDS)
    axes.set(xlabel="caffeine (mg)", ylabel="blend")
    figure.colorbar(image, label="probability")
    return figure


# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    blends = jnp.arange(3)
    pi = dirichlet(jnp.full(3, 1.0)) @ "pi"
    mu = normal.vmap(in_axes=(0, None))(120.0 + 40.0 * (blends - 1), 20.0) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0))(jnp.full(3, 2.0), jnp.ones(3)) @ "sigma"
    z = categorical.vmap(in_axes=(None,), axis_size=num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0))(mu[z], sigma[z]) @ "x"
