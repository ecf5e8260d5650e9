"""Learning a mixture's parameters: cases, tolerances, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, f32
from autograder.exercises.em import (
    anomaly_mistakes,
    choice_mistakes,
    fit_mistakes,
    labelled_mistakes,
    maximisation_mistakes,
    pictures,
    step_mistakes,
)
from autograder.exercises.em.bound import ELBO
from autograder.exercises.em.data import (
    CLOSE,
    CLOSER,
    NARROW,
    NARROWER,
    OVERLAP,
    SPREAD,
    TABLE,
    TONKATSU,
    TRAYS,
    groups,
    hardly,
    soft,
)
from autograder.student.selfcheck.rules.arrays import EXACT, FIT, STEP, Arrays, Part
from autograder.student.selfcheck.values import Key
from reference import em
from reference.data import BENTOS, COFFEES

PARAMETERS = (Part("weights", "(K,)"), Part("means", "(K,)"), Part("stds", "(K,)"))
FITTED = tuple(Part(part.name, part.shape, FIT) for part in PARAMETERS)

LABELLED_MLE = Exercise(
    name="labelled_mle",
    truth=em.labelled_mle,
    rule=Arrays(PARAMETERS),
    aspects=(
        Aspect(
            name="two components",
            points=1,
            hint="Take one component at a time: what share of the observations is its, what is their mean, "
            "and what is the root of their mean squared deviation from it?",
            cases=(
                Case(
                    name="eight points in two groups",
                    args=(OVERLAP, np.array([0, 0, 0, 1, 0, 1, 1, 1]), 2),
                    visible=True,
                ),
                Case(name="two groups, one of them small", args=(OVERLAP, np.array([1, 1, 0, 0, 0, 0, 0, 0]), 2)),
                Case(
                    name="two groups that lie across each other", args=(SPREAD, np.array([0, 1, 0, 1, 0, 1, 1, 0]), 2)
                ),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="num_components may be any number from 1 on, and a component with a single observation has no spread.",
            cases=(
                Case(
                    name="three groups, one with a single point",
                    args=(OVERLAP, np.array([2, 2, 0, 0, 0, 0, 1, 0]), 3),
                    visible=True,
                ),
                Case(name="one group", args=(SPREAD, np.zeros(8, int), 1)),
                Case(name="three groups", args=(SPREAD, np.array([2, 0, 1, 0, 1, 1, 2, 2]), 3)),
                Case(name="five groups", args=(SPREAD, np.array([4, 3, 2, 1, 0, 4, 3, 2]), 5)),
            ),
        ),
        Aspect(
            name="heavy numbers",
            points=1,
            hint="float32 keeps seven digits. Squaring grams first and subtracting after uses them all up: "
            "subtract the mean from the observations, then square.",
            cases=(
                Case(name="the bentos", args=(BENTOS, (BENTOS < 425).astype(int), 2), visible=True),
                Case(name="bentos on a heavy tray", args=(TRAYS, np.array([0, 1, 0, 1, 0, 0, 1, 0]), 2)),
                Case(name="bentos on a heavy tray, other labels", args=(TRAYS, np.array([1, 1, 0, 1, 0, 0, 1, 1]), 2)),
            ),
        ),
    ),
    misconceptions=labelled_mistakes.LABELLED_MLE,
    together=labelled_mistakes.LABELLED_MLE_TOGETHER,
)

E_STEP = Exercise(
    name="e_step",
    truth=em.e_step,
    rule=Arrays((Part("resp", "(N, K)", STEP), Part("log_likelihood", "()", STEP))),
    aspects=(
        Aspect(
            name="two components",
            points=2,
            hint="First the joint log density of every observation with every component, (N, K). Normalise each "
            "row for resp; add up each row (as densities) for p(x_i), whose logs sum to the log likelihood.",
            cases=(
                Case(
                    name="eight points, a first guess",
                    args=(OVERLAP, f32(0.5, 0.5), f32(-1, 2), f32(1, 1.5)),
                    visible=True,
                ),
                Case(name="narrow components, one of them rare", args=(CLOSE, *NARROW), visible=True),
                Case(name="unbalanced weights", args=(OVERLAP, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75))),
                Case(name="one component within the other", args=(SPREAD, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5))),
                Case(name="other narrow components, one of them rare", args=(CLOSER, *NARROWER)),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            cases=(
                Case(
                    name="three components",
                    args=(OVERLAP, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1, 0.8, 1.25)),
                    visible=True,
                ),
                Case(name="one component", args=(SPREAD, f32(1), f32(0.5), f32(4))),
                Case(
                    name="three components, unordered",
                    args=(SPREAD, f32(0.3, 0.6, 0.1), f32(4, -4, 0.5), f32(2, 3, 0.75)),
                ),
                Case(
                    name="five components",
                    args=(SPREAD, f32(0.1, 0.2, 0.3, 0.25, 0.15), f32(-6, -3, 0, 3, 6), f32(1, 2, 1.5, 2.5, 3)),
                ),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=2,
            hint="exp(-705) is 0 in float32, and 0/0 is NaN. Stay with logarithms until the row is normalised: "
            "only differences of log densities matter there.",
            cases=(
                Case(
                    name="bentos, one of them 425 g",
                    args=(TABLE, f32(0.7, 0.3), f32(500, 350), f32(2, 2)),
                    visible=True,
                ),
                Case(name="a bento of 425 g, other odds", args=(TABLE, f32(0.4, 0.6), f32(500, 350), f32(2, 2))),
                Case(
                    name="heavier by far than any bento",
                    args=(TABLE * f32(1000), f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
                ),
            ),
        ),
    ),
    misconceptions=step_mistakes.E_STEP,
    together=step_mistakes.E_STEP_TOGETHER,
)

M_STEP = Exercise(
    name="m_step",
    truth=em.m_step,
    rule=Arrays(PARAMETERS),
    aspects=(
        Aspect(
            name="two components",
            points=2,
            hint="An observation counts for component k by resp[i, k]. First how many each component is worth "
            "in all, then weighted means, then weighted squared deviations from these new means.",
            cases=(
                Case(name="eight points, soft", args=(OVERLAP, soft(8, 2, seed=1)), visible=True),
                Case(name="eight points close together", args=(CLOSE, soft(8, 2, seed=8)), visible=True),
                Case(name="a component with hardly any share", args=(OVERLAP, hardly(8, seed=1)), visible=True),
                Case(name="other responsibilities", args=(OVERLAP, soft(8, 2, seed=2))),
                Case(name="other points", args=(SPREAD, soft(8, 2, seed=3))),
                Case(name="other points close together", args=(CLOSER, soft(8, 2, seed=9))),
                Case(name="another component with hardly any share", args=(SPREAD, hardly(8, seed=2))),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the number of columns of resp: nothing in the code should know that it is 2.",
            cases=(
                Case(name="three components", args=(OVERLAP, soft(8, 3, seed=4)), visible=True),
                Case(name="one component", args=(SPREAD, np.ones((8, 1), np.float32))),
                Case(name="three components, other points", args=(SPREAD, soft(8, 3, seed=5))),
                Case(name="five components", args=(OVERLAP, soft(8, 5, seed=6))),
            ),
        ),
        Aspect(
            name="heavy numbers",
            points=2,
            hint="float32 keeps seven digits. E[x^2] - mean^2 uses them all up at 500 g: subtract the mean "
            "from the observations, then square.",
            cases=(
                Case(
                    name="the bentos, beyond doubt",
                    args=(BENTOS, np.stack([TONKATSU, 1 - TONKATSU], axis=1)),
                    visible=True,
                ),
                Case(
                    name="bentos on a heavy tray",
                    args=(TRAYS, np.stack([(TRAYS > 10425), (TRAYS <= 10425)], axis=1).astype(np.float32)),
                ),
                Case(name="bentos on a heavy tray, in doubt", args=(TRAYS, soft(8, 2, seed=7))),
            ),
        ),
    ),
    misconceptions=maximisation_mistakes.M_STEP,
    together=maximisation_mistakes.M_STEP_TOGETHER,
)

FIT_EM = Exercise(
    name="fit_em",
    truth=em.fit_em,
    rule=Arrays((*FITTED, Part("log_likelihoods", "(num_iters,)", FIT))),
    aspects=(
        Aspect(
            name="the first iterations",
            points=3,
            hint="One iteration: an E-step with the current parameters (its log likelihood is the entry to "
            "record), then an M-step with its responsibilities.",
            cases=(
                Case(
                    name="eight points, three iterations",
                    args=(OVERLAP, f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5), 3),
                    visible=True,
                ),
                Case(
                    name="eight points close together, three iterations",
                    args=(OVERLAP / np.float32(3000), f32(0.4, 0.6), f32(-4e-4, 7e-4), f32(3e-4, 5e-4), 3),
                    visible=True,
                ),
                Case(name="another start, two iterations", args=(OVERLAP, f32(0.8, 0.2), f32(3, -1.5), f32(2, 0.8), 2)),
                Case(name="other points, three iterations", args=(SPREAD, f32(0.3, 0.7), f32(4, -2), f32(3, 2.5), 3)),
                Case(
                    name="other points close together, three iterations",
                    args=(SPREAD / np.float32(9000), f32(0.3, 0.7), f32(4e-4, -2e-4), f32(3e-4, 4e-4), 3),
                ),
            ),
        ),
        Aspect(
            name="many iterations",
            points=3,
            hint="The function should run for any K and any num_iters, and leave the components in the order "
            "in which they started.",
            cases=(
                Case(
                    name="the bentos from extreme guesses",
                    args=(BENTOS, f32(0.5, 0.5), f32(520, 340), f32(30, 30), 10),
                    visible=True,
                ),
                Case(name="overlapping groups", args=(SPREAD, f32(0.5, 0.5), f32(5, -5), f32(2, 2), 12)),
                Case(
                    name="identical starting means",
                    args=(OVERLAP, f32(0.3, 0.7), f32(2, 2), f32(2, 2), 12),
                ),
                Case(
                    name="three components",
                    args=(SPREAD, f32(0.3, 0.3, 0.4), f32(5, -5, 0), f32(2, 2, 1.5), 6),
                ),
            ),
        ),
    ),
    misconceptions=fit_mistakes.FIT_EM,
)

BIC = Exercise(
    name="bic",
    truth=em.bic,
    rule=Arrays((Part("bic", "()", STEP),)),
    aspects=(
        Aspect(
            name="the score",
            points=2,
            hint="Twice the negative log likelihood, plus log N for each free parameter. K components: how many "
            "means, how many standard deviations, and how many weights that are free?",
            cases=(
                Case(name="two components, 20 bentos", args=(-54.25, 2, 20), visible=True),
                Case(name="three components, 30 cups", args=(-94.5, 3, 30), visible=True),
                Case(name="four components, 60 observations", args=(-203.25, 4, 60)),
                Case(name="one component, 100 observations", args=(-350.75, 1, 100)),
                Case(name="five components, a positive log likelihood", args=(12.5, 5, 7)),
            ),
        ),
    ),
    misconceptions=choice_mistakes.BIC,
    together=choice_mistakes.BIC_TOGETHER,
)

SELECT_NUM_COMPONENTS = Exercise(
    name="select_num_components",
    truth=em.select_num_components,
    rule=Arrays((Part("the number of components", "()", EXACT),)),
    aspects=(
        Aspect(
            name="the choice",
            points=5,
            hint="Fit each candidate from several random starts, keep the best log likelihood of each, and choose "
            "by BIC. If a standard deviation may fall towards 0, the likelihood grows without bound and the "
            "largest candidate wins: keep it above a hundredth of that of x.",
            cases=(
                Case(name="the coffees", args=(Key(0), COFFEES, (2, 3, 4)), visible=True),
                Case(
                    name="hidden groups, first data set",
                    args=(Key(1), groups(11, (20, 40, 2), (10, 75, 3)), (3, 1, 2)),
                ),
                Case(name="a single group", args=(Key(2), groups(12, (30, 500, 6)), (4, 3, 1)), visible=True),
                Case(
                    name="hidden groups, third data set",
                    args=(Key(3), groups(13, (6, -30, 2), (14, 0, 3), (10, 40, 2.5)), (2, 3, 1)),
                ),
                Case(name="another single group", args=(Key(5), groups(15, (30, -12, 3)), (3, 1, 4))),
                Case(
                    name="hidden groups, fourth data set",
                    args=(Key(4), groups(14, (12, 100, 12), (18, 180, 3)), (2, 1, 3)),
                ),
            ),
        ),
    ),
    misconceptions=choice_mistakes.SELECT_NUM_COMPONENTS,
    seconds=60,
)

ANOMALY_SCORE = Exercise(
    name="anomaly_score",
    truth=em.anomaly_score,
    rule=Arrays((Part("scores", "(N,)", STEP),)),
    aspects=(
        Aspect(
            name="everyday observations",
            points=1,
            hint="The score of x_i is -log p(x_i), where p adds up all components with their weights.",
            cases=(
                Case(
                    name="eight points, two components",
                    args=(OVERLAP, f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5)),
                    visible=True,
                ),
                Case(name="narrow components, one of them rare", args=(CLOSE, *NARROW), visible=True),
                Case(name="other narrow components, one of them rare", args=(CLOSER, *NARROWER)),
                Case(name="one component", args=(SPREAD, f32(1), f32(0.5), f32(4))),
                Case(
                    name="three components",
                    args=(SPREAD, f32(0.4, 0.5, 0.1), f32(3, -4, 1.5), f32(2.5, 3, 0.75)),
                    visible=True,
                ),
                Case(
                    name="three other components", args=(OVERLAP, f32(0.3, 0.5, 0.2), f32(-2, 1, 3), f32(1, 0.8, 1.5))
                ),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=2,
            hint="A density below 1e-38 is 0 in float32, and -log 0 is infinite. Add the components up without "
            "leaving log space.",
            cases=(
                Case(
                    name="bentos, one of them 425 g",
                    args=(TABLE, f32(0.7, 0.3), f32(500, 350), f32(2, 2)),
                    visible=True,
                ),
                Case(name="bentos by another recipe", args=(TABLE, f32(0.4, 0.6), f32(500, 350), f32(2, 3))),
                Case(
                    name="heavier by far than any bento",
                    args=(TABLE * f32(1000), f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
                ),
            ),
        ),
    ),
    misconceptions=anomaly_mistakes.ANOMALY_SCORE,
    together=anomaly_mistakes.ANOMALY_SCORE_TOGETHER,
)

ASSIGNMENT = Assignment(
    name="em",
    title="Learning a mixture: expectation-maximization",
    pictures=pictures.numbers,
    exercises=(
        LABELLED_MLE,
        E_STEP,
        M_STEP,
        FIT_EM,
        ELBO,
        BIC,
        SELECT_NUM_COMPONENTS,
        ANOMALY_SCORE,
        Written(name="written_em", points=8),
    ),
)
