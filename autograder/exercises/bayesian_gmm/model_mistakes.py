"""Known mistakes in the programs: the known recipe, its simulation, the model."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal, seed

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


def program(
    locs: Sequence[float],
    scale: float,
    *,
    logits: Callable[[Any], Any] = jnp.log,
    shape: float = 2.0,
    rate: float = 1.0,
    emission: Callable[[Any], Any] = lambda sigma: sigma,
    alpha: float = 1.0,
    component: Callable[[Any], Any] = lambda z: z,
) -> Any:
    """A Bayesian mixture with as many components as there are `locs`; right with what is not given."""
    k = len(locs)

    @gen
    def mixture(num_observations):
        pi = dirichlet(jnp.full(k, alpha)) @ "pi"
        mu = normal.vmap(in_axes=(0, 0), axis_size=k)(jnp.array(locs), jnp.full(k, scale)) @ "mu"
        sigma = gamma.vmap(in_axes=(0, 0), axis_size=k)(jnp.full(k, shape), jnp.full(k, rate)) @ "sigma"
        z = categorical.repeat(num_observations)(logits(pi)) @ "z"
        own = component(z)
        return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[own], emission(sigma)[own]) @ "x"

    return mixture


def easily_miswritten(locs: Sequence[float], scale: float) -> tuple[Misconception, ...]:
    """What goes wrong in any such program."""
    k = len(locs)

    @gen
    def vector_parameters(num_observations):
        pi = dirichlet(jnp.ones(k)) @ "pi"
        mu = normal(jnp.array(locs), jnp.full(k, scale)) @ "mu"
        sigma = gamma(jnp.full(k, 2.0), jnp.ones(k)) @ "sigma"
        z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
        return normal(mu[z], sigma[z]) @ "x"

    return (
        Misconception(
            name="logits_for_probabilities",
            says="`categorical` was given pi itself.",
            hint="It takes logits: their exponentials are normalised.",
            variant=program(locs, scale, logits=lambda pi: pi),
        ),
        Misconception(
            name="vector_parameters",
            says="A distribution was given vectors, without `vmap`: its log density is a vector, not a number.",
            hint="Use `.vmap(in_axes=(0, 0), axis_size=n)` for several draws at one address.",
            variant=vector_parameters,
        ),
    )


LOCS = (400.0, 400.0)
SCALE = 50.0

BAYESIAN_GMM = (
    *easily_miswritten(LOCS, SCALE),
    Misconception(
        name="variance_for_std",
        says="Observations vary by sigma squared.",
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(LOCS, SCALE, emission=lambda sigma: sigma**2),
    ),
    Misconception(
        name="scale_of_the_means_squared",
        says="The prior of mu has the scale 2500.",
        hint="The second argument of `normal` is a standard deviation: 50 g.",
        variant=program(LOCS, 2500.0),
    ),
    Misconception(
        name="shape_and_rate_swapped",
        says="The gamma has shape 1 and rate 2.",
        hint="Its first argument is the shape.",
        variant=program(LOCS, SCALE, shape=1.0, rate=2.0),
    ),
    Misconception(
        name="weights_without_a_prior",
        says="pi is drawn from another Dirichlet distribution than Dirichlet(1, 1).",
        hint="Ones, not halves or twos.",
        variant=program(LOCS, SCALE, alpha=2.0),
    ),
    Misconception(
        name="weights_ignored",
        says="Assignments are drawn with even odds, whatever pi is.",
        hint="z_i follows pi.",
        variant=program(LOCS, SCALE, logits=jnp.zeros_like),
    ),
    Misconception(
        name="labels_swapped",
        says="Observation i is drawn from the other component than z_i.",
        hint="mu[z] picks the mean that belongs to each label.",
        variant=program(LOCS, SCALE, component=lambda z: 1 - z),
    ),
)
