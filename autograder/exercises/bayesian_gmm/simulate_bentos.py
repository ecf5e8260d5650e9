"""Bentos drawn from the known recipe."""

import jax
import jax.numpy as jnp
from genjax import seed

from autograder.exercises import Aspect, Emissions, Exercise, Sample, catalogue, distributions, key_aspect, keyed
from autograder.exercises.bayesian_gmm.bento_program import bento_program
from reference import bayesian_gmm as reference

SIMULATE_BENTOS = Exercise(
    "simulate_bentos",
    truth=lambda key, num_bentos: distributions.emitted(num_bentos),
    rule=Emissions(("weights", "components")),
    aspects=(
        Aspect(
            "draws",
            points=2,
            hint="Each bento needs randomness of its own. Write a function that draws one bento from one key. Then"
            " call it for many keys.",
            closer="One key for each bento comes from `jax.random.split(key, num_bentos)`. `jax.vmap` calls the "
            "function of one key for all of them; inside it, `seed` turns `bento_mixture.simulate` into a "
            "function of a key.",
            probe=Sample(),
            visible={"1000 bentos": keyed(1000)},
            hidden={"2000 bentos": keyed(2000)},
        ),
        key_aspect(1, 1000, hidden=(1000,), short=3),
    ),
)


@SIMULATE_BENTOS.mistake(
    catalogue.ONE_KEY_FOR_ALL, hint="A key is good for one draw. Split it into one for each bento."
)
def one_key_for_all(key, num_bentos):
    choices = seed(reference.bento_mixture.simulate)(key).get_choices()
    return jnp.full(num_bentos, choices["weight"]), jnp.full(num_bentos, choices["component"])


@SIMULATE_BENTOS.mistake(says="Weights and components came back in the other order.", hint="Weights first.")
def pair_swapped(key, num_bentos):
    weights, components = reference.simulate_bentos(key, num_bentos)
    return components, weights


@SIMULATE_BENTOS.mistake(catalogue.LOGITS_FOR_PROBABILITIES, hint="It takes logits.")
def logits_for_probabilities(key, num_bentos):
    program = bento_program(component_logits=(0.7, 0.3))
    choices = jax.vmap(lambda k: seed(program.simulate)(k).get_choices())(jax.random.split(key, num_bentos))
    return choices["weight"], choices["component"]


@SIMULATE_BENTOS.mistake(
    says="The key was not used: another one is written into the function.", hint="Draw with the key that comes in."
)
def key_ignored(key, num_bentos):
    return reference.simulate_bentos(jax.random.key(42), num_bentos)
