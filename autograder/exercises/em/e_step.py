"""The E-step."""

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part, f32
from autograder.exercises.em.data import CLOSE, CLOSER, NARROW, NARROWER, OVERLAP, SPREAD, TABLE
from reference import em

E_STEP = Exercise(
    "e_step",
    truth=em.e_step,
    rule=Arrays((Part("resp", "(N, K)", STEP), Part("log_likelihood", "()", STEP))),
    aspects=(
        Aspect(
            "two components",
            points=2,
            hint="First the joint log density of every observation with every component, (N, K). Normalise each "
            "row for resp; add up each row (as densities) for p(x_i), whose logs sum to the log likelihood.",
            closer="There are two sums over different axes: over the components, for p(x_i), and over the "
            "observations, for the log likelihood. A logarithm stands between them. In which order do yours "
            "come?",
            visible={
                "eight points, a first guess": (OVERLAP, f32(0.5, 0.5), f32(-1, 2), f32(1, 1.5)),
                "narrow components, one of them rare": (CLOSE, *NARROW),
            },
            hidden={
                "unbalanced weights": (OVERLAP, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75)),
                "one component within the other": (SPREAD, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5)),
                "other narrow components, one of them rare": (CLOSER, *NARROWER),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            visible={"three components": (OVERLAP, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1, 0.8, 1.25))},
            hidden={
                "one component": (SPREAD, f32(1), f32(0.5), f32(4)),
                "three components, unordered": (SPREAD, f32(0.3, 0.6, 0.1), f32(4, -4, 0.5), f32(2, 3, 0.75)),
                "five components": (
                    SPREAD,
                    f32(0.1, 0.2, 0.3, 0.25, 0.15),
                    f32(-6, -3, 0, 3, 6),
                    f32(1, 2, 1.5, 2.5, 3),
                ),
            },
        ),
        Aspect(
            "far from every mean",
            points=2,
            hint="exp(-705) is 0 in float32, and 0/0 is NaN. Stay with logarithms until the row is normalised: "
            "only differences of log densities matter there.",
            closer="`logsumexp` along the components gives log p(x_i), even where every density is 0. A "
            "responsibility is a ratio with p(x_i) below: what is that on the log scale?",
            visible={"bentos, one of them 425 g": (TABLE, f32(0.7, 0.3), f32(500, 350), f32(2, 2))},
            hidden={
                "a bento of 425 g, other odds": (TABLE, f32(0.4, 0.6), f32(500, 350), f32(2, 2)),
                "heavier by far than any bento": (TABLE * f32(1000), f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
            },
        ),
    ),
)
