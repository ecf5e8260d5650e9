"""A mixture with any number of clusters: the Dirichlet process mixture, sampled as partitions of the data.

`base` is a `Base(loc, count, shape, rate)`, four scalars: the variance of a cluster is s^2 ~ InverseGamma(shape, rate),
its mean is mu ~ Normal(loc, s / sqrt(count)), and its observations are x_i ~ Normal(mu, s).
"""

import jax
import jax.numpy as jnp
from genjax import beta, categorical, gamma, gen, normal
from jax.scipy.special import gammaln
from jax.scipy.stats import t


def crp_probabilities(counts, alpha):
    """Where the next customer of a Chinese restaurant process sits.

    Args:
        counts: how many customers sit at each occupied table, all at least 1, shape (T,). T may be 0.
        alpha: the concentration, a positive number.

    Returns:
        probabilities (T + 1,): of each occupied table, and last of a new one. They sum to 1.

    Source: Aldous (1985), Exchangeability and related topics, section 11; Murphy (2012), Machine Learning: a
    Probabilistic Perspective, section 25.2.2.
    """
    ### BEGIN SOLUTION
    weights = jnp.append(jnp.asarray(counts, float), alpha)
    return weights / weights.sum()
    ### END SOLUTION


def simulate_crp(key, num_customers, alpha):
    """Seat customers one after the other, by a Chinese restaurant process.

    Args:
        key: a PRNG key.
        num_customers: n, an int, at least 1.
        alpha: the concentration, a positive number.

    Returns:
        z (n,): the table of each customer. The first customer sits at table 0, and a new table gets the next
        unused number: 0, 1, 2, ...

    Source: Aldous (1985), section 11; Murphy (2012), section 25.2.2.
    """

    ### BEGIN SOLUTION
    def seat(counts, key):
        # Room for n tables: a table with weight 0 cannot be chosen yet.
        new = jnp.sum(counts > 0)
        table = jax.random.categorical(key, jnp.log(counts.at[new].set(alpha)))
        return counts.at[table].add(1), table

    _, z = jax.lax.scan(seat, jnp.zeros(num_customers), jax.random.split(key, num_customers))
    return z
    ### END SOLUTION


def num_clusters_prior(alpha, num_customers):
    """The distribution of the number K of occupied tables.

    Args:
        alpha: the concentration, a positive number.
        num_customers: n, an int, at least 1.

    Returns:
        probabilities (n,): P(K = 1), P(K = 2), ..., P(K = n). They sum to 1.

    Source: Antoniak (1974), Mixtures of Dirichlet processes with applications to Bayesian nonparametric problems,
    Annals of Statistics 2(6).
    """

    ### BEGIN SOLUTION
    def arrive(probabilities, seated):
        # The next customer opens a table with probability alpha / (seated + alpha), wherever the others sit.
        one_more = jnp.append(0.0, probabilities[:-1])
        return (seated * probabilities + alpha * one_more) / (seated + alpha), None

    nobody = jnp.zeros(num_customers + 1).at[0].set(1.0)  # P(K = 0), ..., P(K = n)
    probabilities, _ = jax.lax.scan(arrive, nobody, jnp.arange(num_customers))
    return probabilities[1:]
    ### END SOLUTION


def stick_breaking(fractions):
    """Break a stick of length 1: each cut takes a fraction of what is left.

    Args:
        fractions: between 0 and 1, shape (T - 1,).

    Returns:
        weights (T,): the pieces in the order in which they are cut off, and last what is left of the stick.
        They sum to 1.

    Source: Sethuraman (1994), A constructive definition of Dirichlet priors, Statistica Sinica 4; Ishwaran and James
    (2001), Gibbs sampling methods for stick-breaking priors, Journal of the American Statistical Association 96.
    """
    ### BEGIN SOLUTION
    fractions = jnp.asarray(fractions)
    before = jnp.append(1.0, jnp.cumprod(1 - fractions))  # the length of the stick before each cut
    return before * jnp.append(fractions, 1.0)  # the last piece is all of what is left
    ### END SOLUTION


@gen
def truncated_dpmm(num_observations):
    """A Dirichlet process mixture cut off after T = 10 components, as a GenJAX program.

    Args:
        num_observations: n, an int.

    Addresses:
        "fractions": (9,), each ~ Beta(1, 2): the concentration is 2.
        "mu": (10,), each ~ Normal(400, 50), in grams.
        "sigma": (10,), each ~ Gamma(shape 2, rate 1), in grams.
        "z": (n,), each ~ Categorical(the pieces of the stick): 0 to 9.
        "x": (n,), x_i ~ Normal(mu[z_i], sigma[z_i]), in grams.

    Source: Ishwaran and James (2001); Chibany's tutorial, chapter "Dirichlet Process Mixture Models".
    """
    ### BEGIN SOLUTION
    fractions = beta.vmap(in_axes=(0, 0), axis_size=9)(jnp.ones(9), jnp.full(9, 2.0)) @ "fractions"
    mu = normal.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, 400.0), jnp.full(10, 50.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, 2.0), jnp.ones(10)) @ "sigma"
    # A categorical takes the logarithms of probabilities, not the probabilities.
    z = categorical.repeat(num_observations)(jnp.log(stick_breaking(fractions))) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    ### END SOLUTION


def cluster_log_marginal(x, base):
    """Log density of the observations of one cluster, its mean and variance integrated out.

    Args:
        x: the observations of the cluster, shape (n,); n may be 0.
        base: Base(loc, count, shape, rate): s^2 ~ InverseGamma(shape, rate), mu ~ Normal(loc, s / sqrt(count)).

    Returns:
        Scalar: log p(x), of all the observations together. 0 for no observations.

    Source: Murphy (2012), section 4.6.3; Murphy (2007), Conjugate Bayesian analysis of the Gaussian distribution,
    eq. 95.
    """
    ### BEGIN SOLUTION
    x = jnp.asarray(x)
    n = len(x)
    mean = x.sum() / max(n, 1)
    count = base.count + n
    shape = base.shape + n / 2
    # Half the squares around the mean of the data, and the pull between that mean and loc.
    squares = jnp.sum((x - mean) ** 2) + base.count * n / count * (mean - base.loc) ** 2
    rate = base.rate + squares / 2
    return (
        gammaln(shape)
        - gammaln(base.shape)
        + base.shape * jnp.log(base.rate)
        - shape * jnp.log(rate)
        + (jnp.log(base.count) - jnp.log(count)) / 2
        - n / 2 * jnp.log(2 * jnp.pi)
    )
    ### END SOLUTION


def predictive_log_density(x_new, x, base):
    """Log density of one more observation of a cluster, given those that it has.

    Args:
        x_new: each a possible next observation, on its own, shape (M,).
        x: the observations of the cluster, shape (n,); n may be 0.
        base: Base(loc, count, shape, rate), as in `cluster_log_marginal`.

    Returns:
        log densities (M,): log p(x_new given x), mean and variance of the cluster integrated out.

    Source: Murphy (2012), section 4.6.3.6; Murphy (2007), eq. 99 (a Student t).
    """
    ### BEGIN SOLUTION
    x = jnp.asarray(x)
    n = len(x)
    mean = x.sum() / max(n, 1)
    # The base updated by the observations of the cluster.
    count = base.count + n
    loc = base.loc + n * (mean - base.loc) / count
    shape = base.shape + n / 2
    squares = jnp.sum((x - mean) ** 2) + base.count * n / count * (mean - base.loc) ** 2
    rate = base.rate + squares / 2
    # (count + 1) / count: the new observation varies around a mean that is not known exactly.
    return t.logpdf(x_new, 2 * shape, loc, jnp.sqrt(rate / shape * (count + 1) / count))
    ### END SOLUTION


def reassignment_probabilities(i, x, z, alpha, base):
    """Where observation i belongs, given where all the others do.

    Args:
        i: the number of the observation, an int from 0 to N - 1.
        x: observations, shape (N,).
        z: the label of each observation, integers 0 to N - 1, shape (N,). Only equality of labels matters, and
            labels may be unused.
        alpha: the concentration, a positive number.
        base: Base(loc, count, shape, rate), as in `cluster_log_marginal`.

    Returns:
        probabilities (N,): P(z_i = k given x and the labels of all the others). A new cluster stands at the lowest
        label that none of the others has; the other unused labels have 0. What z_i is now plays no part.

    Source: Neal (2000), Markov chain sampling methods for Dirichlet process mixture models, Journal of Computational
    and Graphical Statistics 9(2), algorithm 3, eq. 3.7.
    """
    ### BEGIN SOLUTION
    labels = jnp.arange(len(x))
    # (N, N), row k: 1 for the members of cluster k, without i.
    member = (labels[:, None] == z) * (labels != i)
    n = member.sum(axis=1)
    # `predictive_log_density` of all clusters at once. An unused label has the base itself.
    mean = jnp.sum(member * (x - base.loc), axis=1) / jnp.maximum(
        n, 1
    )  # from loc: sums near 500 g would cost digits in float32
    count = base.count + n
    loc = n * mean / count
    shape = base.shape + n / 2
    squares = jnp.sum(member * (x - base.loc - mean[:, None]) ** 2, axis=1) + base.count * n / count * mean**2
    rate = base.rate + squares / 2
    log_density = t.logpdf(x[i] - base.loc, 2 * shape, loc, jnp.sqrt(rate / shape * (count + 1) / count))
    # A cluster attracts by its size, a new one by alpha: the seats of `crp_probabilities`.
    new = jnp.argmax(n == 0)
    seats = jnp.where(labels == new, alpha, n)
    return jax.nn.softmax(jnp.log(seats) + log_density)
    ### END SOLUTION


def sweep(key, x, z, alpha, base):
    """Reassign every observation once, one after the other, each given where all the others are then.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        z: the label of each observation, integers 0 to N - 1, shape (N,).
        alpha: the concentration, a positive number.
        base: Base(loc, count, shape, rate), as in `cluster_log_marginal`.

    Returns:
        z (N,): labels 0 to N - 1. If z came from the posterior, so does what is returned.

    Source: Neal (2000), algorithm 3.
    """

    ### BEGIN SOLUTION
    def reassign(z, step):
        i, key = step
        probabilities = reassignment_probabilities(i, x, z, alpha, base)
        return z.at[i].set(jax.random.categorical(key, jnp.log(probabilities))), None

    steps = jnp.arange(len(x)), jax.random.split(key, len(x))
    z, _ = jax.lax.scan(reassign, jnp.asarray(z), steps)
    return z
    ### END SOLUTION


def dpmm(key, x, alpha, base, num_samples):
    """Draws from the posterior of the partition of the observations into clusters.

    Args:
        key: a PRNG key.
        x: observations, shape (N,).
        alpha: the concentration, a positive number.
        base: Base(loc, count, shape, rate), as in `cluster_log_marginal`.
        num_samples: S, an int: how many draws to return after the burn-in.

    Returns:
        z (S, N): in each row a label for each observation, integers 0 to N - 1. Only equality within a row matters.

    Source: MacEachern (1994), Estimating normal means with a conjugate style Dirichlet process prior; Neal (2000),
    algorithm 3.
    """

    ### BEGIN SOLUTION
    def step(z, key):
        z = sweep(key, x, z, alpha, base)
        return z, z

    burn_in = 100
    apart = jnp.arange(len(x))  # at the start, each observation is its own cluster
    _, z = jax.lax.scan(step, apart, jax.random.split(key, burn_in + num_samples))
    return z[burn_in:]
    ### END SOLUTION


def num_clusters_posterior(z_samples):
    """How often the draws have each number of clusters.

    Args:
        z_samples: labels, integers 0 to N - 1, a draw in each row, shape (S, N). Labels may be unused.

    Returns:
        shares (N,): of the draws with 1, 2, ..., N clusters. They sum to 1.

    Source: Green and Richardson (2001), Modelling heterogeneity with and without the Dirichlet process, Scandinavian
    Journal of Statistics 28.
    """
    ### BEGIN SOLUTION
    z = jnp.sort(jnp.asarray(z_samples), axis=1)
    num_clusters = 1 + jnp.sum(z[:, 1:] != z[:, :-1], axis=1)  # (S,): different labels, not the largest one
    return jnp.mean(num_clusters[:, None] == 1 + jnp.arange(z.shape[1]), axis=0)
    ### END SOLUTION


def predictive_density(x_new, x, z_samples, alpha, base):
    """Density of one more observation, given the data.

    Args:
        x_new: each a possible next observation, on its own, shape (M,).
        x: the data, shape (N,).
        z_samples: draws of the partition of x, labels 0 to N - 1, shape (S, N).
        alpha: the concentration, a positive number.
        base: Base(loc, count, shape, rate), as in `cluster_log_marginal`.

    Returns:
        densities (M,): p(x_new given x), averaged over the draws. In each draw the new observation joins
        a cluster or starts a new one, as the next customer of `crp_probabilities` does.

    Source: Neal (2000), eq. 2.2; Gelman et al. (2013), Bayesian Data Analysis, section 1.3.
    """
    ### BEGIN SOLUTION
    labels = jnp.arange(len(x) + 1)  # the last label has no observations: the new cluster

    def of_one_draw(z):
        member = 1.0 * (labels[:, None] == z)  # (N + 1, N)
        n = member.sum(axis=1)
        mean = jnp.sum(member * (x - base.loc), axis=1) / jnp.maximum(n, 1)
        count = base.count + n
        shape = base.shape + n / 2
        squares = jnp.sum(member * (x - base.loc - mean[:, None]) ** 2, axis=1) + base.count * n / count * mean**2
        scale = jnp.sqrt((base.rate + squares / 2) / shape * (count + 1) / count)
        density = t.pdf(x_new[:, None] - base.loc, 2 * shape, n * mean / count, scale)  # (M, N + 1)
        return jnp.sum(density * n.at[-1].set(alpha), axis=1) / (len(x) + alpha)

    return jnp.mean(jax.vmap(of_one_draw)(z_samples), axis=0)
    ### END SOLUTION
