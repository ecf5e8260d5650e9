"""The mixture with any number of clusters: exact probabilities, the chapter's numbers, the worth of its draws."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.exercises.dpmm import pictures
from autograder.exercises.dpmm.pictures import BASE, CHAPTER, CHAPTER_BASE, COUNTS, TEN
from reference import dpmm
from reference import exact_partitions as exact
from tests.reference.partitions import Base
from tests.reference.test_dpmm import SETTINGS
from tests.texts.printed import says, text


@cache
def ten() -> exact.Posterior:
    return exact.posterior(TEN, 1.0, BASE)


def test_the_data_are_those_of_the_notebook():
    says("dpmm", f"TEN = jnp.array([{', '.join(map(str, TEN))}])")
    loc, count, shape, rate = BASE
    says("dpmm", f"BENTO_BASE = Base(loc={loc}, count={count}, shape={shape}, rate={rate})")
    assert SETTINGS["ten"][0].tolist() == TEN.tolist()
    says("dpmm", f"ten observations have {len(ten().partitions):,}".replace(",", " "))
    # The mean of s^2 is rate / (shape - 1); a cluster's mean is about s / sqrt(count) away from loc.
    typical = np.sqrt(rate / (shape - 1))
    says("dpmm", f"so s is # about {typical:.0f} g", "within about 60 g of 400 g")
    assert typical / np.sqrt(count) == pytest.approx(60, abs=5)
    says("dpmm", f"counts {1 / count:.0f} times as much as the prior")


def test_the_odd_bento_is_alone():
    alone = ten().probability @ (np.sum(ten().partitions == ten().partitions[:, [5]], axis=1) == 1)
    says("dpmm", f"the bento of 425 g has a cluster of its own is {alone:.3f}")
    says("dpmm", "exact: 0, 0, {:.3f}, {:.3f}, {:.3f}".format(*ten().num_clusters()[2:5]))
    assert max(ten().num_clusters()[:2]) < 0.0005
    shared = ten().together()
    assert np.all(shared[:5, :5] > 0.9)
    assert np.all(shared[6:, 6:] > 0.98)
    assert np.all(shared[:6, 6:] < 0.001)


def test_seats_and_tables():
    says("dpmm", "With counts (3, 1) and $\\alpha = 1$ that is (0.6, 0.2, 0.2)")
    assert dpmm.crp_probabilities(jnp.array([3, 1]), 1.0).tolist() == pytest.approx([0.6, 0.2, 0.2])
    says("dpmm", "For three customers and $\\alpha = 1$ this gives 1/3, 1/2 and 1/6")
    assert dpmm.num_clusters_prior(1.0, 3).tolist() == pytest.approx([1 / 3, 1 / 2, 1 / 6])
    expected = [np.sum(alpha / (alpha + np.arange(20))) for alpha in (0.5, 1, 2, 10)]
    says("dpmm", "it is {:.2f}, {:.2f}, {:.2f} and {:.2f} tables with $\\alpha$ = 0.5, 1, 2 and 10".format(*expected))
    before = np.asarray(dpmm.num_clusters_prior(1.0, 10))
    says("dpmm", "before the data, three clusters are the most probable number")
    assert np.argmax(before) + 1 == 3
    assert before[4] > 0.05 > before[5]  # "spread from 1 to 5"


def test_pieces_of_sticks():
    says("dpmm", "for $f$ = (0.5, 0.5, 0.5) the right pieces are 0.5, 0.25, 0.125, 0.125")
    assert dpmm.stick_breaking(jnp.full(3, 0.5)).tolist() == [0.5, 0.25, 0.125, 0.125]


def test_where_two_bentos_belong():
    base = Base(*BASE)
    p = exact.reassignment(5, TEN, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1], 1.0, base)
    says("dpmm", f"on its own it has the probability {p[2]:.6f}")
    q = exact.reassignment(3, TEN, [0, 0, 0, 0, 0, 2, 1, 1, 1, 1], 1.0, base)
    says("dpmm", f"The bento of 352 g stays, with {q[0]:.3f}")
    assert np.argmax(q) == 0
    np.testing.assert_allclose(
        dpmm.reassignment_probabilities(3, TEN, jnp.array([0, 0, 0, 0, 0, 2, 1, 1, 1, 1]), 1.0, base), q, rtol=1e-9
    )


def test_the_next_bento():
    grams = np.linspace(376, 474, 197)
    density = ten().predictive_density(grams)
    top = int(np.argmax(density))
    says("dpmm", f"small peak at {grams[top]:.0f} g is {density[top]:.3f} high")


def test_how_the_base_moves_the_number_of_clusters():
    shares = {
        count: exact.num_clusters_by_subsets(TEN, 1.0, (BASE[0], count, *BASE[2:]))[0] for count in (*COUNTS, 0.05)
    }
    says("dpmm", f"with the count at 0.0025, K = 3 has the probability {shares[0.0025][2]:.3f}")
    says("dpmm", f"With 0.05 it has {shares[0.05][2]:.3f}", f"With 1 it has {shares[1.0][2]:.4f}")
    says("dpmm", f"a single cluster for all ten bentos has {shares[1.0][0]:.3f}")


def test_more_bentos_of_one_kind():
    numbers = pictures.one_kind()
    p = dict(zip(numbers["num_observations"].tolist(), numbers["posterior"][:, 0], strict=True))
    says(
        "dpmm",
        f"It is {p[2]:.2f} with two bentos, {p[4]:.2f} with four, {p[8]:.2f} with eight and {p[12]:.2f} with twelve",
    )
    assert np.all(np.diff(list(p.values())) < 0)
    says("dpmm", "`Base({:g}, {:g}, {:g}, {:g})`".format(*pictures.ONE_KIND))


def test_the_chapters_numbers_and_the_right_ones():
    says("dpmm", "The 11 numbers have 678 570 partitions")  # Bell's number; OEIS A000110
    exactly = {alpha: exact.num_clusters_by_subsets(CHAPTER, alpha, CHAPTER_BASE)[0] for alpha in (0.5, 1.0, 2.0, 10.0)}
    says("dpmm", "**{:.3f}, {:.3f}, {:.3f}**".format(*exactly[1.0][2:5]))
    says("dpmm", "P(K = 3), P(K = 4), P(K = 5) = {}, {}, {}".format(*pictures.PRINTED))
    means = [exactly[alpha] @ np.arange(1, 12) for alpha in (0.5, 2.0, 10.0)]
    says("dpmm", "where {:.2f}, {:.2f} and {:.2f} are right".format(*means))
    # "A base with a very sharp prior on the variance comes close to the chapter's model"
    sharp = exact.num_clusters_by_subsets(CHAPTER, 1.0, (0, 0.01, 500, 500))[0]
    np.testing.assert_allclose(sharp[2:5], exactly[1.0][2:5], atol=0.01)


@pytest.mark.long
def test_the_effective_size_of_200_draws_of_the_chapters_sampler():
    """Walker's slice sampler as the chapter has it, with 20 pieces, for 40 000 sweeps."""
    x, pieces = jnp.array(CHAPTER), jnp.arange(20)

    def sweep(state, key):
        z, mu, weights = state
        slice_key, label_key, stick_key, mean_key = jax.random.split(key, 4)
        slices = jax.random.uniform(slice_key, x.shape) * weights[z]
        logs = jnp.where(weights > slices[:, None], -((x[:, None] - mu) ** 2) / 2, -jnp.inf)
        z = jax.random.categorical(label_key, logs, axis=1)
        member = 1.0 * (z == pieces[:, None])
        counts = member.sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        fractions = jax.random.beta(stick_key, 1 + counts, 1 + after)
        weights = fractions * jnp.append(1.0, jnp.cumprod(1 - fractions))[:-1]
        precision = counts + 0.01
        mu = (member * x).sum(axis=1) / precision + jax.random.normal(mean_key, (20,)) / jnp.sqrt(precision)
        return (z, mu, weights), jnp.sum(counts > 0)

    start = (jnp.zeros(len(x), int), 10 * jax.random.normal(jax.random.key(1), (20,)), jnp.full(20, 0.05))
    _, k = jax.jit(lambda keys: jax.lax.scan(sweep, start, keys))(jax.random.split(jax.random.key(0), 40_500))
    three = np.asarray(k[500:] == 3, float)
    batches = three.reshape(80, 500).mean(axis=1)

    assert three.mean() == pytest.approx(0.7586, abs=0.02)  # "The sampler has no error in it."
    # The number of independent draws whose average varies as much as that of 500 successive draws.
    worth = 200 / (500 * batches.var(ddof=1) / (three.mean() * (1 - three.mean())))
    assert 12 < worth < 33
    says("dpmm", "200 of them are worth about 20 independent ones")
    says("dpmm", "From 20 draws a share of 0.76 is known to within 0.10 or so")
    assert np.sqrt(0.76 * 0.24 / 20) == pytest.approx(0.10, abs=0.01)


def test_the_estimate_of_time_is_about_the_parts_that_it_names():
    from autograder.exercises import load

    points = {exercise.name: exercise.points for exercise in load("dpmm").exercises}
    short = ("crp_probabilities", "simulate_crp", "num_clusters_prior", "stick_breaking", "cluster_log_marginal")
    assert sum(points[name] for name in (*short, "predictive_log_density", "reassignment_probabilities")) == 21
    assert sum(points.values()) == 43
    assert "five to six hours" in text("dpmm")
