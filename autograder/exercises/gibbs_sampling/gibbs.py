"""The Gibbs sampler as a whole."""

from autograder.exercises import Aspect, Chains, Exercise, Posterior, distributions, gibbs_mistakes, key_aspect, keyed
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE, TURNED
from reference.data import BENTOS

GIBBS = Exercise(
    "gibbs",
    truth=distributions.posterior,
    rule=Posterior(),
    aspects=(
        Aspect(
            "two components",
            points=3,
            hint="One sweep: z given the rest, pi given z, mu given z and sigma, sigma given z and mu, each with a key "
            "of its own and each seeing what was drawn just before. Start near the data, throw the first sweeps away.",
            closer="Follow one sweep: which z, pi, mu and sigma does each step get, those just drawn or those of the"
            " sweep before? Then plot mu and sigma over the draws. Do they hop about from the first kept draw"
            " on?",
            probe=Chains(),
            visible={
                "the bentos": keyed(BENTOS, distributions.BENTO_PRIOR, 500),
                "two groups that overlap": keyed(OVERLAP.x, OVERLAP.prior, 500),
            },
            hidden={"a tiny data set": keyed(TURNED.x, TURNED.prior, 1000)},
        ),
        Aspect(
            "three components",
            points=2,
            hint="K is the length of the prior's arrays, and every component has priors of its own.",
            probe=Chains(),
            visible={},
            hidden={"three groups that overlap": keyed(THREE.x, THREE.prior, 500)},
            exception="a chain takes long, and the public ones are made in the same way",
        ),
        key_aspect(1, OVERLAP.x, OVERLAP.prior, 500, hidden=(GRAMS.x, GRAMS.prior, 500), short=3),
    ),
    seconds=300,
)

GIBBS.add(*gibbs_mistakes.MISTAKES)
