"""Learning a mixture's parameters by expectation-maximization (EM)."""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def labelled_mle(x, z, num_components):
    """Maximum-likelihood estimate when the labels are known.

    Args:
        x: observations, shape (N,).
        z: label of each observation, integers 0 to K - 1, shape (N,).
            Every component has at least one observation.
        num_components: K, an int.

    Returns:
        weights (K,), means (K,), stds (K,), the last two in the unit of x. A
        component with one observation has a standard deviation of 0.

    Source: Bishop (2006), eqs. 2.121 and 2.122, component by component.
    """
    ### BEGIN SOLUTION
    member = jax.nn.one_hot(z, num_components)  # (N, K): 1 where x_i belongs to k
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / counts
    # Maximum likelihood divides by the count itself, not by the count minus 1.
    variances = (member * (x[:, None] - means) ** 2).sum(axis=0) / counts
    return counts / len(x), means, jnp.sqrt(variances)
    ### END SOLUTION


def e_step(x, weights, means, stds):
    """Responsibilities and log likelihood under the current parameters.

    Args:
        x: observations, shape (N,).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, in the unit of x, shape (K,).
        stds: component standard deviations, in the unit of x, shape (K,).

    Returns:
        resp (N, K): P(z_i = k given x_i); each row sums to 1.
        log_likelihood: scalar, the sum over i of log p(x_i).

    Source: Bishop (2006), eqs. 9.23 and 9.28.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    # Subtracting log p(x_i) from a row would leave its rounding error in the sum of the row; softmax does not.
    return jax.nn.softmax(log_joint, axis=1), jnp.sum(logsumexp(log_joint, axis=1))
    ### END SOLUTION


def m_step(x, resp):
    """Parameters that maximise the expected complete-data log likelihood.

    Args:
        x: observations, shape (N,).
        resp: responsibilities, rows sum to 1, shape (N, K). Every component
            has some responsibility.

    Returns:
        weights (K,), means (K,), stds (K,), the last two in the unit of x.

    Source: Bishop (2006), eqs. 9.24 to 9.27.
    """
    ### BEGIN SOLUTION
    counts = resp.sum(axis=0)  # how many observations each component is worth
    means = (resp * x[:, None]).sum(axis=0) / counts
    # Deviations from the *new* means, squared after subtracting: E[x^2] - mean^2
    # would lose most of its digits in float32.
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / counts
    return counts / len(x), means, jnp.sqrt(variances)
    ### END SOLUTION


def fit_em(x, weights, means, stds, num_iters):
    """Run EM for a fixed number of iterations.

    Args:
        x: observations, shape (N,).
        weights: initial mixing proportions, sum to 1, shape (K,).
        means: initial means, in the unit of x, shape (K,).
        stds: initial standard deviations, in the unit of x, shape (K,).
        num_iters: number of iterations, an int; one iteration is an E-step
            and then an M-step.

    Returns:
        weights (K,), means (K,), stds (K,) after the last iteration, and
        log_likelihoods (num_iters,): entry t is the log likelihood of the
        parameters that iteration t started from.

    Source: Bishop (2006), section 9.2.2.
    """

    ### BEGIN SOLUTION
    def iteration(parameters, _):
        resp, log_likelihood = e_step(x, *parameters)
        return m_step(x, resp), log_likelihood

    start = weights, means, stds
    parameters, log_likelihoods = jax.lax.scan(iteration, start, length=num_iters)
    return *parameters, log_likelihoods
    ### END SOLUTION


def elbo(x, resp, weights, means, stds):
    """Lower bound of the log likelihood at given responsibilities.

    Args:
        x: observations, shape (N,).
        resp: responsibilities, rows sum to 1, some may be 0, shape (N, K). They
            need not be those of these parameters.
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, in the unit of x, shape (K,).
        stds: component standard deviations, in the unit of x, shape (K,).

    Returns:
        Scalar: the sum over i and k of resp_ik (log weights_k
        + log N(x_i; means_k, stds_k) - log resp_ik), where 0 log 0 is 0. It is
        the log likelihood right after an E-step, and lower otherwise.

    Source: Bishop (2006), eq. 9.71; Neal and Hinton (1998), A view of the EM
    algorithm that justifies incremental, sparse, and other variants.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    # 0 log 0 is 0: where a responsibility is 0, the logarithm is that of 1.
    log_resp = jnp.log(jnp.where(resp > 0, resp, 1))
    return jnp.sum(resp * (log_joint - log_resp))
    ### END SOLUTION


def bic(log_likelihood, num_components, num_observations):
    """Bayesian information criterion of a fitted mixture; lower is better.

    Args:
        log_likelihood: scalar, at the fitted parameters.
        num_components: K, an int. A mixture has 3K - 1 free parameters: K means,
            K standard deviations, and K weights that sum to 1.
        num_observations: N, an int.

    Returns:
        Scalar: (number of free parameters) log N - 2 log likelihood.

    Source: Schwarz (1978), Estimating the dimension of a model, Annals of
    Statistics 6(2), on the scale of -2 log likelihood.
    """
    ### BEGIN SOLUTION
    num_free = 3 * num_components - 1
    return num_free * jnp.log(num_observations) - 2 * log_likelihood
    ### END SOLUTION


def select_num_components(key, x, candidates):
    """The number of components with the lowest BIC.

    Args:
        key: JAX PRNG key, for the initial values.
        x: observations, shape (N,).
        candidates: the numbers of components to try, a tuple of ints, none
            larger than N.

    Returns:
        int: the best K in candidates. Initial values and restarts are yours. A
        component that shrinks onto one observation sends the likelihood to
        infinity: keep every standard deviation at or above a hundredth of that
        of x.

    Source: McLachlan and Peel (2000), Finite Mixture Models, sections 2.12
    (restarts), 3.10 (spurious maximisers) and 6.9 (BIC).
    """
    ### BEGIN SOLUTION
    smallest_std = 0.01 * jnp.std(x)

    def log_likelihood_of_fit(key, num_components):
        def iteration(parameters, _):
            resp, _ = e_step(x, *parameters)
            weights, means, stds = m_step(x, resp)
            return (weights, means, jnp.maximum(stds, smallest_std)), None

        # Start from observations drawn at random, with wide components.
        means = jax.random.choice(key, x, (num_components,), replace=False)
        weights = jnp.full(num_components, 1 / num_components)
        stds = jnp.full(num_components, jnp.std(x) / num_components)
        parameters, _ = jax.lax.scan(iteration, (weights, means, stds), length=100)
        return e_step(x, *parameters)[1]

    scores = []
    for num_components in candidates:
        key, subkey = jax.random.split(key)
        restarts = jax.random.split(subkey, 30)
        fits = jax.vmap(lambda k, n=num_components: log_likelihood_of_fit(k, n))(restarts)
        # A restart in which a component lost every observation ends in NaN.
        scores.append(bic(jnp.nanmax(fits), num_components, len(x)))
    return candidates[int(jnp.argmin(jnp.array(scores)))]
    ### END SOLUTION


def anomaly_score(x, weights, means, stds):
    """How surprising each observation is under the mixture.

    Args:
        x: observations, shape (N,).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, in the unit of x, shape (K,).
        stds: component standard deviations, in the unit of x, shape (K,).

    Returns:
        Array (N,): -log p(x_i), in nats; finite however far x_i lies.

    Source: Bishop (2006), eq. 9.7; Chandola, Banerjee and Kumar (2009), Anomaly
    Detection: A Survey, ACM Computing Surveys 41(3), section 7.1.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return -logsumexp(log_joint, axis=1)
    ### END SOLUTION
