"""The full posterior of a Bayesian mixture, by Gibbs sampling: one unknown at a time, and what the draws say."""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def sample_assignments(key, x, pi, mu, sigma):
    """One draw of the assignments z given everything else.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        pi: mixing proportions, shape (K,).
        mu: means, in the unit of x, shape (K,).
        sigma: standard deviations, in the unit of x, shape (K,).

    Returns:
        z (N,): integers 0 to K - 1. Given pi, mu and sigma, the observations are
        independent of each other.

    Source: Murphy (2012), Machine Learning: a Probabilistic Perspective, section 24.2.3.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma)
    return jax.random.categorical(key, log_joint, axis=1)
    ### END SOLUTION


def sample_weights(key, z, alpha):
    """One draw of the mixing proportions pi given the assignments.

    Args:
        key: a PRNG key.
        z: assignments, integers 0 to K - 1, shape (N,).
        alpha: of the prior pi ~ Dirichlet(alpha), shape (K,).

    Returns:
        pi (K,): sums to 1.

    Source: Murphy (2012), section 24.2.3.
    """
    ### BEGIN SOLUTION
    counts = jax.nn.one_hot(z, len(alpha)).sum(axis=0)
    return jax.random.dirichlet(key, alpha + counts)
    ### END SOLUTION


def sample_means(key, x, z, sigma, loc, scale):
    """One draw of the means given the assignments and standard deviations.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        z: assignments, integers 0 to K - 1, shape (N,). A component may have no observation.
        sigma: standard deviations, in the unit of x, shape (K,).
        loc, scale: of the priors mu_k ~ Normal(loc_k, scale_k), in the unit of x, shape (K,).

    Returns:
        mu (K,), in the unit of x.

    Source: Murphy (2012), section 4.6.1; Bishop (2006), eqs. 2.141 and 2.142.
    """
    ### BEGIN SOLUTION
    member = jax.nn.one_hot(z, len(loc))  # (N, K)
    counts = member.sum(axis=0)
    # Precisions add; the mean of the posterior is the average weighted by them.
    precision = 1 / scale**2 + counts / sigma**2
    # Around loc: sums of squares near 500 g would cost digits in float32.
    shift = (member * (x[:, None] - loc)).sum(axis=0) / sigma**2 / precision
    return loc + shift + jax.random.normal(key, loc.shape) / jnp.sqrt(precision)
    ### END SOLUTION


def log_std_density(u, count, squares, shape, rate):
    """Log density of u = log sigma_k given everything else, up to a constant.

    Args:
        u: logarithms of the standard deviation of one component, an array of any shape.
        count: how many observations the component has, a number; it may be 0.
        squares: the sum of (x_i - mu_k)^2 over these observations, a number.
        shape, rate: of the prior sigma_k ~ Gamma(shape, rate), numbers; the rate per unit of x.

    Returns:
        log_density, like u. A constant that does not depend on u may be added.

    Source: Gelman et al. (2013), Bayesian Data Analysis, section 1.8 (transformation of variables).
    """
    ### BEGIN SOLUTION
    sigma = jnp.exp(u)
    # The density of sigma has sigma^(shape - 1); the change to u = log sigma brings one more factor sigma.
    log_prior = shape * u - rate * sigma
    log_likelihood = -count * u - squares / (2 * sigma**2)
    return log_prior + log_likelihood
    ### END SOLUTION


def sample_stds(key, x, z, mu, sigma, shape, rate):
    """One step from `sigma` that leaves its distribution given everything else unchanged.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        z: assignments, integers 0 to K - 1, shape (N,). A component may have no observation.
        mu: means, in the unit of x, shape (K,).
        sigma: the current standard deviations, in the unit of x, shape (K,).
        shape, rate: of the priors sigma_k ~ Gamma(shape_k, rate_k), shape (K,);
            rates per unit of x.

    Returns:
        sigma (K,): the next standard deviations, in the unit of x. Given z and mu, the
        components are independent of each other.

    Source: Gelman et al. (2013), Bayesian Data Analysis, section 11.2 (Metropolis-Hastings).
    """
    ### BEGIN SOLUTION
    member = jax.nn.one_hot(z, len(mu))
    counts = member.sum(axis=0)
    squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)

    def log_target(u):
        return log_std_density(u, counts, squares, shape, rate)

    # A symmetric random walk of log sigma, for each component on its own. One third of all steps are
    # large: with few observations the distribution is wide, with many it is narrow.
    size_key, step_key, accept_key = jax.random.split(key, 3)
    size = jnp.where(jax.random.bernoulli(size_key, 1 / 3, mu.shape), 1.0, 1.7 / jnp.sqrt(2 * counts + 2))
    current = jnp.log(sigma)
    proposed = current + size * jax.random.normal(step_key, mu.shape)
    log_ratio = log_target(proposed) - log_target(current)
    accepted = jnp.log(jax.random.uniform(accept_key, mu.shape)) < log_ratio
    return jnp.where(accepted, jnp.exp(proposed), sigma)
    ### END SOLUTION


def gibbs(key, x, prior, num_samples):
    """Draws from the posterior of a mixture with K components, by Gibbs sampling.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        prior: Prior(alpha, loc, scale, shape, rate), arrays of shape (K,), for any K:
            pi ~ Dirichlet(alpha), mu_k ~ Normal(loc_k, scale_k),
            sigma_k ~ Gamma(shape_k, rate_k).
        num_samples: S, an int: how many draws to return after the burn-in.

    Returns:
        A dict of draws: "pi" (S, K), "mu" (S, K), "sigma" (S, K), "z" (S, N).

    Source: Geman and Geman (1984); Murphy (2012), section 24.2.3.
    """

    ### BEGIN SOLUTION
    def sweep(state, key):
        pi, mu, sigma = state
        z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
        z = sample_assignments(z_key, x, pi, mu, sigma)
        pi = sample_weights(pi_key, z, prior.alpha)
        mu = sample_means(mu_key, x, z, sigma, prior.loc, prior.scale)
        for sigma_key in sigma_keys:  # three cheap steps move nearly as far as an independent draw
            sigma = sample_stds(sigma_key, x, z, mu, sigma, prior.shape, prior.rate)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    burn_in = 300
    start_key, key = jax.random.split(key)
    num_components = len(prior.loc)
    # Start the means at quantiles of the data, with spreads that let a component reach its neighbours.
    levels = (jnp.arange(num_components) + 0.5) / num_components
    means = jnp.quantile(x, jax.random.permutation(start_key, levels))
    stds = jnp.full(num_components, jnp.std(x) / num_components)
    start = (jnp.full(num_components, 1 / num_components), means, stds)
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}
    ### END SOLUTION


def relabel(samples):
    """Name the components of each draw in ascending order of their means.

    Args:
        samples: a dict of draws: "pi" (S, K), "mu" (S, K), "sigma" (S, K), "z" (S, N);
            perhaps "log_weights" (S,).

    Returns:
        The same draws, in which component 0 has the smallest mean of its draw: pi, mu, sigma
        and z are permuted together. What has no components, such as log_weights, stays.

    Source: Diebolt and Robert (1994), Estimation of finite mixture distributions through Bayesian sampling; Richardson
    and Green (1997), On Bayesian analysis of mixtures with an unknown number of components. A warning: Stephens (2000),
    Dealing with label switching in mixture models.
    """
    ### BEGIN SOLUTION
    order = jnp.argsort(samples["mu"], axis=1)  # (S, K): the old label of each new one
    rank = jnp.argsort(order, axis=1)  # (S, K): the new label of each old one
    permuted = {name: jnp.take_along_axis(samples[name], order, axis=1) for name in ("pi", "mu", "sigma")}
    return {**samples, **permuted, "z": jnp.take_along_axis(rank, samples["z"], axis=1)}
    ### END SOLUTION


def assignment_probabilities(samples, x_new):
    """P(z = k given x_new and the data) for new observations, from draws given the data.

    Args:
        samples: a dict of draws (see `gibbs`) whose labels mean the same in every draw. If it has
            "log_weights" (S,), the draws count by them.
        x_new: observations that are not among the data, each on its own, shape (M,).

    Returns:
        probabilities (M, K): the average over the draws of pi_k N(x_new; mu_k, sigma_k), normalised
        over k. Rows sum to 1; finite however far x_new lies from every mean.

    Source: Gelman et al. (2013), section 1.3 (posterior predictive distribution).
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(samples["pi"]) + norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"])  # (M, S, K)
    log_weights = jnp.asarray(samples.get("log_weights", jnp.zeros(len(samples["mu"]))))
    # A new observation is evidence about the parameters: the draws that explain it well must count for more. So
    # the densities are averaged, not the probabilities. A sum will do: normalising cancels the divisor.
    log_sum = logsumexp(log_joint + log_weights[:, None], axis=1)
    return jax.nn.softmax(log_sum, axis=1)
    ### END SOLUTION


def assignment_entropy(probabilities):
    """Entropy of each row of assignment probabilities.

    Args:
        probabilities: rows sum to 1, shape (M, K); entries may be 0.

    Returns:
        entropy (M,), in nats: 0 where one component is certain, log K where all are equal.

    Source: MacKay (2003), Information Theory, Inference, and Learning Algorithms, eq. 2.35.
    """
    ### BEGIN SOLUTION
    # p log p tends to 0 with p.
    return -jax.scipy.special.xlogy(probabilities, probabilities).sum(axis=1)
    ### END SOLUTION
