"""The conditional of the means."""

import jax.numpy as jnp
import numpy as np

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
    i32,
    key_aspect,
    keyed,
)
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE
from autograder.exercises.gibbs_parts import means_variant
from autograder.exercises.gibbs_sampling.data import THREE_LABELS

SAMPLE_MEANS = Exercise(
    "sample_means",
    truth=distributions.means,
    rule=Conditional("normal", "mu"),
    aspects=(
        Aspect(
            "any number of components",
            points=2,
            hint="Precisions add: 1/scale^2 of the prior, and 1/sigma^2 for every observation of the component. The "
            "mean is the average of loc and of these observations, weighted by precision. With no observation, "
            "the prior is left.",
            closer="One component with the prior N(400, 50), and one observation of 350 with sigma = 50: the mean is"
            " 375, the standard deviation 35.4. Print both in your code. Then take the observation away: 400 "
            "and 50 must be left.",
            probe=Draws(),
            visible={
                "two components": keyed(
                    OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(1.5, 2.5), f32(-1, 2), f32(1.25, 0.8)
                )
            },
            hidden={
                "bentos, one component empty": keyed(
                    GRAMS.x, np.zeros(8, np.int32), f32(9, 4), f32(400, 430), f32(6, 12)
                ),
                "three components, one with a single point": keyed(
                    THREE.x, i32(0, 2, 2, 1, 2, 0), f32(1.5, 0.7, 2), f32(-2, 0.5, 3), f32(2, 1.5, 3)
                ),
            },
        ),
        Aspect(
            "within a sweep",
            points=1,
            hint="In a sweep the assignments and standard deviations change every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3)),
            visible={},
            hidden={"a sweep with three components": datasets.in_sweep_means(THREE)},
            exception="thousands of draws of the parameters are too much to lie beside a notebook",
        ),
        key_aspect(
            1,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(1.5, 2.5),
            f32(-1, 2),
            f32(1.25, 0.8),
            hidden=(THREE.x, THREE_LABELS, f32(1, 2, 3), f32(-2, 0, 3), f32(2, 1.5, 3)),
            batch=Draws.count,
        ),
    ),
    seconds=60,
)

SAMPLE_MEANS.add(
    KnownMistake(
        name="prior_mean_ignored",
        says="The prior pulls towards 0, not towards loc.",
        hint="The precision of the prior weighs loc.",
        variant=means_variant(center=jnp.zeros_like),
    ),
    KnownMistake(
        name="prior_ignored",
        says="The prior plays no part.",
        hint="Its precision adds to that of the data.",
        variant=means_variant(prior_precision=lambda scale: 1e-6 * jnp.ones_like(scale)),
    ),
    catalogue.PRIOR_FOR_POSTERIOR.here(
        hint="Observations of the component add precision.",
        variant=means_variant(data_precision=lambda counts, sigma: 0 * counts),
    ),
    KnownMistake(
        name="counts_missing",
        says="The data count as one observation.",
        hint="n_k observations have n_k times the precision of one.",
        variant=means_variant(data_precision=lambda counts, sigma: (counts > 0) / sigma**2),
    ),
    KnownMistake(
        name="std_for_variance_of_data",
        says="The precision of an observation is 1/sigma.",
        hint="Precision is one over the variance.",
        variant=means_variant(data_precision=lambda counts, sigma: counts / sigma),
    ),
    KnownMistake(
        name="std_for_variance_of_prior",
        says="The precision of the prior is 1/scale.",
        hint="Precision is one over the variance.",
        variant=means_variant(prior_precision=lambda scale: 1 / scale),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="The standard deviation is the root of one over the precision.",
        variant=means_variant(spread=lambda precision: 1 / precision),
    ),
    KnownMistake(
        name="precision_for_std",
        says="The draws vary by the root of the precision.",
        hint="More data means less spread: one over it.",
        variant=means_variant(spread=jnp.sqrt),
    ),
    catalogue.AVERAGE.here(hint="A Gibbs step draws.", variant=means_variant(spread=jnp.zeros_like)),
    KnownMistake(
        name="shared_noise",
        says="All components share one random number, so they move together.",
        hint="Given z and sigma, components are independent: draw one number for each.",
        variant=means_variant(shared=True),
    ),
    catalogue.FIRST_PRIOR_FOR_ALL.here(
        hint="loc and scale are arrays: entry k belongs to component k.",
        variant=means_variant(
            prior_precision=lambda scale: 1 / scale[0] ** 2 + 0 * scale, center=lambda loc: loc[0] + 0 * loc
        ),
    ),
)
