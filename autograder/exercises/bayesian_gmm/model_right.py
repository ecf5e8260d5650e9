"""Right answers to model and importance sampling, in other styles: false-fail rates are measured on them."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from genjax import bernoulli, categorical, dirichlet, flip, gamma, gen, normal, seed
from jax.scipy.special import ndtri
from jax.scipy.stats import norm

from autograder.exercises import Right
from autograder.exercises.keys import generator

# --- the known recipe ---


@gen
def _unnormalised_logits():
    component = categorical(jnp.log(jnp.array([7.0, 3.0]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component


@gen
def _bernoulli():
    component = bernoulli(jnp.log(0.3 / 0.7)) @ "component"
    weight = normal(500.0 - 150.0 * component, 2.0) @ "weight"
    return weight, component


@gen
def _flip():
    hamburger = flip(0.3) @ "component"
    weight = normal(jnp.where(hamburger, 350.0, 500.0), 2.0) @ "weight"
    return weight, jnp.asarray(hamburger, int)


@gen
def _where():
    logits = jnp.array([0.0, math.log(3 / 7)])
    component = categorical(logits) @ "component"
    mean = jnp.where(component == 0, 500.0, 350.0)
    weight = normal(mean, jnp.sqrt(4.0)) @ "weight"
    return weight, component


@gen
def _row_of_a_table():
    component = categorical(jax.nn.log_softmax(jnp.log(jnp.array([0.7, 0.3])))) @ "component"
    row = jnp.take(jnp.array([[500.0, 2.0], [350.0, 2.0]]), component, axis=0)
    weight = normal(row[0], row[1]) @ "weight"
    return weight, component


BENTO_MIXTURE = (
    Right(name="unnormalised_logits", variant=_unnormalised_logits),
    Right(name="bernoulli_with_a_logit", variant=_bernoulli),
    Right(name="flip", variant=_flip),
    Right(name="where", variant=_where),
    Right(name="row_of_a_table", variant=_row_of_a_table),
)


def _bentos_numpy(key, num_bentos):
    rng = generator(key)
    components = rng.choice(2, size=num_bentos, p=[0.7, 0.3])
    return rng.normal(np.array([500.0, 350.0])[components], 2.0), components


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_jitted(key, num_bentos):
    component_key, weight_key = jax.random.split(key)
    components = jax.random.bernoulli(component_key, 0.3, (num_bentos,)).astype(int)
    noise = jax.random.normal(weight_key, (num_bentos,))
    return jnp.where(components == 0, 500.0, 350.0) + 2.0 * noise, components


_one_bento = jax.jit(lambda key: seed(_unnormalised_logits.simulate)(key).get_retval())


def _bentos_looped(key, num_bentos):
    weights, components = [], []
    for one in jax.random.split(key, num_bentos):
        weight, component = _one_bento(one)
        weights.append(float(weight))
        components.append(int(component))
    return jnp.array(weights), jnp.array(components)


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_mapped(key, num_bentos):
    def one(key):
        return seed(_where.simulate)(key).get_retval()

    return jax.lax.map(one, jax.random.split(key, num_bentos))


@partial(jax.jit, static_argnames="num_bentos")
def _bentos_by_inverse_cdf(key, num_bentos):
    u, v = jax.random.uniform(key, (2, num_bentos), minval=1e-7, maxval=1.0)
    components = (u >= 0.7).astype(int)
    return jnp.array([500.0, 350.0])[components] + 2.0 * ndtri(v), components


def _bentos_counted(key, num_bentos):
    """First how many are tonkatsu, then in which order they come."""
    rng = generator(key)
    components = np.ones(num_bentos, int)
    components[: rng.binomial(num_bentos, 0.7)] = 0
    rng.shuffle(components)
    return 500 - 150 * components + 2 * rng.standard_normal(num_bentos), components


SIMULATE_BENTOS = (
    Right(name="numpy_float64", variant=_bentos_numpy),
    Right(name="jitted", variant=_bentos_jitted, first=True),
    Right(name="loop_over_bentos", variant=_bentos_looped),
    Right(name="lax_map_of_a_program", variant=_bentos_mapped),
    Right(name="inverse_cdf", variant=_bentos_by_inverse_cdf),
    Right(name="counted_then_shuffled", variant=_bentos_counted),
)

# --- the model ---


@gen
def _repeated(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0])) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x, z


@gen
def _mapped(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=2)(jnp.full(2, 400.0), 50.0) @ "mu"
    sigma = gamma.vmap(in_axes=(None, 0), axis_size=2)(2.0, jnp.ones(2)) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(pi), (num_observations, 2))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"


@gen
def _labels_by_bernoulli(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = bernoulli.repeat(num_observations)(jnp.log(pi[1]) - jnp.log(pi[0])) @ "z"
    means = jnp.where(z == 1, mu[1], mu[0])
    stds = jnp.where(z == 1, sigma[1], sigma[0])
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


@gen
def _sites_in_another_order(num_observations):
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    pi = dirichlet(jnp.ones(2)) @ "pi"
    z = categorical.repeat(num_observations)(3.0 + jnp.log(pi)) @ "z"
    member = jax.nn.one_hot(z, 2)
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(member @ mu, member @ sigma) @ "x"


BAYESIAN_GMM = (
    Right(name="repeated", variant=_repeated),
    Right(name="mapped_over_some_arguments", variant=_mapped),
    Right(name="labels_by_bernoulli", variant=_labels_by_bernoulli),
    Right(name="sites_in_another_order", variant=_sites_in_another_order),
)

# --- importance sampling ---


def _importance_numpy(key, x, num_particles):
    rng = generator(key)
    x = np.asarray(x, float)
    pi = rng.dirichlet([1.0, 1.0], num_particles)
    mu = rng.normal(400.0, 50.0, (num_particles, 2))
    sigma = rng.gamma(2.0, 1.0, (num_particles, 2))
    z = (rng.random((num_particles, len(x))) > pi[:, :1]).astype(int)
    m, s = np.take_along_axis(mu, z, 1), np.take_along_axis(sigma, z, 1)
    log_weights = np.sum(-0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi), axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


@partial(jax.jit, static_argnames="num_particles")
def _importance_jitted(key, x, num_particles):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    pi = jax.random.dirichlet(pi_key, jnp.ones(2), (num_particles,))
    mu = 400 + 50 * jax.random.normal(mu_key, (num_particles, 2))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_particles, 2))
    z = jax.random.categorical(z_key, jnp.log(pi)[:, None, :], shape=(num_particles, len(x)))
    rows = jnp.arange(num_particles)[:, None]
    log_weights = norm.logpdf(x, mu[rows, z], sigma[rows, z]).sum(axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


@partial(jax.jit, static_argnames="num_particles")
def _importance_normalised(key, x, num_particles):
    def one(key):
        trace, log_weight = seed(lambda: _repeated.generate({"x": x}, len(x)))(key)
        return trace.get_choices(), log_weight

    choices, log_weights = jax.vmap(one)(jax.random.split(key, num_particles))
    named = {name: choices[name] for name in ("pi", "mu", "sigma", "z")}
    return named | {"log_weights": jax.nn.log_softmax(log_weights)}


@jax.jit
def _particle(key, x):
    pi_key, mu_key, sigma_key, z_key = jax.random.split(key, 4)
    first = jax.random.uniform(pi_key)
    pi = jnp.stack([first, 1 - first])
    mu = 400 + 50 * jax.random.normal(mu_key, (2,))
    sigma = jax.random.gamma(sigma_key, 2.0, (2,))
    z = (jax.random.uniform(z_key, x.shape) >= first).astype(int)
    log_weight = jnp.zeros(())
    for i in range(len(x)):
        log_weight += norm.logpdf(x[i], mu[z[i]], sigma[z[i]])
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weight}


def _importance_looped(key, x, num_particles):
    particles = [_particle(one, x) for one in jax.random.split(key, num_particles)]
    return {name: np.stack([particle[name] for particle in particles]) for name in particles[0]}


@partial(jax.jit, static_argnames="num_particles")
def _importance_by_assess(key, x, num_particles):
    """Worlds are simulated with data of their own; the weight is the change of the density with the real data."""

    def one(key):
        trace = seed(lambda: _labels_by_bernoulli.simulate(len(x)))(key)
        choices = trace.get_choices()
        own = norm.logpdf(choices["x"], choices["mu"][choices["z"]], choices["sigma"][choices["z"]]).sum()
        prior = -trace.get_score() - own
        joint, _ = _labels_by_bernoulli.assess(choices | {"x": x}, len(x))
        return {name: choices[name] for name in ("pi", "mu", "sigma", "z")} | {"log_weights": joint - prior}

    return jax.vmap(one)(jax.random.split(key, num_particles))


IMPORTANCE_SAMPLING = (
    Right(name="numpy_float64", variant=_importance_numpy),
    Right(name="jitted_without_a_program", variant=_importance_jitted, first=True),
    Right(name="normalised_log_weights", variant=_importance_normalised),
    Right(name="loop_over_particles", variant=_importance_looped),
    Right(name="ratio_of_densities", variant=_importance_by_assess),
)
