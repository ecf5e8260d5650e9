"""Known mistakes of a Bayesian mixture in GenJAX, as wrong variants of the reference."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal, seed
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import Misconception
from reference import bayesian_gmm as right

# --- the known recipe ---


def _bento_program(component_logits=(-0.35667494, -1.2039728), means=(500.0, 350.0), stds=(2.0, 2.0)) -> Any:
    @gen
    def bento_mixture():
        component = categorical(jnp.array(component_logits)) @ "component"
        weight = normal(jnp.array(means)[component], jnp.array(stds)[component]) @ "weight"
        return weight, component

    return bento_mixture


BENTO_MIXTURE = (
    Misconception(
        name="logits_for_probabilities",
        says="`categorical` was given the probabilities.",
        hint="It takes logits: their exponentials are normalised. What has (0.7, 0.3) as its exponentials?",
        variant=_bento_program(component_logits=(0.7, 0.3)),
    ),
    Misconception(
        name="components_swapped",
        says="Hamburger and tonkatsu are swapped.",
        hint="Component 0 is tonkatsu: the heavy one, and the frequent one.",
        variant=_bento_program((-1.2039728, -0.35667494), (350.0, 500.0)),
    ),
    Misconception(
        name="variance_for_std",
        says="`normal` was given the variance.",
        hint="Its second argument is a standard deviation.",
        variant=_bento_program(stds=(4.0, 4.0)),
    ),
    Misconception(
        name="even_odds",
        says="Both components come equally often.",
        hint="Seven bentos in ten are tonkatsu.",
        variant=_bento_program(component_logits=(0.0, 0.0)),
    ),
)


def _same_key_for_all(key, num_bentos):
    choices = seed(right.bento_mixture.simulate)(key).get_choices()
    return jnp.full(num_bentos, choices["weight"]), jnp.full(num_bentos, choices["component"])


def _swapped_pair(key, num_bentos):
    weights, components = right.simulate_bentos(key, num_bentos)
    return components, weights


def _logits_bentos(key, num_bentos):
    program = _bento_program(component_logits=(0.7, 0.3))
    choices = jax.vmap(lambda k: seed(program.simulate)(k).get_choices())(jax.random.split(key, num_bentos))
    return choices["weight"], choices["component"]


def _key_of_its_own(key, num_bentos):
    return right.simulate_bentos(jax.random.key(42), num_bentos)


SIMULATE_BENTOS = (
    Misconception(
        name="one_key_for_all",
        says="Every bento was drawn with the same key, so all of them are the same.",
        hint="A key is good for one draw. Split it into one for each bento.",
        variant=_same_key_for_all,
    ),
    Misconception(
        name="pair_swapped",
        says="Weights and components came back in the other order.",
        hint="Weights first.",
        variant=_swapped_pair,
    ),
    Misconception(
        name="logits_for_probabilities",
        says="Tonkatsu comes as if `categorical` had been given probabilities.",
        hint="It takes logits.",
        variant=_logits_bentos,
    ),
    Misconception(
        name="key_ignored",
        says="The key was not used: another one is written into the function.",
        hint="Draw with the key that comes in.",
        variant=_key_of_its_own,
    ),
)

# --- the model ---


def _program(
    logits: Callable[[Any], Any] = jnp.log,
    mean_scale: float = 50.0,
    sigma: Callable[[], Any] = lambda: (jnp.full(2, 2.0), jnp.ones(2)),
    emission: Callable[[Any], Any] = lambda sigma: sigma,
    alpha: float = 1.0,
) -> Any:
    @gen
    def bayesian_gmm(num_observations):
        pi = dirichlet(jnp.full(2, alpha)) @ "pi"
        mu = normal.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 400.0), jnp.full(2, mean_scale)) @ "mu"
        sigmas = gamma.vmap(in_axes=(0, 0), axis_size=2)(*sigma()) @ "sigma"
        z = categorical.repeat(num_observations)(logits(pi)) @ "z"
        stds = emission(sigmas)[z]
        return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], stds) @ "x"

    return bayesian_gmm


@gen
def _vector_normal(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal(jnp.full(2, 400.0), jnp.full(2, 50.0)) @ "mu"
    sigma = gamma(jnp.full(2, 2.0), jnp.ones(2)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal(mu[z], sigma[z]) @ "x"


@gen
def _swapped_labels(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 400.0), jnp.full(2, 50.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, 0), axis_size=2)(jnp.full(2, 2.0), jnp.ones(2)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[1 - z], sigma[1 - z]) @ "x"


BAYESIAN_GMM = (
    Misconception(
        name="logits_for_probabilities",
        says="`categorical` was given pi itself.",
        hint="It takes logits: their exponentials are normalised.",
        variant=_program(logits=lambda pi: pi),
    ),
    Misconception(
        name="vector_parameters",
        says="A distribution was given vectors, without `vmap`: its log density is a vector, not a number.",
        hint="Use `.vmap(in_axes=(0, 0), axis_size=n)` for several draws at one address.",
        variant=_vector_normal,
    ),
    Misconception(
        name="variance_for_std",
        says="Observations vary by sigma squared.",
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=_program(emission=lambda sigma: sigma**2),
    ),
    Misconception(
        name="scale_of_the_means_squared",
        says="The prior of mu has the scale 2500.",
        hint="The second argument of `normal` is a standard deviation: 50 g.",
        variant=_program(mean_scale=2500.0),
    ),
    Misconception(
        name="shape_and_rate_swapped",
        says="The gamma has shape 1 and rate 2.",
        hint="Its first argument is the shape.",
        variant=_program(sigma=lambda: (jnp.ones(2), jnp.full(2, 2.0))),
    ),
    Misconception(
        name="weights_without_a_prior",
        says="pi is drawn from another Dirichlet distribution than Dirichlet(1, 1).",
        hint="Ones, not halves or twos.",
        variant=_program(alpha=2.0),
    ),
    Misconception(
        name="weights_ignored",
        says="Assignments are drawn with even odds, whatever pi is.",
        hint="z_i follows pi.",
        variant=_program(logits=jnp.zeros_like),
    ),
    Misconception(
        name="labels_swapped",
        says="Observation i is drawn from the other component than z_i.",
        hint="mu[z] picks the mean that belongs to each label.",
        variant=_swapped_labels,
    ),
)

# --- importance sampling ---


def _exp_then_normalise(log_weights):
    weights = jnp.exp(log_weights)
    return weights / weights.sum()


NORMALIZE_LOG_WEIGHTS = (
    Misconception(
        name="exponentiated_first",
        says="The log weights were exponentiated first, and normalised after.",
        hint="exp(-1000) is 0. What may be subtracted from all of them before?",
        variant=_exp_then_normalise,
    ),
    Misconception(
        name="normalised_logs",
        says="The logarithms themselves were divided by their sum.",
        hint="Weights are exponentials.",
        variant=lambda log_weights: log_weights / jnp.sum(log_weights),
    ),
    Misconception(
        name="logs_returned",
        says="What came back are logarithms of the normalised weights.",
        hint="One more exponential.",
        variant=lambda log_weights: log_weights - logsumexp(log_weights),
    ),
    Misconception(
        name="not_normalised",
        says="The weights do not sum to 1.",
        hint="After the largest log weight is taken off, divide by the sum.",
        variant=lambda log_weights: jnp.exp(log_weights - jnp.max(log_weights)),
    ),
)

EFFECTIVE_SAMPLE_SIZE = (
    Misconception(
        name="sum_of_squares",
        says="This is the sum of the squares.",
        hint="Its inverse grows with the number of draws that count.",
        variant=lambda weights: jnp.sum(weights**2),
    ),
    Misconception(
        name="number_of_draws",
        says="This is how many draws have a weight.",
        hint="A draw of small weight counts for less than one.",
        variant=lambda weights: jnp.sum(weights > 0),
    ),
    Misconception(
        name="root",
        says="A square root was taken.",
        hint="The inverse of the sum of squares, without a root.",
        variant=lambda weights: 1 / jnp.sqrt(jnp.sum(weights**2)),
    ),
    Misconception(
        name="perplexity",
        says="This is the exponential of the weights' entropy.",
        hint="That is another measure of the same thing; here the sum of squares is asked for.",
        variant=lambda weights: jnp.exp(-jax.scipy.special.xlogy(weights, weights).sum()),
    ),
)


_importance_sampling = jax.jit(right.importance_sampling, static_argnames="num_particles")


def _reweighted(change: Callable[[dict[str, Any], Any], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda key, x, num_particles: change(_importance_sampling(key, x, num_particles), x)


def _own_density(draws: dict[str, Any], x: Any, power: int) -> Any:
    mu, sigma = (jnp.take_along_axis(draws[name], draws["z"], axis=1) for name in ("mu", "sigma"))
    return norm.logpdf(x, mu, sigma**power)


def _marginal_weights(draws: dict[str, Any], x: Any) -> dict[str, Any]:
    logs = jnp.log(draws["pi"])[:, None] + norm.logpdf(x[:, None], draws["mu"][:, None], draws["sigma"][:, None])
    return draws | {"log_weights": logsumexp(logs, axis=2).sum(axis=1)}


def _with_prior(draws: dict[str, Any], x: Any) -> dict[str, Any]:
    prior = norm.logpdf(draws["mu"], 400.0, 50.0).sum(axis=1)
    return draws | {"log_weights": draws["log_weights"] + prior}


def _resampled(key, x, num_particles):
    draws = _importance_sampling(key, x, num_particles)
    chosen = jax.random.categorical(jax.random.fold_in(key, 1), draws["log_weights"], shape=(num_particles,))
    return {name: draw[chosen] for name, draw in draws.items()}


IMPORTANCE_SAMPLING = (
    Misconception(
        name="weights_ignored",
        says="All draws have the same weight.",
        hint="A draw from the prior counts by how well it explains x.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.zeros(len(draws["mu"]))}),
    ),
    Misconception(
        name="not_logarithms",
        says="The weights are no logarithms.",
        hint="`generate` gives a log weight: leave it as it is.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": jnp.exp(draws["log_weights"])}),
    ),
    Misconception(
        name="mean_of_the_densities",
        says="The log densities were averaged over the observations.",
        hint="Independent observations: their log densities add up.",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 1).mean(axis=1)}),
    ),
    Misconception(
        name="variance_for_std",
        says="The weights use sigma squared where a standard deviation belongs.",
        hint="x_i varies by sigma[z_i].",
        variant=_reweighted(lambda draws, x: draws | {"log_weights": _own_density(draws, x, 2).sum(axis=1)}),
    ),
    Misconception(
        name="prior_counted_twice",
        says="The prior is part of the weight, although the draws come from it.",
        hint="Weight = target over proposal: what stands in both cancels.",
        variant=_reweighted(_with_prior),
    ),
    Misconception(
        name="assignments_summed_out",
        says="The weights sum over all assignments, but z was drawn.",
        hint="The weight belongs to the draw with its own z.",
        variant=_reweighted(_marginal_weights),
    ),
    Misconception(
        name="resampled",
        says="The draws were resampled by their weights, and are weighted again.",
        hint="Return the draws from the prior, each with its weight.",
        variant=_resampled,
    ),
)

# --- the conditionals ---


def _assignments(
    prior: Callable[[Any], Any] = jnp.log, power: float = 1.0, temper: float = 1.0, normalisation: bool = True
) -> Callable[..., Any]:
    def sample_assignments(key, x, pi, mu, sigma):
        stds = sigma**power
        density = -0.5 * ((x[:, None] - mu) / stds) ** 2 - (jnp.log(stds) if normalisation else 0.0)
        return jax.random.categorical(key, temper * (prior(pi) + density), axis=1)

    return sample_assignments


def _argmax_assignments(key, x, pi, mu, sigma):
    return jnp.argmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)


def _probabilities_as_logits(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1), axis=1)


def _shared_uniform(key, x, pi, mu, sigma):
    probabilities = jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
    u = jax.random.uniform(key)
    return jnp.sum(jnp.cumsum(probabilities, axis=1)[:, :-1] < u, axis=1)


def _same_key_for_each(key, x, pi, mu, sigma):
    def one(x_i):
        return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x_i, mu, sigma))

    return jax.vmap(one)(x)


SAMPLE_ASSIGNMENTS = (
    Misconception(
        name="most_probable",
        says="The most probable component was taken, not drawn.",
        hint="`argmax` is always the same; a draw is sometimes the other one.",
        variant=_argmax_assignments,
    ),
    Misconception(
        name="weights_ignored",
        says="pi plays no part.",
        hint="Bayes' rule: prior times likelihood.",
        variant=_assignments(prior=jnp.zeros_like),
    ),
    Misconception(
        name="weights_as_logits",
        says="pi was added to log densities.",
        hint="Only logarithms add up.",
        variant=_assignments(prior=lambda pi: pi),
    ),
    Misconception(
        name="variance_for_std",
        says="sigma squared stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=_assignments(power=2.0),
    ),
    Misconception(
        name="std_for_variance",
        says="The root of sigma stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=_assignments(power=0.5),
    ),
    Misconception(
        name="normalisation_dropped",
        says="The density lacks its factor 1/sigma.",
        hint="It differs between the components, so it does not cancel.",
        variant=_assignments(normalisation=False),
    ),
    Misconception(
        name="probabilities_as_logits",
        says="`categorical` was given probabilities.",
        hint="It takes logits.",
        variant=_probabilities_as_logits,
    ),
    Misconception(
        name="prior_only",
        says="The observations play no part.",
        hint="P(z = k given x) needs the density of x.",
        variant=lambda key, x, pi, mu, sigma: jax.random.categorical(key, jnp.log(pi), shape=x.shape),
    ),
    Misconception(
        name="one_uniform_for_all",
        says="All observations share one random number, so they move together.",
        hint="Given the parameters, observations are independent: draw for each one anew.",
        variant=_shared_uniform,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every observation was drawn with the same key, so they move together.",
        hint="Split the key, one for each observation, or draw all at once with `axis=1`.",
        variant=_same_key_for_each,
    ),
    Misconception(
        name="tempered",
        says="The probabilities are flatter than they should be.",
        hint="Is there a factor of one half too many?",
        variant=_assignments(temper=0.5),
    ),
)


def _weights(concentration: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def sample_weights(key, z, alpha):
        counts = jax.nn.one_hot(z, len(alpha)).sum(axis=0)
        return jax.random.dirichlet(key, concentration(counts, alpha))

    return sample_weights


SAMPLE_WEIGHTS = (
    Misconception(
        name="prior_for_posterior",
        says="pi was drawn from its prior.",
        hint="The assignments say something about pi: what do the counts do to alpha?",
        variant=_weights(lambda counts, alpha: alpha),
    ),
    Misconception(
        name="alpha_ignored",
        says="alpha plays no part: the concentration is the counts plus 1.",
        hint="Add alpha, whatever it is.",
        variant=_weights(lambda counts, alpha: counts + 1),
    ),
    Misconception(
        name="counts_alone",
        says="alpha was left out.",
        hint="A component without observations can still come back: alpha stays.",
        variant=_weights(lambda counts, alpha: counts + 1e-3),
    ),
    Misconception(
        name="one_too_few",
        says="The concentration is 1 too small.",
        hint="The exponent of the density is alpha - 1; its parameter is alpha.",
        variant=_weights(lambda counts, alpha: jnp.maximum(counts + alpha - 1, 1e-2)),
    ),
    Misconception(
        name="one_too_many",
        says="The concentration is 1 too large.",
        hint="alpha plus counts, nothing else.",
        variant=_weights(lambda counts, alpha: counts + alpha + 1),
    ),
    Misconception(
        name="average",
        says="The mean of the conditional came back, not a draw.",
        hint="A Gibbs step draws.",
        variant=lambda key, z, alpha: _weights_mean(z, alpha),
    ),
    Misconception(
        name="counts_reversed",
        says="The counts belong to other components.",
        hint="Entry k counts the observations with z = k.",
        variant=_weights(lambda counts, alpha: counts[::-1] + alpha),
    ),
)


def _weights_mean(z, alpha):
    concentration = alpha + jax.nn.one_hot(z, len(alpha)).sum(axis=0)
    return concentration / concentration.sum()


def _means(
    prior_precision: Callable[[Any], Any] = lambda scale: 1 / scale**2,
    data_precision: Callable[[Any, Any], Any] = lambda counts, sigma: counts / sigma**2,
    spread: Callable[[Any], Any] = lambda precision: 1 / jnp.sqrt(precision),
    center: Callable[[Any], Any] = lambda loc: loc,
    shared: bool = False,
) -> Callable[..., Any]:
    def sample_means(key, x, z, sigma, loc, scale):
        member = jax.nn.one_hot(z, len(loc))
        counts = member.sum(axis=0)
        average = (member * x[:, None]).sum(axis=0) / jnp.maximum(counts, 1)
        before, seen = prior_precision(scale), data_precision(counts, sigma)
        precision = before + seen
        mean = (before * center(loc) + seen * average) / precision
        noise = jax.random.normal(key) if shared else jax.random.normal(key, loc.shape)
        return mean + spread(precision) * noise

    return sample_means


SAMPLE_MEANS = (
    Misconception(
        name="prior_mean_ignored",
        says="The prior pulls towards 0, not towards loc.",
        hint="The precision of the prior weighs loc.",
        variant=_means(center=jnp.zeros_like),
    ),
    Misconception(
        name="prior_ignored",
        says="The prior plays no part.",
        hint="Its precision adds to that of the data.",
        variant=_means(prior_precision=lambda scale: 1e-6 * jnp.ones_like(scale)),
    ),
    Misconception(
        name="prior_for_posterior",
        says="mu was drawn from its prior.",
        hint="Observations of the component add precision.",
        variant=_means(data_precision=lambda counts, sigma: 0 * counts),
    ),
    Misconception(
        name="counts_missing",
        says="The data count as one observation.",
        hint="n_k observations have n_k times the precision of one.",
        variant=_means(data_precision=lambda counts, sigma: (counts > 0) / sigma**2),
    ),
    Misconception(
        name="std_for_variance_of_data",
        says="The precision of an observation is 1/sigma.",
        hint="Precision is one over the variance.",
        variant=_means(data_precision=lambda counts, sigma: counts / sigma),
    ),
    Misconception(
        name="std_for_variance_of_prior",
        says="The precision of the prior is 1/scale.",
        hint="Precision is one over the variance.",
        variant=_means(prior_precision=lambda scale: 1 / scale),
    ),
    Misconception(
        name="variance_for_std",
        says="The draws vary by the variance of the conditional, not by its root.",
        hint="The standard deviation is the root of one over the precision.",
        variant=_means(spread=lambda precision: 1 / precision),
    ),
    Misconception(
        name="precision_for_std",
        says="The draws vary by the root of the precision.",
        hint="More data means less spread: one over it.",
        variant=_means(spread=jnp.sqrt),
    ),
    Misconception(
        name="average",
        says="The mean of the conditional came back, not a draw.",
        hint="A Gibbs step draws.",
        variant=_means(spread=jnp.zeros_like),
    ),
    Misconception(
        name="shared_noise",
        says="All components share one random number, so they move together.",
        hint="Given z and sigma, components are independent: draw one number for each.",
        variant=_means(shared=True),
    ),
    Misconception(
        name="first_prior_for_all",
        says="All components have the prior of the first one.",
        hint="loc and scale are arrays: entry k belongs to component k.",
        variant=_means(
            prior_precision=lambda scale: 1 / scale[0] ** 2 + 0 * scale, center=lambda loc: loc[0] + 0 * loc
        ),
    ),
)


def _stds(
    exponent: Callable[[Any, Any], Any] = lambda shape, counts: shape - counts,
    prior_rate: Callable[[Any], Any] = lambda rate: rate,
    squares_factor: float = 0.5,
    squares_power: float = 2.0,
    shared_accept: bool = False,
    always: bool = False,
    linear: bool = False,
    never: bool = False,
    center: bool = True,
) -> Callable[..., Any]:
    def sample_stds(key, x, z, mu, sigma, shape, rate):
        member = jax.nn.one_hot(z, len(mu))
        counts = member.sum(axis=0)
        squares = (member * (x[:, None] - (mu if center else x.mean())) ** 2).sum(axis=0)

        def log_target(s):
            likelihood = -squares_factor * squares / s**squares_power
            return exponent(shape, counts) * jnp.log(s) - prior_rate(rate) * s + likelihood

        step_key, accept_key = jax.random.split(key)
        noise = jax.random.normal(step_key, mu.shape)
        proposed = jnp.abs(sigma + 0.5 * noise) if linear else sigma * jnp.exp(0.7 * noise)
        u = jax.random.uniform(accept_key) if shared_accept else jax.random.uniform(accept_key, mu.shape)
        ratio = log_target(proposed) - log_target(sigma)
        ratio = ratio.sum() if shared_accept else ratio
        accepted = (jnp.log(u) < ratio) | always
        return jnp.where(accepted & (not never), proposed, sigma)

    return sample_stds


def _sigma_from_prior(key, x, z, mu, sigma, shape, rate):
    return jax.random.gamma(key, shape) / rate


def _variance_gibbs(key, x, z, mu, sigma, shape, rate):
    """The conjugate step of another prior: an inverse gamma of the variance."""
    member = jax.nn.one_hot(z, len(mu))
    squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
    precision = jax.random.gamma(key, shape + member.sum(axis=0) / 2) / (rate + squares / 2)
    return 1 / jnp.sqrt(precision)


SAMPLE_STDS = (
    Misconception(
        name="jacobian_missing",
        says="The walk is in log sigma, but its target lacks the Jacobian.",
        hint="The density of log sigma is that of sigma times sigma.",
        variant=_stds(exponent=lambda shape, counts: shape - 1 - counts),
    ),
    Misconception(
        name="jacobian_without_a_log",
        says="The walk is in sigma itself, but its target has a Jacobian.",
        hint="It belongs to a walk in log sigma only.",
        variant=_stds(linear=True),
    ),
    Misconception(
        name="prior_dropped",
        says="The ratio lacks the prior of sigma.",
        hint="The target is prior times likelihood.",
        variant=_stds(exponent=lambda shape, counts: 1 - counts, prior_rate=lambda rate: 1e-3 + 0 * rate),
    ),
    Misconception(
        name="scale_for_rate",
        says="The gamma's rate was taken for a scale.",
        hint="A large rate means small values: its density falls as exp(-rate sigma).",
        variant=_stds(prior_rate=lambda rate: 1 / rate),
    ),
    Misconception(
        name="shape_off_by_one",
        says="The exponent of the prior is one too large.",
        hint="The density of a gamma has sigma to the power of shape - 1.",
        variant=_stds(exponent=lambda shape, counts: shape + 1 - counts),
    ),
    Misconception(
        name="likelihood_missing",
        says="The observations play no part.",
        hint="sigma_k has to explain the deviations of its observations.",
        variant=_stds(exponent=lambda shape, counts: shape, squares_factor=0.0),
    ),
    Misconception(
        name="normalisation_dropped",
        says="The likelihood lacks its factor 1/sigma for every observation.",
        hint="sigma changes, so it does not cancel.",
        variant=_stds(exponent=lambda shape, counts: shape),
    ),
    Misconception(
        name="half_missing",
        says="The squares are not halved.",
        hint="A normal density has the squares over twice the variance.",
        variant=_stds(squares_factor=1.0),
    ),
    Misconception(
        name="std_for_variance",
        says="The squares are divided by sigma, not by its square.",
        hint="A normal density has the squares over twice the variance.",
        variant=_stds(squares_power=1.0),
    ),
    Misconception(
        name="always_accepted",
        says="Every proposal was accepted.",
        hint="Only with a probability of the ratio of the target densities.",
        variant=_stds(always=True),
    ),
    Misconception(
        name="never_moves",
        says="sigma never changes.",
        hint="A step that stays leaves every distribution unchanged, and is of no use.",
        variant=_stds(never=True),
    ),
    Misconception(
        name="prior_for_posterior",
        says="sigma was drawn from its prior.",
        hint="The observations of a component say how much it varies.",
        variant=_sigma_from_prior,
    ),
    Misconception(
        name="conjugate_prior_assumed",
        says="The step is that of an inverse-gamma prior of the variance.",
        hint="Here sigma itself has a gamma prior: there is no conjugate step.",
        variant=_variance_gibbs,
    ),
    Misconception(
        name="around_the_overall_mean",
        says="Deviations were taken from the mean of all observations.",
        hint="An observation deviates from the mean of its own component.",
        variant=_stds(center=False),
    ),
)

# --- Gibbs sampling ---


def gibbs_variant(
    *,
    assignments: Callable[..., Any] = right.sample_assignments,
    weights: Callable[..., Any] = right.sample_weights,
    means: Callable[..., Any] = right.sample_means,
    stds: Callable[..., Any] = right.sample_stds,
    burn_in: int = 300,
    start: Callable[[Any, int], Any] = lambda x, k: jnp.quantile(x, (jnp.arange(k) + 0.5) / k),
    one_key: bool = False,
    finish: Callable[[dict[str, Any]], dict[str, Any]] = lambda draws: draws,
    change_prior: Callable[[Any], Any] = lambda prior: prior,
) -> Callable[..., dict[str, Any]]:
    """The sampler of the reference with parts exchanged, compiled as a whole."""

    @partial(jax.jit, static_argnames="num_samples")
    def gibbs(key, x, prior, num_samples):
        prior = change_prior(prior)

        def sweep(state, key):
            pi, mu, sigma = state
            z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 6)
            z = assignments(z_key, x, pi, mu, sigma)
            pi = weights(pi_key, z, prior.alpha)
            mu = means(mu_key, x, z, sigma, prior.loc, prior.scale)
            for sigma_key in sigma_keys:
                sigma = stds(sigma_key, x, z, mu, sigma, prior.shape, prior.rate)
            return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

        k = len(prior.loc)
        first = (jnp.full(k, 1 / k), start(x, k), jnp.full(k, jnp.std(x) / k))
        keys = jax.random.split(key, burn_in + num_samples)
        keys = jnp.broadcast_to(key, keys.shape) if one_key else keys
        _, draws = jax.lax.scan(sweep, first, keys)
        return finish({name: draw[burn_in:] for name, draw in draws.items()})

    return gibbs


@partial(jax.jit, static_argnames="num_samples")
def _prior_draws(key, x, prior, num_samples):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    shape = (num_samples, len(prior.loc))
    pi = jax.random.dirichlet(pi_key, prior.alpha, (num_samples,))
    return {
        "pi": pi,
        "mu": prior.loc + prior.scale * jax.random.normal(mu_key, shape),
        "sigma": jax.random.gamma(sigma_key, prior.shape, shape) / prior.rate,
        "z": jax.random.categorical(z_key, jnp.log(pi)[:, None], axis=2, shape=(num_samples, len(x))),
    }


def _averaged_labels(draws: dict[str, Any]) -> dict[str, Any]:
    """Label switching 'removed' by averaging over the labels."""
    return draws | {
        name: jnp.broadcast_to(draws[name].mean(axis=1, keepdims=True), draws[name].shape) for name in ("mu",)
    }


def _plugged_in(draws: dict[str, Any]) -> dict[str, Any]:
    return draws | {
        name: jnp.broadcast_to(draws[name].mean(axis=0), draws[name].shape) for name in ("pi", "mu", "sigma")
    }


GIBBS = (
    Misconception(
        name="prior_for_posterior",
        says="The draws follow the prior.",
        hint="Each step must look at x.",
        variant=_prior_draws,
    ),
    Misconception(
        name="one_key_for_all",
        says="Every sweep used the same key.",
        hint="The same key gives the same random numbers: split it for every sweep.",
        variant=gibbs_variant(one_key=True),
    ),
    Misconception(
        name="stuck_chain",
        says="sigma never moves from its start.",
        hint="Put what a step returns into the state.",
        variant=gibbs_variant(stds=lambda key, x, z, mu, sigma, shape, rate: sigma),
    ),
    Misconception(
        name="means_never_move",
        says="mu never moves from its start.",
        hint="Put what a step returns into the state.",
        variant=gibbs_variant(
            means=lambda key, x, z, sigma, loc, scale: jnp.quantile(x, (jnp.arange(len(loc)) + 0.5) / len(loc))
        ),
    ),
    Misconception(
        name="no_burn_in_from_afar",
        says="The chain starts far from the data, and the way there is among the draws.",
        hint="Start near the data, and throw the first sweeps away.",
        variant=gibbs_variant(burn_in=0, start=lambda x, k: jnp.max(x) + 20 * jnp.std(x) * jnp.arange(1.0, k + 1)),
    ),
    Misconception(
        name="most_probable_assignments",
        says="z was the most probable assignment, not a draw.",
        hint="`argmax` hides the uncertainty that the sampler is there for.",
        variant=gibbs_variant(assignments=_argmax_assignments),
    ),
    Misconception(
        name="weights_fixed",
        says="pi stays at even odds.",
        hint="pi has a conditional of its own.",
        variant=gibbs_variant(weights=lambda key, z, alpha: jnp.full(len(alpha), 1 / len(alpha))),
    ),
    Misconception(
        name="weights_ignored",
        says="pi plays no part when z is drawn.",
        hint="Bayes' rule: prior times likelihood.",
        variant=gibbs_variant(assignments=_assignments(prior=jnp.zeros_like)),
    ),
    Misconception(
        name="variance_for_std",
        says="sigma squared stands where a standard deviation belongs, when z is drawn.",
        hint="sigma is a standard deviation already.",
        variant=gibbs_variant(assignments=_assignments(power=2.0)),
    ),
    Misconception(
        name="prior_of_the_means_ignored",
        says="The prior of mu plays no part.",
        hint="Its precision adds to that of the data.",
        variant=gibbs_variant(means=_means(prior_precision=lambda scale: 1e-4 * jnp.ones_like(scale))),
    ),
    Misconception(
        name="wrong_precision",
        says="The data count as one observation when mu is drawn.",
        hint="n_k observations have n_k times the precision of one.",
        variant=gibbs_variant(means=_means(data_precision=lambda counts, sigma: (counts > 0) / sigma**2)),
    ),
    Misconception(
        name="jacobian_missing",
        says="The walk in log sigma lacks the Jacobian.",
        hint="The density of log sigma is that of sigma times sigma.",
        variant=gibbs_variant(stds=_stds(exponent=lambda shape, counts: shape - 1 - counts)),
    ),
    Misconception(
        name="prior_of_the_stds_dropped",
        says="The prior of sigma plays no part.",
        hint="The target is prior times likelihood.",
        variant=gibbs_variant(
            stds=_stds(exponent=lambda shape, counts: 1 - counts, prior_rate=lambda rate: 0.05 + 0 * rate)
        ),
    ),
    Misconception(
        name="scale_for_rate",
        says="The gamma's rate was taken for a scale.",
        hint="A large rate means small values.",
        variant=gibbs_variant(change_prior=lambda prior: prior._replace(rate=1 / prior.rate)),
    ),
    Misconception(
        name="always_accepted",
        says="Every proposal of sigma was accepted.",
        hint="Only with a probability of the ratio of the target densities.",
        variant=gibbs_variant(stds=_stds(always=True)),
    ),
    Misconception(
        name="alpha_ignored",
        says="The prior of pi is taken for Dirichlet(1, ..., 1).",
        hint="alpha is in the prior.",
        variant=gibbs_variant(change_prior=lambda prior: prior._replace(alpha=jnp.ones_like(prior.alpha))),
    ),
    Misconception(
        name="first_prior_for_all",
        says="All components have the prior of the first one.",
        hint="The prior's arrays have an entry for each component.",
        variant=gibbs_variant(change_prior=lambda prior: type(prior)(*(row[0] + 0 * row for row in prior))),
    ),
    Misconception(
        name="means_sorted_alone",
        says="mu was sorted in each draw, but nothing else was.",
        hint="pi, sigma and z belong to the same components: permute all together.",
        variant=gibbs_variant(finish=lambda draws: draws | {"mu": jnp.sort(draws["mu"], axis=1)}),
    ),
    Misconception(
        name="labels_averaged",
        says="The means were averaged over the components.",
        hint="Label switching is no reason to average labels: relabel, or use what does not depend on labels.",
        variant=gibbs_variant(finish=_averaged_labels),
    ),
    Misconception(
        name="plugged_in",
        says="Every draw is the same point estimate.",
        hint="A posterior is its draws; their mean has forgotten the uncertainty.",
        variant=gibbs_variant(finish=_plugged_in),
    ),
    Misconception(
        name="variances_returned",
        says="sigma holds variances.",
        hint="sigma is a standard deviation, in the unit of x.",
        variant=gibbs_variant(finish=lambda draws: draws | {"sigma": draws["sigma"] ** 2}),
    ),
)

# --- what draws say ---


def _relabelled(rename: Callable[[Any, Any], Any], names: tuple[str, ...] = ("pi", "mu", "sigma"), sign: int = 1):
    def relabel(samples):
        order = jnp.argsort(sign * samples["mu"], axis=1)
        permuted = {name: jnp.take_along_axis(samples[name], order, axis=1) for name in names}
        return {**samples, **permuted, "z": rename(order, samples["z"])}

    return relabel


def _renamed(order, z):
    return jnp.take_along_axis(jnp.argsort(order, axis=1), z, axis=1)


def _relabelled_unweighted(samples):
    named = right.relabel(samples)
    return {name: named[name] for name in ("pi", "mu", "sigma", "z")}


RELABEL = (
    Misconception(
        name="means_sorted_alone",
        says="mu was sorted, but nothing else was.",
        hint="pi, sigma and z belong to the same components: permute all together.",
        variant=_relabelled(lambda order, z: z, names=("mu",)),
    ),
    Misconception(
        name="assignments_left",
        says="z still has the old labels.",
        hint="A label is the number of a component: when components move, their numbers change.",
        variant=_relabelled(lambda order, z: z),
    ),
    Misconception(
        name="inverse_permutation",
        says="z was renamed by the order, not by its inverse.",
        hint="`order[j]` is the old label of the new component j; z needs the new label of an old one.",
        variant=_relabelled(lambda order, z: jnp.take_along_axis(order, z, axis=1)),
    ),
    Misconception(
        name="descending",
        says="The components are in descending order.",
        hint="The smallest mean comes first.",
        variant=_relabelled(_renamed, sign=-1),
    ),
    Misconception(
        name="weights_lost",
        says="log_weights is missing.",
        hint="What has no components stays in the dict as it is.",
        variant=_relabelled_unweighted,
    ),
)


def _plug_in_probabilities(samples, x_new):
    weights = jax.nn.softmax(samples.get("log_weights", jnp.zeros(len(samples["mu"]))))
    pi, mu, sigma = (weights @ samples[name] for name in ("pi", "mu", "sigma"))
    return jax.nn.softmax(jnp.log(pi) + norm.logpdf(x_new[:, None], mu, sigma), axis=1)


def _probabilities(weighted: bool = True, use_pi: bool = True, power: float = 1.0) -> Callable[..., Any]:
    def assignment_probabilities(samples, x_new):
        log_joint = norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"] ** power)
        log_joint = log_joint + (jnp.log(samples["pi"]) if use_pi else 0.0)
        logs = samples.get("log_weights", jnp.zeros(len(samples["mu"])))
        weights = jax.nn.softmax(logs if weighted else 0 * logs)
        return jnp.einsum("s,msk->mk", weights, jax.nn.softmax(log_joint, axis=2))

    return assignment_probabilities


def _densities_averaged(samples, x_new):
    log_joint = jnp.log(samples["pi"]) + norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"])
    weights = jax.nn.log_softmax(samples.get("log_weights", jnp.zeros(len(samples["mu"]))))
    return jax.nn.softmax(logsumexp(log_joint + weights[:, None], axis=1), axis=1)


ASSIGNMENT_PROBABILITIES = (
    Misconception(
        name="plugged_in",
        says="The parameters were averaged first: these are the probabilities at the posterior mean.",
        hint="Average the probabilities, not the parameters.",
        variant=_plug_in_probabilities,
    ),
    Misconception(
        name="weights_ignored",
        says="pi plays no part.",
        hint="Bayes' rule: prior times likelihood.",
        variant=_probabilities(use_pi=False),
    ),
    Misconception(
        name="variance_for_std",
        says="sigma squared stands where a standard deviation belongs.",
        hint="sigma is a standard deviation already.",
        variant=_probabilities(power=2.0),
    ),
    Misconception(
        name="draws_not_weighted",
        says="log_weights plays no part.",
        hint="A weighted draw counts by its weight.",
        variant=_probabilities(weighted=False),
    ),
    Misconception(
        name="densities_averaged",
        says="The densities were averaged over the draws before they were normalised.",
        hint="Each draw gives probabilities of its own: normalise first, average after.",
        variant=_densities_averaged,
    ),
)


def _entropy(log: Callable[[Any], Any] = jnp.log, axis: int = 1, sign: int = -1, average: bool = False):
    def assignment_entropy(probabilities):
        terms = jnp.where(probabilities > 0, probabilities * log(jnp.where(probabilities > 0, probabilities, 1)), 0)
        return sign * (terms.mean(axis=axis) if average else terms.sum(axis=axis))

    return assignment_entropy


ASSIGNMENT_ENTROPY = (
    Misconception(
        name="bits",
        says="The entropy is in bits.",
        hint="Nats come from the natural logarithm.",
        variant=_entropy(log=jnp.log2),
    ),
    Misconception(
        name="sign", says="The sign is wrong.", hint="p log p is never positive; entropy is.", variant=_entropy(sign=1)
    ),
    Misconception(
        name="zero_times_infinity",
        says="A probability of 0 gives NaN.",
        hint="p log p tends to 0 with p: `jax.scipy.special.xlogy` or `jnp.where`.",
        variant=lambda probabilities: -jnp.sum(probabilities * jnp.log(probabilities), axis=1),
    ),
    Misconception(
        name="averaged",
        says="The terms were averaged.",
        hint="The expectation is weighted by p already: add them up.",
        variant=_entropy(average=True),
    ),
    Misconception(
        name="gini",
        says="This is 1 minus the sum of squares.",
        hint="That measures the same thing in another way; entropy has a logarithm.",
        variant=lambda probabilities: 1 - jnp.sum(probabilities**2, axis=1),
    ),
)
