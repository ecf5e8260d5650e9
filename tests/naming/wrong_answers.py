"""Wrong answers as students might write them, to test the feedback on them.

They were written before their author read the kit's list of known mistakes, and are not tuned to it.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
from genjax import categorical, dirichlet, gamma, gen, normal
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from reference import categorization, coffee, em, gibbs_sampling

# --- categorization ---


def constant_forgotten(x, means, stds):
    return -0.5 * ((x[:, None] - means) / stds) ** 2 - jnp.log(stds)


def spread_forgotten(x, means, stds):
    return -0.5 * ((x[:, None] - means) / stds) ** 2 - 0.5 * jnp.log(2 * jnp.pi)


def decimal_logarithm(x, means, stds):
    return norm.logpdf(x[:, None], means, stds) / jnp.log(10.0)


def half_forgotten(x, means, stds):
    return -(((x[:, None] - means) / stds) ** 2) - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)


def normalised_down(x, weights, means, stds):
    return jax.nn.softmax(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=0)


def hard_assignments(x, weights, means, stds):
    return jnp.round(categorization.responsibilities(x, weights, means, stds))


def columns_the_other_way(x, weights, means, stds):
    return categorization.responsibilities(x, weights, means, stds)[:, ::-1]


def weights_added_to_logs(x, weights, means, stds):
    return jax.nn.softmax(weights + norm.logpdf(x[:, None], means, stds), axis=1)


def log_density_returned(x, weights, means, stds):
    return logsumexp(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)


def one_bell(x, weights, means, stds):
    mean = jnp.sum(weights * means)
    variance = jnp.sum(weights * (stds**2 + (means - mean) ** 2))
    return norm.pdf(x, mean, jnp.sqrt(variance))


def likeliest_component_only(x, weights, means, stds):
    return jnp.max(weights * norm.pdf(x[:, None], means, stds), axis=1)


def odds_upside_down(weights, means, stds):
    return categorization.decision_boundaries(weights[::-1], means, stds)


def only_between_the_means(weights, means, stds):
    found = categorization.decision_boundaries(weights, means, stds)
    return found[(found > jnp.min(means)) & (found < jnp.max(means))]


def two_sigma_rule(weights, means, stds):
    return 2 if abs(means[0] - means[1]) > 2 * min(stds) else 1


def plot_without_the_posterior(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 2001)
    figure, axes = plt.subplots()
    axes.plot(x, categorization.marginal_density(x, weights, means, stds), label="p(x)")
    for k in range(2):
        axes.plot(x, weights[k] * norm.pdf(x, means[k], stds[k]), label=f"component {k}")
    axes.set(xlabel="weight (g)", ylabel="density")
    axes.legend()
    return figure


# --- em ---


def counts_for_weights(x, z, num_components):
    weights, means, stds = em.labelled_mle(x, z, num_components)
    return weights * len(x), means, stds


def spread_of_everything(x, z, num_components):
    weights, means, _ = em.labelled_mle(x, z, num_components)
    return weights, means, jnp.full(num_components, jnp.std(x))


def negative_log_likelihood(x, weights, means, stds):
    resp, log_likelihood = em.e_step(x, weights, means, stds)
    return resp, -log_likelihood


def log_joint_added_up(x, weights, means, stds):
    resp, _ = em.e_step(x, weights, means, stds)
    return resp, jnp.sum(jnp.log(weights) + norm.logpdf(x[:, None], means, stds))


def means_over_everything(x, resp):
    weights, _, _ = em.m_step(x, resp)
    means = (resp * x[:, None]).mean(axis=0)
    return weights, means, jnp.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / resp.sum(axis=0))


def around_the_overall_mean(x, resp):
    weights, means, _ = em.m_step(x, resp)
    return weights, means, jnp.sqrt((resp * (x[:, None] - x.mean()) ** 2).sum(axis=0) / resp.sum(axis=0))


def responsibilities_squared(x, resp):
    return em.m_step(x, resp**2)


def an_iteration_too_many(x, weights, means, stds, num_iters):
    *parameters, log_likelihoods = em.fit_em(x, weights, means, stds, num_iters + 1)
    return *parameters, log_likelihoods[:num_iters]


def sorted_by_mean(x, weights, means, stds, num_iters):
    weights, means, stds, log_likelihoods = em.fit_em(x, weights, means, stds, num_iters)
    order = jnp.argsort(means)
    return weights[order], means[order], stds[order], log_likelihoods


def stds_first(x, weights, means, stds, num_iters):
    weights, means, stds, log_likelihoods = em.fit_em(x, weights, means, stds, num_iters)
    return weights, stds, means, log_likelihoods


def higher_is_better(log_likelihood, num_components, num_observations):
    return -em.bic(log_likelihood, num_components, num_observations)


def likelihood_counted_once(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * jnp.log(num_observations) - log_likelihood


def smallest_candidate(key, x, candidates):
    return min(candidates)


def scores_in_bits(x, weights, means, stds):
    return em.anomaly_score(x, weights, means, stds) / jnp.log(2.0)


def one_minus_density(x, weights, means, stds):
    return 1 - jnp.exp(-em.anomaly_score(x, weights, means, stds))


# --- bayesian_gmm ---


@gen
def probabilities_for_logits():
    component = categorical(jnp.array([0.7, 0.3])) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component


@gen
def shape_and_rate_swapped(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 400.0), jnp.full(2, 50.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=2)(jnp.ones(2), jnp.full(2, 2.0)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"


def largest_is_one(log_weights):
    return jnp.exp(log_weights - jnp.max(log_weights))


def squares_added_up(weights):
    return jnp.sum(weights**2)


# --- gibbs_sampling ---


def most_probable_label(key, x, pi, mu, sigma):
    return jnp.argmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)


def uniform_prior_for_weights(key, z, alpha):
    return jax.random.dirichlet(key, 1 + jax.nn.one_hot(z, len(alpha)).sum(axis=0))


def shares_of_the_labels(key, z, alpha):
    counts = alpha + jax.nn.one_hot(z, len(alpha)).sum(axis=0)
    return counts / counts.sum()


def _mean_and_precision(x, z, sigma, loc, scale):
    member = jax.nn.one_hot(z, len(loc))
    precision = 1 / scale**2 + member.sum(axis=0) / sigma**2
    return (loc / scale**2 + (member * x[:, None]).sum(axis=0) / sigma**2) / precision, precision


def variance_for_spread(key, x, z, sigma, loc, scale):
    mean, precision = _mean_and_precision(x, z, sigma, loc, scale)
    return mean + jax.random.normal(key, loc.shape) / precision


def spread_of_one_observation(key, x, z, sigma, loc, scale):
    mean, _ = _mean_and_precision(x, z, sigma, loc, scale)
    return mean + sigma * jax.random.normal(key, loc.shape)


def prior_forgotten(key, x, z, sigma, loc, scale):
    member = jax.nn.one_hot(z, len(loc))
    counts = jnp.maximum(member.sum(axis=0), 1e-3)
    return (member * x[:, None]).sum(axis=0) / counts + jax.random.normal(key, loc.shape) * sigma / jnp.sqrt(counts)


def drawn_from_the_prior(key, x, z, mu, sigma, shape, rate):
    return jax.random.gamma(key, shape) / rate


def means_alone_sorted(samples):
    return {**samples, "mu": jnp.sort(samples["mu"], axis=1)}


def labels_permuted_backwards(samples):
    order = jnp.argsort(samples["mu"], axis=1)
    return {**gibbs_sampling.relabel(samples), "z": jnp.take_along_axis(order, samples["z"], axis=1)}


def parameters_averaged(samples, x_new):
    pi, mu, sigma = (samples[name].mean(axis=0) for name in ("pi", "mu", "sigma"))
    return jax.nn.softmax(jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma), axis=1)


def entropy_in_bits(probabilities):
    return gibbs_sampling.assignment_entropy(probabilities) / jnp.log(2.0)


def entropy_of_everything(probabilities):
    return jnp.sum(gibbs_sampling.assignment_entropy(probabilities))


# --- coffee ---


@gen
def same_prior_for_all(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.full(3, 120.0), jnp.full(3, 20.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=3)(jnp.full(3, 2.0), jnp.ones(3)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"


def too_sure():
    return jnp.array([80.0, 120.0, 160.0]), jnp.array([5.0, 5.0, 5.0])


def variances_chosen():
    return jnp.full(3, 125.0), jnp.full(3, 37.5**2)


def ends_and_beyond():
    return jnp.array([40.0, 125.0, 210.0]), jnp.full(3, 40.0)


def observation_noise_forgotten(key, locs, scales, num_draws):
    z_key, mu_key = jax.random.split(key)
    z = jax.random.randint(z_key, (num_draws,), 0, 3)
    return locs[z] + scales[z] * jax.random.normal(mu_key, (num_draws,))


def one_world_for_all(key, locs, scales, num_draws):
    pi_key, mu_key, sigma_key, z_key, x_key = jax.random.split(key, 5)
    mu = locs + scales * jax.random.normal(mu_key, (3,))
    sigma = jax.random.gamma(sigma_key, 2.0, (3,))
    z = jax.random.categorical(z_key, jnp.log(jax.random.dirichlet(pi_key, jnp.ones(3))), shape=(num_draws,))
    return mu[z] + sigma[z] * jax.random.normal(x_key, (num_draws,))


def labels_taken_as_they_are(samples):
    return jax.nn.one_hot(samples["z"], 3).mean(axis=0)


def pairs_counted(z_samples):
    return jnp.sum(z_samples[:, :, None] == z_samples[:, None, :], axis=0)


def highest_blend_first(x, probabilities):
    return coffee.plot_assignments(x, probabilities[:, ::-1])


def likeliest_blend_drawn(x, probabilities):
    return coffee.plot_assignments(x, jax.nn.one_hot(jnp.argmax(probabilities, axis=1), 3))


WRONG = {
    "categorization": {
        "component_log_density": (constant_forgotten, spread_forgotten, decimal_logarithm, half_forgotten),
        "responsibilities": (normalised_down, hard_assignments, columns_the_other_way, weights_added_to_logs),
        "marginal_density": (log_density_returned, one_bell, likeliest_component_only),
        "decision_boundaries": (odds_upside_down, only_between_the_means),
        "count_modes": (two_sigma_rule,),
        "plot_mixture": (plot_without_the_posterior,),
    },
    "em": {
        "labelled_mle": (counts_for_weights, spread_of_everything),
        "e_step": (negative_log_likelihood, log_joint_added_up),
        "m_step": (means_over_everything, around_the_overall_mean, responsibilities_squared),
        "fit_em": (an_iteration_too_many, sorted_by_mean, stds_first),
        "bic": (higher_is_better, likelihood_counted_once),
        "select_num_components": (smallest_candidate,),
        "anomaly_score": (scores_in_bits, one_minus_density),
    },
    "bayesian_gmm": {
        "bento_mixture": (probabilities_for_logits,),
        "bayesian_gmm": (shape_and_rate_swapped,),
        "normalize_log_weights": (largest_is_one,),
        "effective_sample_size": (squares_added_up,),
    },
    "gibbs_sampling": {
        "sample_assignments": (most_probable_label,),
        "sample_weights": (uniform_prior_for_weights, shares_of_the_labels),
        "sample_means": (variance_for_spread, spread_of_one_observation, prior_forgotten),
        "sample_stds": (drawn_from_the_prior,),
        "relabel": (means_alone_sorted, labels_permuted_backwards),
        "assignment_probabilities": (parameters_averaged,),
        "assignment_entropy": (entropy_in_bits, entropy_of_everything),
    },
    "coffee": {
        "coffee_gmm": (same_prior_for_all,),
        "choose_mean_prior": (too_sure, variances_chosen, ends_and_beyond),
        "prior_predictive": (observation_noise_forgotten, one_world_for_all),
        "assignment_posterior": (labels_taken_as_they_are,),
        "coassignment": (pairs_counted,),
        "plot_assignments": (highest_blend_first, likeliest_blend_drawn),
    },
}
