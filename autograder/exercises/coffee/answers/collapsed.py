# Collapsed Gibbs sampling: pi and mu are integrated out. The fit, and a figure with error bars.

# %% scratch
from functools import partial


# %% fit_coffee
@partial(jax.jit, static_argnames="num_samples")
def fit_coffee(key, x, num_samples):
    """Each cup is assigned with pi and mu integrated out; they are drawn afterwards, and sigma given them."""
    locs, variance, burn_in, thin = jnp.array([80.0, 120.0, 160.0]), 400.0, 40, 10

    def beliefs(member, sigma):
        """Of the means, given cups and standard deviations."""
        precision = 1 / variance + member.sum(axis=0) / sigma**2
        return locs + (member * (x[:, None] - locs)).sum(axis=0) / sigma**2 / precision, 1 / precision

    def assign(carry, inputs):
        i, key = inputs
        member, sigma = carry
        member = member.at[i].set(0.0)
        mean, spread = beliefs(member, sigma)
        logits = jnp.log(1 + member.sum(axis=0)) + norm.logpdf(x[i], mean, jnp.sqrt(spread + sigma**2))
        return (member.at[i].set(jax.nn.one_hot(jax.random.categorical(key, logits), 3)), sigma), None

    def step(sigma, inputs):
        key, counts, squares = inputs
        step_key, accept_key = jax.random.split(key)

        def log_target(s):
            return (2 - counts) * jnp.log(s) - s - squares / (2 * s**2)

        proposed = sigma * jnp.exp(0.6 * jax.random.normal(step_key, (3,)))
        accepted = jnp.log(jax.random.uniform(accept_key, (3,))) < log_target(proposed) - log_target(sigma)
        return jnp.where(accepted, proposed, sigma), None

    def sweep(carry, key):
        z_key, pi_key, mu_key, sigma_key = jax.random.split(key, 4)
        cups = (jnp.arange(len(x)), jax.random.split(z_key, len(x)))
        (member, sigma), _ = jax.lax.scan(assign, carry, cups)
        counts = member.sum(axis=0)
        pi = jax.random.dirichlet(pi_key, 1 + counts)
        mean, spread = beliefs(member, sigma)
        mu = mean + jnp.sqrt(spread) * jax.random.normal(mu_key, (3,))
        squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
        keys = jax.random.split(sigma_key, 5)
        sigma, _ = jax.lax.scan(lambda s, k: step(s, (k, counts, squares)), sigma, keys)
        return (member, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": jnp.argmax(member, axis=1)}

    nearest = jnp.argmin(jnp.abs(x[:, None] - jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6]))), axis=1)
    start = (jax.nn.one_hot(nearest, 3), jnp.full(3, x.std() / 3))
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, thin * (burn_in + num_samples)))
    return {name: draw[thin * burn_in :: thin] for name, draw in draws.items()}


# %% scratch
BLENDS = ("low", "medium", "high")


def labelled(axes):
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)")
    axes.legend()
    return axes.figure


MARKERS = "osD"


# %% plot_assignments
def plot_assignments(x, probabilities):
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    _, axes = plt.subplots()
    for k, name in enumerate(BLENDS):
        error = np.sqrt(probabilities[:, k] * (1 - probabilities[:, k]) / 1000)
        axes.errorbar(x, probabilities[:, k], yerr=error, fmt=MARKERS[k], capsize=2, label=name)
    return labelled(axes)
