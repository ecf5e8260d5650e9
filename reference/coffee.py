"""Three coffee blends: a mixture with K = 3, its priors, its posterior, and the probable blend of each cup.

matplotlib is imported only when a figure is drawn: the import takes half a second.
"""

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal
from jax.scipy.stats import norm


@gen
def coffee_gmm(num_observations):
    """Caffeine of cups from three blends, as a GenJAX program.

    Args:
        num_observations: n, an int.

    Addresses:
        "pi": (3,) ~ Dirichlet(1, 1, 1).
        "mu": (3,) ~ Normal((80, 120, 160), 20), in mg: low, medium, high.
        "sigma": (3,), each ~ Gamma(shape 2, rate 1), in mg.
        "z": (n,), each ~ Categorical(pi): 0, 1 or 2.
        "x": (n,), x_i ~ Normal(mu[z_i], sigma[z_i]), in mg.

    Source: Chibany's tutorial, "Three Coffee Blends" (a).
    """
    ### BEGIN SOLUTION
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=3)(jnp.full(3, 2.0), jnp.ones(3)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    ### END SOLUTION


def choose_mean_prior():
    """Priors for the three means, if all that is known is that caffeine lies between 50 and 200 mg.

    Returns:
        locs (3,), scales (3,) of mu_k ~ Normal(loc_k, scale_k), in mg. Every loc lies in
        the range; every level in the range is within 2.5 scales of some loc; and at least
        half of the prior's mass, averaged over the three, lies in the range.
    """
    ### BEGIN SOLUTION
    # Nothing tells the blends apart, so the priors are the same: the middle of the range, and
    # a scale that puts its ends at two standard deviations. Labels are then exchangeable.
    return jnp.full(3, 125.0), jnp.full(3, 37.5)
    ### END SOLUTION


def prior_predictive(key, locs, scales, num_draws):
    """Caffeine levels that the model expects before it has seen a cup.

    Args:
        key: a PRNG key.
        locs, scales: of the priors mu_k ~ Normal(loc_k, scale_k), in mg, shape (3,).
        num_draws: an int.

    Returns:
        levels (num_draws,), in mg: independent draws, each from a world of its own, with its own pi, mu,
        sigma and z. The other priors are those of `coffee_gmm`.

    Source: Gelman et al. (2013), section 1.3.
    """

    ### BEGIN SOLUTION
    def one(key):
        pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
        pi = jax.random.dirichlet(pi_key, jnp.ones(3))
        mu = locs + scales * jax.random.normal(mu_key, (3,))
        sigma = jax.random.gamma(sigma_key, 2.0, (3,))
        z = jax.random.categorical(z_key, jnp.log(pi))
        return mu[z] + sigma[z] * jax.random.normal(x_key)

    return jax.vmap(one)(jax.random.split(key, num_draws))
    ### END SOLUTION


def fit_coffee(key, x, num_samples):
    """Draws from the posterior of `coffee_gmm`, by any correct method.

    Args:
        key: a PRNG key.
        x: caffeine levels, in mg, shape (N,).
        num_samples: S, an int: how many draws to return after the burn-in.

    Returns:
        A dict of draws: "pi" (S, 3), "mu" (S, 3), "sigma" (S, 3), "z" (S, N); for weighted
        draws also "log_weights" (S,). The draws are worth at least 20 independent ones.

    Source: Geman and Geman (1984); Murphy (2012), section 24.2.3.
    """
    ### BEGIN SOLUTION
    locs, scale = jnp.array([80.0, 120.0, 160.0]), 20.0

    def log_target(log_sigma, counts, squares):
        # Gamma(2, 1) times the Jacobian of log sigma, times the likelihood of each component.
        return (2 - counts) * log_sigma - jnp.exp(log_sigma) - squares / (2 * jnp.exp(2 * log_sigma))

    def sweep(state, key):
        pi, mu, sigma = state
        z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
        z = jax.random.categorical(z_key, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
        member = jax.nn.one_hot(z, 3)
        counts = member.sum(axis=0)
        pi = jax.random.dirichlet(pi_key, 1 + counts)

        precision = 1 / scale**2 + counts / sigma**2
        shift = (member * (x[:, None] - locs)).sum(axis=0) / sigma**2 / precision
        mu = locs + shift + jax.random.normal(mu_key, (3,)) / jnp.sqrt(precision)

        squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
        for sigma_key in sigma_keys:
            size_key, step_key, accept_key = jax.random.split(sigma_key, 3)
            size = jnp.where(jax.random.bernoulli(size_key, 1 / 3, (3,)), 1.0, 1.7 / jnp.sqrt(2 * counts + 2))
            current = jnp.log(sigma)
            proposed = current + size * jax.random.normal(step_key, (3,))
            log_ratio = log_target(proposed, counts, squares) - log_target(current, counts, squares)
            accepted = jnp.log(jax.random.uniform(accept_key, (3,))) < log_ratio
            sigma = jnp.where(accepted, jnp.exp(proposed), sigma)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    burn_in = 300
    # From below, the middle and above of the data; the wide spreads let the components find their cups.
    start = (jnp.full(3, 1 / 3), jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6])), jnp.full(3, jnp.std(x) / 3))
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}
    ### END SOLUTION


def assignment_posterior(samples):
    """(c) How probable it is that each cup is of the low, the medium and the high blend.

    Args:
        samples: a dict of draws "pi" (S, 3), "mu" (S, 3), "sigma" (S, 3), "z" (S, N), whose labels may
            differ from draw to draw. If it has "log_weights" (S,), the average is weighted by them.

    Returns:
        probabilities (N, 3): P(z_i = k given data), where in each draw blend 0 is the component with the
        lowest mean and blend 2 the one with the highest.

    Source: Diebolt and Robert (1994); Richardson and Green (1997). A warning: Stephens (2000).
    """
    ### BEGIN SOLUTION
    rank = jnp.argsort(jnp.argsort(samples["mu"], axis=1), axis=1)  # (S, 3): the blend of each label
    blend = jnp.take_along_axis(rank, samples["z"], axis=1)  # (S, N)
    log_weights = jnp.asarray(samples.get("log_weights", jnp.zeros(len(rank))))
    return jnp.average(jax.nn.one_hot(blend, 3), axis=0, weights=jnp.exp(log_weights - jnp.max(log_weights)))
    ### END SOLUTION


def coassignment(z_samples):
    """How probable it is that two cups are of the same blend, whatever the blends are called.

    Args:
        z_samples: assignments, shape (S, N).

    Returns:
        probabilities (N, N): P(z_i = z_j given data).
    """
    ### BEGIN SOLUTION
    return jnp.mean(z_samples[:, :, None] == z_samples[:, None, :], axis=0)
    ### END SOLUTION


def plot_assignments(x, probabilities):
    """Draw each cup's caffeine level against its three assignment probabilities.

    Args:
        x: caffeine levels, in mg, shape (N,).
        probabilities: P(z_i = k given data), shape (N, 3).

    Returns:
        A matplotlib Figure with a point (or a bar) for each cup and blend: its level on the x axis, the
        probability on the y axis. Labelled axes, a legend.
    """
    ### BEGIN SOLUTION
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for k, (blend, marker) in enumerate(zip(("low", "medium", "high"), "osD", strict=True)):
        axes.scatter(x, probabilities[:, k], marker=marker, alpha=0.7, label=blend)
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)", ylim=(-0.05, 1.05))
    axes.legend(title="blend")
    return figure
    ### END SOLUTION
