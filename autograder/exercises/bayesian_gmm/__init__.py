"""The full posterior in GenJAX: cases, tests, points and hints of the model and of importance sampling; the whole."""

from typing import Any

import numpy as np

from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, distributions, f32, i32
from autograder.exercises.bayesian_gmm import draws, importance_mistakes, model_mistakes, sampling
from autograder.exercises.bayesian_gmm import model_right as right
from autograder.exercises.datasets import keyed
from autograder.exercises.keys import key_aspect
from autograder.student.selfcheck.probes import Assess, Simulate
from autograder.student.selfcheck.rules.arrays import FIT, STEP, Arrays, Part
from autograder.student.selfcheck.rules.draws import Emissions, Mixture
from reference import bayesian_gmm as reference
from reference.data import BENTOS

DENSITY = Arrays((Part("log density", "()", STEP),))


def choices(pi: Any, mu: Any, sigma: Any, z: Any, x: Any) -> dict[str, np.ndarray]:
    """A choice map, float32 and int32."""
    return {"pi": f32(*pi), "mu": f32(*mu), "sigma": f32(*sigma), "z": i32(*z), "x": f32(*x)}


def bento(component: int, weight: float) -> dict[str, np.ndarray]:
    return {"component": np.array(component, np.int32), "weight": np.array(weight, np.float32)}


BENTO_MIXTURE = Exercise(
    name="bento_mixture",
    truth=lambda choices: reference.bento_mixture.assess(choices)[0],
    rule=DENSITY,
    aspects=(
        Aspect(
            name="log density",
            points=2,
            hint="The log density of a bento is log P(component) + log N(weight; its mean, its standard deviation). "
            "`categorical` takes log probabilities.",
            probe=Assess(),
            cases=(
                Case(name="a tonkatsu of 501 g", args=(bento(0, 501.0),), visible=True),
                Case(name="a hamburger of 352.5 g", args=(bento(1, 352.5),), visible=True),
                Case(name="a light tonkatsu", args=(bento(0, 494.75),)),
                Case(name="a light hamburger", args=(bento(1, 347.0),)),
                Case(name="an anomaly", args=(bento(1, 361.0),)),
            ),
        ),
        Aspect(
            name="draws",
            points=1,
            hint="Seven bentos in ten are tonkatsu, near 500 g; the others are hamburger, near 350 g.",
            probe=Simulate(2000),
            truth=lambda key: distributions.emitted(2000),
            rule=Emissions(("weight", "component")),
            cases=(
                Case(name="2000 bentos", seeded=keyed(1), visible=True),
                Case(name="2000 other bentos", seeded=keyed(2)),
            ),
        ),
    ),
    misconceptions=model_mistakes.BENTO_MIXTURE,
    right=right.BENTO_MIXTURE,
)

SIMULATE_BENTOS = Exercise(
    name="simulate_bentos",
    truth=lambda key, num_bentos: distributions.emitted(num_bentos),
    rule=Emissions(("weights", "components")),
    aspects=(
        Aspect(
            name="draws",
            points=2,
            hint="One key for each bento (`jax.random.split(key, num_bentos)`), and `jax.vmap` over "
            "`seed(bento_mixture.simulate)`.",
            cases=(
                Case(name="1000 bentos", seeded=keyed(3, 1000), visible=True),
                Case(name="2000 bentos", seeded=keyed(4, 2000)),
            ),
        ),
        key_aspect(1, 6, 20, hidden=(20,)),
    ),
    misconceptions=model_mistakes.SIMULATE_BENTOS,
    right=right.SIMULATE_BENTOS,
)

BAYESIAN_GMM = Exercise(
    name="bayesian_gmm",
    truth=lambda choices, n: reference.bayesian_gmm.assess(choices, n)[0],
    rule=DENSITY,
    aspects=(
        Aspect(
            name="log density",
            points=3,
            hint="The log density is a single number: that of pi, plus those of mu and sigma for both components, plus "
            "those of z and x for every observation. Several draws at one address are a `.vmap(in_axes=(0, 0), "
            "axis_size=n)` of their parameters.",
            probe=Assess(),
            cases=(
                Case(
                    name="five bentos",
                    args=(choices((0.3, 0.7), (352, 499), (2.5, 1.5), (1, 0, 0, 1, 1), (498, 350, 353, 501, 500)), 5),
                    visible=True,
                ),
                Case(
                    name="five bentos, other parameters",
                    args=(choices((0.85, 0.15), (380, 455), (4, 9), (0, 0, 1, 0, 1), (371, 379, 460, 384, 430)), 5),
                ),
                Case(name="one bento", args=(choices((0.6, 0.4), (300, 520), (0.75, 3.25), (0,), (301,)), 1)),
                Case(
                    name="eight bentos",
                    args=(
                        choices(
                            (0.25, 0.75),
                            (420, 405),
                            (6, 3),
                            (1, 1, 0, 0, 1, 0, 1, 1),
                            (400, 406, 423, 411, 409, 431, 402, 404),
                        ),
                        8,
                    ),
                ),
            ),
        ),
        Aspect(
            name="draws",
            points=2,
            hint="Components are drawn independently of each other, observations too. Log probabilities for "
            "`categorical`, shape and rate for `gamma`.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.simulated(distributions.BENTO_PRIOR, n),
            rule=Mixture(),
            cases=(
                Case(name="2000 worlds with five bentos", seeded=keyed(8, 5), visible=True),
                Case(name="2000 other worlds", seeded=keyed(9, 5)),
            ),
        ),
    ),
    misconceptions=model_mistakes.BAYESIAN_GMM,
    right=right.BAYESIAN_GMM,
)

NORMALIZE_LOG_WEIGHTS = Exercise(
    name="normalize_log_weights",
    truth=reference.normalize_log_weights,
    # A log weight near -1900 has steps of 1e-4 in float32.
    rule=Arrays((Part("weights", "(S,)", FIT),)),
    aspects=(
        Aspect(
            name="near 0",
            points=1,
            hint="Weights are the exponentials of the log weights, divided by their sum.",
            cases=(
                Case(name="four weights", args=(f32(-1.5, 0.25, -3, 1),), visible=True),
                Case(name="four other weights", args=(f32(0.5, -0.75, 2, -2.5),)),
                Case(name="five weights", args=(f32(0, -1, -2, 0.5, 3),)),
            ),
        ),
        Aspect(
            name="far from 0",
            points=1,
            hint="exp(-1000) is 0, and 0/0 is NaN. A constant that is taken off every log weight changes nothing: "
            "`logsumexp`, or the largest of them.",
            cases=(
                Case(name="all near -1000", args=(f32(-1000, -1001, -1000.5, -1003),), visible=True),
                Case(name="from -1910 to -1900", args=(f32(-1900, -1910, -1902, -1901),)),
                Case(name="all near 500", args=(f32(500, 502, 501, 499.5),)),
            ),
        ),
    ),
    misconceptions=importance_mistakes.NORMALIZE_LOG_WEIGHTS,
)

EFFECTIVE_SAMPLE_SIZE = Exercise(
    name="effective_sample_size",
    truth=reference.effective_sample_size,
    rule=Arrays((Part("effective sample size", "()", STEP),)),
    aspects=(
        Aspect(
            name="the number",
            points=2,
            hint="Square the weights, add them up, and take the inverse: S equal weights then give S.",
            cases=(
                Case(name="four weights", args=(f32(0.5, 0.25, 0.125, 0.125),), visible=True),
                Case(name="equal weights", args=(np.full(10, 0.1, np.float32),)),
                Case(name="one draw has it all", args=(f32(0, 0, 1, 0),)),
                Case(name="six weights", args=(f32(0.4, 0.3, 0.1, 0.1, 0.05, 0.05),)),
            ),
        ),
    ),
    misconceptions=importance_mistakes.EFFECTIVE_SAMPLE_SIZE,
)

IMPORTANCE_SAMPLING = Exercise(
    name="importance_sampling",
    truth=lambda key, x, num_particles: distributions.simulated(distributions.BENTO_PRIOR, len(x)) | {"x": x},
    rule=Mixture(weighted=True),
    aspects=(
        Aspect(
            name="draws and weights",
            points=3,
            hint="`generate({'x': x}, len(x))` draws pi, mu, sigma and z from the prior, and its weight is the log "
            "density of x given them: the sum of log N(x_i; mu[z_i], sigma[z_i]). One key for each particle.",
            cases=(
                Case(name="five bentos, 2000 particles", seeded=keyed(10, BENTOS[:5], 2000), visible=True),
                Case(name="three bentos", seeded=keyed(12, f32(420, 401, 388), 2000)),
            ),
        ),
        key_aspect(1, 13, BENTOS[:5], 4, hidden=(f32(410, 395, 402, 440, 371), 4)),
    ),
    misconceptions=importance_mistakes.IMPORTANCE_SAMPLING,
    right=right.IMPORTANCE_SAMPLING,
    seconds=60,
)

ASSIGNMENT = Assignment(
    name="bayesian_gmm",
    title="The full posterior: a Bayesian mixture in GenJAX",
    exercises=(
        BENTO_MIXTURE,
        SIMULATE_BENTOS,
        BAYESIAN_GMM,
        NORMALIZE_LOG_WEIGHTS,
        EFFECTIVE_SAMPLE_SIZE,
        IMPORTANCE_SAMPLING,
        sampling.SAMPLE_ASSIGNMENTS,
        sampling.SAMPLE_WEIGHTS,
        sampling.SAMPLE_MEANS,
        sampling.SAMPLE_STDS,
        sampling.GIBBS,
        draws.RELABEL,
        draws.ASSIGNMENT_PROBABILITIES,
        draws.ASSIGNMENT_ENTROPY,
        Written(name="written_bayesian_gmm", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
