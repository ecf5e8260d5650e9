"""The full posterior in GenJAX: cases, tests, points and hints."""

from typing import Any

import numpy as np

from autograder.beside.selfcheck.compare import FIT, STEP, Arrays, Named, Part
from autograder.beside.selfcheck.posterior import Posterior
from autograder.beside.selfcheck.probes import Assess, Chains, Draws, Keys, Simulate, Steps
from autograder.beside.selfcheck.sampling import Conditional, Emissions, FreshKeys, Mixture, Moves
from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, designed, f32, truths
from autograder.exercises import bayesian_gmm_conditional_mistakes as conditional_mistakes
from autograder.exercises import bayesian_gmm_draws_mistakes as draws_mistakes
from autograder.exercises import bayesian_gmm_gibbs_mistakes as gibbs_mistakes
from autograder.exercises import bayesian_gmm_importance_mistakes as importance_mistakes
from autograder.exercises import bayesian_gmm_model_mistakes as model_mistakes
from autograder.exercises import bayesian_gmm_right as right
from autograder.exercises.designed import GRAMS, OVERLAP, THREE, TINY, keyed
from reference import bayesian_gmm as reference
from reference.data import BENTOS

DENSITY = Arrays((Part("log density", "()", STEP),))
KEY_HINT = (
    "All randomness comes from the key. Split it into as many parts as there are random steps, and use each part once: "
    "the same key then gives the same draw, and no two draws are tied to each other."
)
THREE_LABELS = np.array([0, 2, 1, 1, 2, 0])


def i32(*numbers: Any) -> np.ndarray:
    return np.array(numbers, np.int32)


def choices(pi: Any, mu: Any, sigma: Any, z: Any, x: Any) -> dict[str, np.ndarray]:
    """A choice map, float32 and int32."""
    return {"pi": f32(*pi), "mu": f32(*mu), "sigma": f32(*sigma), "z": i32(*z), "x": f32(*x)}


def bento(component: int, weight: float) -> dict[str, np.ndarray]:
    return {"component": np.array(component, np.int32), "weight": np.array(weight, np.float32)}


def key_aspect(points: int, base: int, *args: Any, hidden: tuple[Any, ...], compiled: bool = True) -> Aspect:
    """Same key, same draw; other keys, other draws; none used twice."""
    return Aspect(
        name="keys",
        points=points,
        hint=KEY_HINT,
        probe=Keys(compiled=compiled),
        truth=lambda *args: None,
        rule=FreshKeys(),
        cases=(
            Case(name="the same key twice, and other keys", seeded=keyed(base, *args), visible=True),
            Case(name="keys, other arguments", seeded=keyed(base + 1, *hidden)),
        ),
    )


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
            truth=lambda key: truths.emitted(2000),
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
    truth=lambda key, num_bentos: truths.emitted(num_bentos),
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
            truth=lambda key, n: truths.simulated(truths.BENTO_PRIOR, n),
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
    truth=lambda key, x, num_particles: truths.simulated(truths.BENTO_PRIOR, len(x)) | {"x": x},
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

SAMPLE_ASSIGNMENTS = Exercise(
    name="sample_assignments",
    truth=truths.assignments,
    rule=Conditional("categorical", "z"),
    aspects=(
        Aspect(
            name="two components",
            points=1,
            hint="P(z_i = k) is proportional to pi_k N(x_i; mu_k, sigma_k): Bayes' rule, for each observation on its "
            "own. `jax.random.categorical` takes the logarithms.",
            probe=Draws(),
            cases=(
                Case(
                    name="eight points",
                    seeded=keyed(20, OVERLAP.x, f32(0.35, 0.65), f32(-1, 2), f32(1.5, 2)),
                    visible=True,
                ),
                Case(
                    name="eight points, other parameters",
                    seeded=keyed(21, OVERLAP.x, f32(0.8, 0.2), f32(1, 0.5), f32(0.75, 3)),
                ),
            ),
        ),
        Aspect(
            name="three components",
            points=1,
            hint="K is the length of pi: nothing in the code should know that it is 2.",
            probe=Draws(),
            cases=(
                Case(
                    name="six points",
                    seeded=keyed(23, THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25)),
                    visible=True,
                ),
                Case(
                    name="six points, other parameters",
                    seeded=keyed(24, THREE.x, f32(0.6, 0.1, 0.3), f32(2, -1, 0.5), f32(3, 0.8, 1.75)),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the parameters are different every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            cases=(Case(name="a sweep with three components", seeded=designed.in_sweep_assignments(26, THREE)),),
        ),
        key_aspect(
            1,
            27,
            OVERLAP.x,
            f32(0.35, 0.65),
            f32(-1, 2),
            f32(1.5, 2),
            hidden=(THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25)),
        ),
    ),
    misconceptions=conditional_mistakes.SAMPLE_ASSIGNMENTS,
    right=right.SAMPLE_ASSIGNMENTS,
    seconds=60,
)

SAMPLE_WEIGHTS = Exercise(
    name="sample_weights",
    truth=truths.weights,
    rule=Conditional("dirichlet", "pi"),
    aspects=(
        Aspect(
            name="any number of components",
            points=1,
            hint="Given z, pi is again Dirichlet: its concentration is alpha plus how many observations each component "
            "has. A component may have none.",
            probe=Draws(),
            cases=(
                Case(
                    name="two components",
                    seeded=keyed(30, i32(0, 1, 1, 0, 1, 1, 1, 1), f32(2, 0.5)),
                    visible=True,
                ),
                Case(name="one of two is empty", seeded=keyed(31, i32(1, 1, 1, 1, 1, 1, 1, 1), f32(1.5, 3))),
                Case(name="three components", seeded=keyed(32, i32(0, 0, 2, 0, 0, 2), f32(2, 0.75, 4))),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments are different every time: count them anew.",
            probe=Draws(mapped=(1,)),
            cases=(Case(name="a sweep with three components", seeded=designed.in_sweep_weights(34, THREE)),),
        ),
        key_aspect(1, 35, i32(0, 1, 1, 0), f32(2, 1.5), hidden=(i32(1, 1, 0, 1), f32(0.5, 3))),
    ),
    misconceptions=conditional_mistakes.SAMPLE_WEIGHTS,
    right=right.SAMPLE_WEIGHTS,
    seconds=60,
)

SAMPLE_MEANS = Exercise(
    name="sample_means",
    truth=truths.means,
    rule=Conditional("normal", "mu"),
    aspects=(
        Aspect(
            name="any number of components",
            points=2,
            hint="Precisions add: 1/scale^2 of the prior, and 1/sigma^2 for every observation of the component. The "
            "mean is the average of loc and of these observations, weighted by precision. With no observation, "
            "the prior is left.",
            probe=Draws(),
            cases=(
                Case(
                    name="two components",
                    seeded=keyed(40, OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(1.5, 2.5), f32(-1, 2), f32(1.25, 0.8)),
                    visible=True,
                ),
                Case(
                    name="bentos, one component empty",
                    seeded=keyed(41, GRAMS.x, np.zeros(8, np.int32), f32(9, 4), f32(400, 430), f32(6, 12)),
                ),
                Case(
                    name="three components, one with a single point",
                    seeded=keyed(42, THREE.x, i32(0, 2, 2, 1, 2, 0), f32(1.5, 0.7, 2), f32(-2, 0.5, 3), f32(2, 1.5, 3)),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments and standard deviations change every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3)),
            cases=(Case(name="a sweep with three components", seeded=designed.in_sweep_means(44, THREE)),),
        ),
        key_aspect(
            1,
            45,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(1.5, 2.5),
            f32(-1, 2),
            f32(1.25, 0.8),
            hidden=(THREE.x, THREE_LABELS.astype(np.int32), f32(1, 2, 3), f32(-2, 0, 3), f32(2, 1.5, 3)),
        ),
    ),
    misconceptions=conditional_mistakes.SAMPLE_MEANS,
    right=right.SAMPLE_MEANS,
    seconds=60,
)

SAMPLE_STDS = Exercise(
    name="sample_stds",
    truth=truths.stds,
    rule=Conditional("tabulated", "sigma"),
    aspects=(
        Aspect(
            name="any number of components",
            points=2,
            hint="Started from exact draws, the step must give exact draws. The log target of sigma_k is "
            "(shape_k - 1) log sigma_k - rate_k sigma_k, minus n_k log sigma_k and the squares over 2 sigma_k^2; in "
            "log sigma there is one more log sigma_k, the Jacobian. Accept or refuse each component on its own.",
            probe=Draws(mapped=(4,)),
            cases=(
                Case(
                    name="two components",
                    seeded=designed.from_exact_stds(
                        50, OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(-1, 2), f32(3, 2), f32(2, 0.8), count=2000
                    ),
                    visible=True,
                ),
                Case(
                    name="bentos, one component empty",
                    seeded=designed.from_exact_stds(
                        51, GRAMS.x, np.ones(8, np.int32), f32(409, 419), f32(2.5, 4), f32(1.5, 0.6)
                    ),
                ),
                Case(
                    name="three components, one with a single point",
                    seeded=designed.from_exact_stds(
                        52, THREE.x, i32(0, 2, 2, 1, 2, 0), f32(-1, 0.5, 2), f32(2, 3, 4), f32(1.5, 3, 2.5)
                    ),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments and means are different every time: the step must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            cases=(Case(name="a sweep with three components", seeded=designed.in_sweep_stds(54, THREE)),),
        ),
        Aspect(
            name="moves",
            points=1,
            hint="A step that stays where it is leaves every distribution unchanged, and is of no use. Steps of "
            "about the width of the distribution go far and are accepted often enough.",
            probe=Steps(state=4),
            truth=truths.moved_stds,
            rule=Moves("sigma"),
            cases=(
                Case(
                    name="fifty steps",
                    seeded=keyed(
                        55,
                        OVERLAP.x,
                        i32(0, 0, 1, 0, 1, 1, 1, 1),
                        f32(-1, 2),
                        f32(1, 1.5),
                        f32(3, 2),
                        f32(2, 0.8),
                    ),
                    visible=True,
                ),
                Case(
                    name="fifty steps of bentos",
                    seeded=keyed(
                        56, GRAMS.x, i32(0, 0, 0, 1, 1, 1, 1, 0), f32(409, 421), f32(5, 5), f32(2.5, 4), f32(0.8, 0.6)
                    ),
                ),
            ),
        ),
        key_aspect(
            1,
            57,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(-1, 2),
            f32(1.5, 2.5),
            f32(3, 2),
            f32(2, 0.8),
            hidden=(THREE.x, THREE_LABELS.astype(np.int32), f32(-2, 0, 3), f32(1, 2, 3), f32(2, 3, 4), f32(1.5, 3, 2)),
        ),
    ),
    misconceptions=conditional_mistakes.SAMPLE_STDS,
    right=right.SAMPLE_STDS,
    seconds=300,
)

GIBBS = Exercise(
    name="gibbs",
    truth=truths.posterior,
    rule=Posterior(),
    aspects=(
        Aspect(
            name="two components",
            points=3,
            hint="One sweep: z given the rest, pi given z, mu given z and sigma, sigma given z and mu, each with a key "
            "of its own and each seeing what was drawn just before. Start near the data, throw the first sweeps away.",
            probe=Chains(),
            cases=(
                Case(name="the bentos", seeded=keyed(60, BENTOS, truths.BENTO_PRIOR, 500), visible=True),
                Case(name="two groups that overlap", seeded=keyed(61, OVERLAP.x, OVERLAP.prior, 500)),
                Case(name="a tiny data set", seeded=keyed(63, TINY.x, TINY.prior, 1000)),
            ),
        ),
        Aspect(
            name="three components",
            points=2,
            hint="K is the length of the prior's arrays, and every component has priors of its own.",
            probe=Chains(),
            cases=(Case(name="three groups that overlap", seeded=keyed(64, THREE.x, THREE.prior, 500)),),
        ),
        key_aspect(1, 66, OVERLAP.x, OVERLAP.prior, 3, hidden=(GRAMS.x, GRAMS.prior, 3), compiled=False),
    ),
    misconceptions=gibbs_mistakes.GIBBS,
    right=right.GIBBS,
    seconds=300,
)


def samples(seed: int, num_draws: int, num_components: int, num_observations: int) -> dict[str, np.ndarray]:
    """Draws whose labels change from one to the next."""
    rng = np.random.default_rng(seed)
    return {
        "pi": rng.dirichlet(np.full(num_components, 2.0), num_draws).astype(np.float32),
        "mu": rng.uniform(340, 510, (num_draws, num_components)).astype(np.float32),
        "sigma": rng.uniform(5, 40, (num_draws, num_components)).astype(np.float32),
        "z": rng.integers(0, num_components, (num_draws, num_observations)).astype(np.int32),
    }


def weighted(seed: int, draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    log_weights = np.random.default_rng(seed).normal(-70, 1.5, len(draws["mu"]))
    return {**draws, "log_weights": log_weights.astype(np.float32)}


DRAWS = (Part("pi", "(S, K)"), Part("mu", "(S, K)"), Part("sigma", "(S, K)"), Part("z", "(S, N)"))

RELABEL = Exercise(
    name="relabel",
    truth=reference.relabel,
    rule=Named(DRAWS),
    aspects=(
        Aspect(
            name="draws",
            points=2,
            hint="Sort each draw's means (`argsort` along the components), and move its pi, mu and sigma by the same "
            "order. z needs the other direction: the new name of each old label.",
            cases=(
                Case(name="four draws of two components", args=(samples(1, 4, 2, 3),), visible=True),
                Case(name="five draws of three components", args=(samples(2, 5, 3, 6),), visible=True),
                Case(name="six draws of three components", args=(samples(3, 6, 3, 5),)),
                Case(name="eight draws of four components", args=(samples(4, 8, 4, 10),)),
            ),
        ),
        Aspect(
            name="weighted draws",
            points=1,
            hint="What has no components, such as log_weights, stays as it is, and stays in the dict.",
            rule=Named((*DRAWS, Part("log_weights", "(S,)"))),
            cases=(
                Case(name="weighted draws", args=(weighted(5, samples(5, 4, 2, 3)),), visible=True),
                Case(name="other weighted draws", args=(weighted(6, samples(6, 5, 3, 4)),)),
                Case(name="weighted draws of four components", args=(weighted(7, samples(7, 5, 4, 4)),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.RELABEL,
)

ASSIGNMENT_PROBABILITIES = Exercise(
    name="assignment_probabilities",
    truth=reference.assignment_probabilities,
    rule=Arrays((Part("probabilities", "(M, K)", STEP),)),
    aspects=(
        Aspect(
            name="draws",
            points=2,
            hint="For each draw, the responsibilities of each new observation under that draw's parameters, in log "
            "space; then the average over the draws, not the responsibilities of average parameters.",
            cases=(
                Case(name="two components", args=(samples(8, 6, 2, 3), f32(350, 425, 500)), visible=True),
                Case(name="three components", args=(samples(9, 7, 3, 3), f32(340, 400, 455, 520))),
                Case(name="five draws of two components", args=(samples(10, 5, 2, 4), f32(365, 440, 480))),
                Case(name="far from every mean", args=(samples(11, 6, 2, 3), f32(9000, -4000, 425))),
            ),
        ),
        Aspect(
            name="weighted draws",
            points=1,
            hint="With log_weights, the average is weighted: by their exponentials, normalised in log space.",
            cases=(
                Case(
                    name="weighted draws",
                    args=(weighted(12, samples(12, 6, 2, 3)), f32(350, 425, 500)),
                    visible=True,
                ),
                Case(name="weighted, three components", args=(weighted(13, samples(13, 7, 3, 3)), f32(380, 430, 490))),
                Case(name="other weighted draws", args=(weighted(14, samples(14, 5, 2, 3)), f32(360, 410, 470))),
            ),
        ),
    ),
    misconceptions=draws_mistakes.ASSIGNMENT_PROBABILITIES,
)

ASSIGNMENT_ENTROPY = Exercise(
    name="assignment_entropy",
    truth=reference.assignment_entropy,
    rule=Arrays((Part("entropy", "(M,)", STEP),)),
    aspects=(
        Aspect(
            name="the number",
            points=1,
            hint="Minus the sum of p log p over each row, with the natural logarithm.",
            cases=(
                Case(name="three observations", args=(f32([0.5, 0.5], [0.9, 0.1], [0.25, 0.75]),), visible=True),
                Case(name="three components", args=(f32([0.2, 0.3, 0.5], [0.6, 0.3, 0.1]),)),
                Case(name="one observation", args=(f32([0.65, 0.35]),)),
            ),
        ),
        Aspect(
            name="certain ones",
            points=1,
            hint="p log p tends to 0 with p, but in floating point 0 times minus infinity is NaN.",
            cases=(
                Case(name="beyond doubt", args=(f32([1, 0], [0.3, 0.7]),), visible=True),
                Case(name="beyond doubt, three components", args=(f32([0, 1, 0], [0.5, 0, 0.5]),)),
                Case(name="beyond doubt, others", args=(f32([0, 1], [0.8, 0.2], [1, 0]),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.ASSIGNMENT_ENTROPY,
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
        SAMPLE_ASSIGNMENTS,
        SAMPLE_WEIGHTS,
        SAMPLE_MEANS,
        SAMPLE_STDS,
        GIBBS,
        RELABEL,
        ASSIGNMENT_PROBABILITIES,
        ASSIGNMENT_ENTROPY,
        Written(name="written_bayesian_gmm", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
