"""A step in the standard deviations that leaves their conditional unchanged."""

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises import (
    Aspect,
    Conditional,
    Draws,
    Exercise,
    KnownMistake,
    Moves,
    Steps,
    catalogue,
    datasets,
    distributions,
    f32,
    i32,
    key_aspect,
    keyed,
)
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE
from autograder.exercises.gibbs_parts import stds_variant
from autograder.exercises.gibbs_sampling.data import THREE_LABELS

SAMPLE_STDS = Exercise(
    "sample_stds",
    truth=distributions.stds,
    rule=Conditional("tabulated", "sigma"),
    aspects=(
        Aspect(
            "any number of components",
            points=2,
            hint="Started from exact draws, the step must give exact draws. The target is what `log_std_density` "
            "gives, with the count and the squares of each component. Accept or refuse each component on its "
            "own.",
            closer="Look at the line that accepts. The log of a uniform number is compared with log target(proposed)"
            " - log target(current). Is the walk in log sigma, as the target is? And do x - mu and the counts"
            " belong to the same component?",
            probe=Draws(mapped=(4,)),
            visible={
                "two components": datasets.from_exact_stds(
                    OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(-1, 2), f32(3, 2), f32(2, 0.8), count=2000
                )
            },
            hidden={
                "bentos, one component empty": datasets.from_exact_stds(
                    GRAMS.x, np.ones(8, np.int32), f32(409, 419), f32(2.5, 4), f32(1.5, 0.6)
                ),
                "three components, one with a single point": datasets.from_exact_stds(
                    THREE.x, i32(0, 2, 2, 1, 2, 0), f32(-1, 0.5, 2), f32(2, 3, 4), f32(1.5, 3, 2.5)
                ),
            },
        ),
        Aspect(
            "within a sweep",
            points=1,
            hint="In a sweep the assignments and means are different every time: the step must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            visible={},
            hidden={"a sweep with three components": datasets.in_sweep_stds(THREE)},
            exception="thousands of draws of the parameters are too much to lie beside a notebook",
        ),
        Aspect(
            "moves",
            points=1,
            hint="A step that stays where it is leaves every distribution unchanged, and is of no use. Steps of "
            "about the width of the distribution go far and are accepted often enough.",
            closer="Print the share of proposals that are accepted. Near 1, the steps are tiny; near 0, they go too "
            "far. The distribution of log sigma is about 1/sqrt(2 n_k) wide.",
            probe=Steps(state=4),
            truth=distributions.moved_stds,
            rule=Moves("sigma"),
            visible={
                "fifty steps": keyed(
                    OVERLAP.x,
                    i32(0, 0, 1, 0, 1, 1, 1, 1),
                    f32(-1, 2),
                    f32(1, 1.5),
                    f32(3, 2),
                    f32(2, 0.8),
                )
            },
            hidden={
                "fifty steps of bentos": keyed(
                    GRAMS.x, i32(0, 0, 0, 1, 1, 1, 1, 0), f32(409, 421), f32(5, 5), f32(2.5, 4), f32(0.8, 0.6)
                )
            },
        ),
        key_aspect(
            1,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(-1, 2),
            f32(1.5, 2.5),
            f32(3, 2),
            f32(2, 0.8),
            hidden=(THREE.x, THREE_LABELS, f32(-2, 0, 3), f32(1, 2, 3), f32(2, 3, 4), f32(1.5, 3, 2)),
        ),
    ),
    seconds=300,
)

SAMPLE_STDS.add(
    catalogue.JACOBIAN_MISSING.here(
        hint="The density of log sigma is that of sigma times sigma.",
        variant=stds_variant(exponent=lambda shape, counts: shape - 1 - counts),
    ),
    KnownMistake(
        name="jacobian_without_a_log",
        says="The walk is in sigma itself, but its target has a Jacobian.",
        hint="It belongs to a walk in log sigma only.",
        variant=stds_variant(linear=True),
    ),
    KnownMistake(
        name="prior_dropped",
        says="The ratio lacks the prior of sigma.",
        hint="The target is prior times likelihood.",
        variant=stds_variant(exponent=lambda shape, counts: 1 - counts, prior_rate=lambda rate: 1e-3 + 0 * rate),
    ),
    catalogue.SCALE_FOR_RATE.here(
        hint="A large rate means small values: its density falls as exp(-rate sigma).",
        variant=stds_variant(prior_rate=lambda rate: 1 / rate),
    ),
    KnownMistake(
        name="shape_off_by_one",
        says="The exponent of the prior is one too large.",
        hint="The density of a gamma has sigma to the power of shape - 1.",
        variant=stds_variant(exponent=lambda shape, counts: shape + 1 - counts),
    ),
    catalogue.LIKELIHOOD_MISSING.here(
        hint="sigma_k has to explain the deviations of its observations.",
        variant=stds_variant(exponent=lambda shape, counts: shape, squares_factor=0.0),
    ),
    catalogue.NORMALISATION_DROPPED.here(
        hint="sigma changes, so it does not cancel.", variant=stds_variant(exponent=lambda shape, counts: shape)
    ),
    catalogue.HALF_MISSING.here(
        hint="A normal density has the squares over twice the variance.",
        variant=stds_variant(squares_factor=1.0),
    ),
    catalogue.STD_FOR_VARIANCE.here(
        hint="A normal density has the squares over twice the variance.", variant=stds_variant(squares_power=1.0)
    ),
    catalogue.ALWAYS_ACCEPTED.here(
        hint="Only with a probability of the ratio of the target densities.", variant=stds_variant(always=True)
    ),
    KnownMistake(
        name="log_forgotten",
        says="A uniform number was compared with the logarithm of the ratio.",
        hint="Compare like with like: put both sides on the same scale, the ratio's or its logarithm's.",
        variant=stds_variant(accept=lambda u, log_ratio: u < log_ratio),
    ),
    KnownMistake(
        name="ratio_upside_down",
        says="The ratio is upside down: worse proposals are accepted, better ones refused.",
        hint="A proposal of higher density than the current sigma must always be accepted. Is it here?",
        variant=stds_variant(accept=lambda u, log_ratio: jnp.log(u) < -log_ratio),
    ),
)


@SAMPLE_STDS.mistake(
    says="sigma is the standard deviation of the observations, not a draw.",
    hint="A point estimate knows neither the prior nor its own uncertainty. What is random in this step?",
)
def sample_std(key, x, z, mu, sigma, shape, rate):
    """No draw at all; where a component has not two observations, there is no such thing."""
    member = jax.nn.one_hot(z, len(mu))
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / jnp.maximum(counts, 1)
    squares = (member * (x[:, None] - means) ** 2).sum(axis=0)
    return jnp.where(counts > 1, jnp.sqrt(squares / jnp.maximum(counts, 1)), sigma)


SAMPLE_STDS.add(
    KnownMistake(
        name="never_moves",
        says="sigma never changes.",
        hint="A step that stays leaves every distribution unchanged, and is of no use.",
        variant=stds_variant(never=True),
    ),
)


@SAMPLE_STDS.mistake(catalogue.PRIOR_FOR_POSTERIOR, hint="The observations of a component say how much it varies.")
def prior_for_posterior(key, x, z, mu, sigma, shape, rate):
    return jax.random.gamma(key, shape) / rate


@SAMPLE_STDS.mistake(
    says="The step is that of an inverse-gamma prior of the variance.",
    hint="Here sigma itself has a gamma prior: there is no conjugate step.",
)
def conjugate_prior_assumed(key, x, z, mu, sigma, shape, rate):
    """The conjugate step of another prior: an inverse gamma of the variance."""
    member = jax.nn.one_hot(z, len(mu))
    squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
    precision = jax.random.gamma(key, shape + member.sum(axis=0) / 2) / (rate + squares / 2)
    return 1 / jnp.sqrt(precision)


SAMPLE_STDS.add(
    KnownMistake(
        name="all_observations",
        says="Every component was given all the observations.",
        hint="Which observations say something about sigma_k? z tells.",
        variant=stds_variant(own=False),
    ),
    KnownMistake(
        name="around_the_overall_mean",
        says="Deviations were taken from the mean of all observations.",
        hint="An observation deviates from the mean of its own component.",
        variant=stds_variant(center=False),
    ),
)
