"""The conditional of the assignments."""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

from autograder.exercises import (
    Aspect,
    Conditional,
    Draws,
    Exercise,
    KnownMistake,
    catalogue,
    datasets,
    distributions,
    f32,
    key_aspect,
    keyed,
)
from autograder.exercises.datasets import OVERLAP, THREE
from autograder.exercises.gibbs_parts import argmax_assignments, assignments_variant, assignments_with_pi_shadowed

SAMPLE_ASSIGNMENTS = Exercise(
    "sample_assignments",
    truth=distributions.assignments,
    rule=Conditional("categorical", "z"),
    aspects=(
        Aspect(
            "two components",
            points=1,
            hint="P(z_i = k) is proportional to pi_k N(x_i; mu_k, sigma_k): Bayes' rule, for each observation on its "
            "own. `jax.random.categorical` takes the logarithms.",
            closer="Take one observation and a thousand keys. The share of the draws with z = 0 should be pi_0 N(x; "
            "mu_0, sigma_0) over the sum for both components. `jax.random.categorical` draws along one axis: "
            "is it that of the components?",
            probe=Draws(),
            visible={"eight points": keyed(OVERLAP.x, f32(0.35, 0.65), f32(-1, 2), f32(1.5, 2))},
            hidden={"eight points, other parameters": keyed(OVERLAP.x, f32(0.8, 0.2), f32(1, 0.5), f32(0.75, 3))},
        ),
        Aspect(
            "three components",
            points=1,
            hint="K is the length of pi: nothing in the code should know that it is 2.",
            probe=Draws(),
            visible={"six points": keyed(THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25))},
            hidden={
                "six points, other parameters": keyed(THREE.x, f32(0.6, 0.1, 0.3), f32(2, -1, 0.5), f32(3, 0.8, 1.75))
            },
        ),
        Aspect(
            "within a sweep",
            points=1,
            hint="In a sweep the parameters are different every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            visible={},
            hidden={"a sweep with three components": datasets.in_sweep_assignments(THREE)},
            exception="thousands of draws of the parameters are too much to lie beside a notebook",
        ),
        key_aspect(
            1,
            OVERLAP.x,
            f32(0.35, 0.65),
            f32(-1, 2),
            f32(1.5, 2),
            hidden=(THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25)),
            batch=Draws.count,
        ),
    ),
    seconds=60,
)

SAMPLE_ASSIGNMENTS.add(
    catalogue.PI_SHADOWED.here(
        hint="Inside this function, `pi` is an argument. Which `pi` does 2 pi sigma^2 mean?",
        variant=assignments_with_pi_shadowed,
    ),
    KnownMistake(
        name="most_probable",
        says="The most probable component was taken, not drawn.",
        hint="`argmax` is always the same; a draw is sometimes the other one.",
        variant=argmax_assignments,
    ),
    catalogue.WEIGHTS_IGNORED.here(
        hint="Bayes' rule: prior times likelihood.", variant=assignments_variant(prior=jnp.zeros_like)
    ),
    KnownMistake(
        name="weights_as_logits",
        says="pi was added to log densities.",
        hint="Only logarithms add up.",
        variant=assignments_variant(prior=lambda pi: pi),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="sigma is a standard deviation already.", variant=assignments_variant(power=2.0)
    ),
    catalogue.STD_FOR_VARIANCE.here(
        hint="sigma is a standard deviation already.", variant=assignments_variant(power=0.5)
    ),
    catalogue.NORMALISATION_DROPPED.here(
        hint="It differs between the components, so it does not cancel.",
        variant=assignments_variant(normalisation=False),
    ),
)


@SAMPLE_ASSIGNMENTS.mistake(says="`categorical` was given probabilities.", hint="It takes logits.")
def probabilities_as_logits(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1), axis=1)


@SAMPLE_ASSIGNMENTS.mistake(says="The observations play no part.", hint="P(z = k given x) needs the density of x.")
def prior_only(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jnp.log(pi), shape=x.shape)


@SAMPLE_ASSIGNMENTS.mistake(
    says="All observations share one random number, so they move together.",
    hint="Given the parameters, observations are independent: draw for each one anew.",
)
def one_uniform_for_all(key, x, pi, mu, sigma):
    probabilities = jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
    u = jax.random.uniform(key)
    return jnp.sum(jnp.cumsum(probabilities, axis=1)[:, :-1] < u, axis=1)


@SAMPLE_ASSIGNMENTS.mistake(
    catalogue.ONE_KEY_FOR_ALL, hint="Split the key, one for each observation, or draw all at once with `axis=1`."
)
def one_key_for_all(key, x, pi, mu, sigma):
    def one(x_i):
        return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x_i, mu, sigma))

    return jax.vmap(one)(x)


SAMPLE_ASSIGNMENTS.add(
    KnownMistake(
        name="tempered",
        says="The probabilities are flatter than they should be.",
        hint="Is there a factor of one half too many?",
        variant=assignments_variant(temper=0.5),
    ),
)
