"""A Bayesian mixture as GenJAX programs, and importance sampling, which fails on it."""

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal, seed
from jax.scipy.special import logsumexp


@gen
def bento_mixture():
    """One bento from the kitchen whose recipe is known, as a GenJAX program.

    Addresses:
        "component": 0 for tonkatsu (probability 0.7), 1 for hamburger (0.3).
        "weight": in grams, Normal with mean 500 or 350 and standard deviation 2.

    Returns:
        weight, component: two scalars.

    Source: Chibany's tutorial, "Two-Component Bento Model".
    """
    ### BEGIN SOLUTION
    # A categorical takes the logarithms of probabilities, not the probabilities.
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    means = jnp.array([500.0, 350.0])
    stds = jnp.array([2.0, 2.0])
    weight = normal(means[component], stds[component]) @ "weight"
    return weight, component
    ### END SOLUTION


def simulate_bentos(key, num_bentos):
    """Draw bentos from `bento_mixture`.

    Args:
        key: a PRNG key.
        num_bentos: n, an int.

    Returns:
        weights (n,) in grams, components (n,): 0 for tonkatsu, 1 for hamburger.
    """

    ### BEGIN SOLUTION
    def one(key):
        choices = seed(bento_mixture.simulate)(key).get_choices()
        return choices["weight"], choices["component"]

    return jax.vmap(one)(jax.random.split(key, num_bentos))
    ### END SOLUTION


@gen
def bayesian_gmm(num_observations):
    """A mixture of two Gaussians with unknown parameters, as a GenJAX program.

    Args:
        num_observations: n, an int.

    Addresses:
        "pi": (2,) ~ Dirichlet(1, 1).
        "mu": (2,), each ~ Normal(400, 50), in grams.
        "sigma": (2,), each ~ Gamma(shape 2, rate 1), in grams.
        "z": (n,), each ~ Categorical(pi): 0 or 1.
        "x": (n,), x_i ~ Normal(mu[z_i], sigma[z_i]), in grams.

    Source: Chibany's tutorial, "Bayesian GMM with GenJAX".
    """
    ### BEGIN SOLUTION
    pi = dirichlet(jnp.ones(2)) @ "pi"
    # One draw for each component: vmap over the parameters, and no correlation between them.
    mu = normal.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 400.0), jnp.full(2, 50.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 2.0), jnp.ones(2)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    ### END SOLUTION


def normalize_log_weights(log_weights):
    """Weights that sum to one, from their unnormalised logarithms.

    Args:
        log_weights: shape (S,), finite; they may all be near -1000.

    Returns:
        weights (S,): proportional to exp(log_weights), with sum 1.
    """
    ### BEGIN SOLUTION
    log_weights = jnp.asarray(log_weights)
    return jnp.exp(log_weights - logsumexp(log_weights))
    ### END SOLUTION


def effective_sample_size(weights):
    """How many equally weighted draws the weighted ones are worth: 1 / sum of squares.

    Args:
        weights: sum to 1, shape (S,).

    Returns:
        A scalar from 1 (all weight on one draw) to S (equal weights).

    Source: Kong (1992); Owen (2013), Monte Carlo theory, methods and examples, eq. 9.13.
    """
    ### BEGIN SOLUTION
    return 1.0 / jnp.sum(jnp.asarray(weights) ** 2)
    ### END SOLUTION


def importance_sampling(key, x, num_particles):
    """Weighted draws from the posterior of `bayesian_gmm`, with the prior as the proposal.

    Args:
        key: a PRNG key.
        x: observations, in grams, shape (N,).
        num_particles: S, an int.

    Returns:
        A dict of draws from the prior with their weights: "pi" (S, 2), "mu" (S, 2),
        "sigma" (S, 2), "z" (S, N), and "log_weights" (S,): for each draw the
        log density of x given that draw's z, mu and sigma.

    Source: Owen (2013), section 9.2 (self-normalised importance sampling).
    """

    ### BEGIN SOLUTION
    def one(key):
        # `generate` draws what is not given from the prior; the weight is the density of what is.
        trace, log_weight = seed(lambda: bayesian_gmm.generate({"x": x}, len(x)))(key)
        choices = trace.get_choices()
        return {name: choices[name] for name in ("pi", "mu", "sigma", "z")} | {"log_weights": log_weight}

    return jax.vmap(one)(jax.random.split(key, num_particles))
    ### END SOLUTION
