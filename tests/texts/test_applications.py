"""Mixtures at work: BIC of the households, the ridge, the small examples."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.exercises.applications import pictures
from reference import applications
from reference.real_data import HOUSEHOLDS
from tests.texts.printed import says


def fit_full(x, start, *, num_iters: int, ridge):
    """EM from the start of the notebook, and the log likelihood before each iteration and at the end."""
    k = len(start)

    def iteration(parameters, _):
        resp, log_likelihood = applications.e_step_full(x, *parameters)
        weights, means, covs = applications.m_step_full(x, resp)
        return (weights, means, covs + ridge), log_likelihood

    begin = jnp.full(k, 1 / k), jnp.asarray(start), jnp.stack([jnp.cov(x.T)] * k)
    parameters, path = jax.lax.scan(iteration, begin, length=num_iters)
    return parameters, jnp.append(path, applications.e_step_full(x, *parameters)[1])


def bic_full(log_likelihood, k: int, n: int, d: int) -> float:
    return float((k - 1 + k * d + k * d * (d + 1) / 2) * np.log(n) - 2 * log_likelihood)


START = np.array([[800.0, 500.0], [1600.0, 900.0]])


@pytest.mark.long
def test_bic_on_logarithms_and_on_francs():
    francs = jnp.array(HOUSEHOLDS, float)
    scores, means = {}, {}
    for scale, x, start in (("francs", francs, START), ("logarithms", jnp.log(francs), np.log(START))):
        for k, begin in ((1, x.mean(axis=0)[None]), (2, start)):
            parameters, path = fit_full(x, begin, num_iters=2000, ridge=0.0)
            assert path[-1] - path[-2] < 1e-8  # converged
            scores[scale, k], means[scale, k] = bic_full(path[-1], k, *x.shape), parameters[1]
    says("applications", f"prefers one component ({scores['logarithms', 1]:.1f}) to two ({scores['logarithms', 2]:.1f}")
    assert scores["francs", 2] < scores["francs", 1]
    incomes = np.exp(np.asarray(means["logarithms", 2])[:, 0])
    says("applications", f"{incomes[0]:.0f} and {incomes[1]:.0f} francs")


def test_the_segments_of_the_figure():
    x = jnp.array(HOUSEHOLDS, float)
    segments, _ = fit_full(x, START, num_iters=20, ridge=jnp.cov(x.T) / 1000)
    members = np.argmax(applications.e_step_full(x, *segments)[0], axis=1)
    flags = np.asarray(applications.flag_anomalies(x, *segments, 5 / len(x)))
    incomes = HOUSEHOLDS[:, 0]

    assert np.mean(members == 0) > 0.8  # "Segment 0, most households"
    end = np.round(np.mean([incomes[members == 0].max(), np.quantile(incomes[members == 1], 0.05)]), -2)
    says("applications", f"is a narrow cloud up to about {end:.0f} francs.")
    says("applications", 'Five households are flagged, all of them in segment 1."')
    assert members[flags].tolist() == [1] * 5


@pytest.mark.long
def test_no_other_start_does_better_on_logarithms():
    x = jnp.log(jnp.array(HOUSEHOLDS, float))
    best = -bic_full(fit_full(x, np.log(START), num_iters=2000, ridge=0.0)[1][-1], 2, *x.shape)
    keys = jax.random.split(jax.random.key(0), 20)
    starts = jax.vmap(lambda key: jax.random.choice(key, x, (2,), replace=False))(keys)
    ends = jax.vmap(lambda start: fit_full(x, start, num_iters=1000, ridge=0.0)[1][-1])(starts)
    assert max(-bic_full(end, 2, *x.shape) for end in ends if np.isfinite(end)) < best + 0.01


def test_the_ridge_lowers_the_log_likelihood_a_little():
    x = jnp.array(HOUSEHOLDS, float)
    _, without = fit_full(x, START, num_iters=200, ridge=0.0)
    _, path = fit_full(x, START, num_iters=200, ridge=jnp.cov(x.T) / 1000)
    says("applications", "With the households it does, by less than 0.001")
    assert jnp.max(-jnp.diff(without)) < 1e-9
    assert 1e-5 < jnp.max(-jnp.diff(path)) < 1e-3


def test_the_small_example_and_the_numbers_of_parameters():
    x = jnp.array([[0.0, 0.0], [2.0, 4.0], [4.0, 2.0]])
    _, means, covs = applications.m_step_full(x, jnp.array([[1, 0], [0.5, 0.5], [0, 1.0]]))
    says("applications", f"$(1, 2)/1.5 = ({means[0, 0]:.3f}, {means[0, 1]:.3f})$")
    says(
        "applications",
        f"has {covs[0, 0, 0]:.3f} and {covs[0, 1, 1]:.3f} on its diagonal and {covs[0, 0, 1]:.3f} beside it",
    )
    parameters = {d: [4, 5 * d, 5 * d * (d + 1) // 2] for d in (3, 300)}
    says("applications", f"{' + '.join(map(str, parameters[3]))} = {sum(parameters[3])}")
    weights, means_, covs_ = parameters[300]
    says("applications", f"{weights} + {means_} + {covs_:,} = {sum(parameters[300]):,}".replace(",", " "))


def test_the_household_that_is_unusual_without_being_extreme():
    spent = {int(income): food / income for income, food in HOUSEHOLDS.tolist()}
    says("applications", "An income of 2552 francs is high, and 864 francs for food are what many spend")
    others = [share for income, share in spent.items() if abs(income - 2552) < 300 and income != 2552]
    assert np.mean(others) / spent[2552] > 1.5  # "one and a half times as much"


def test_who_is_speaking():
    speakers = pictures.numbers()["speakers"]
    total = speakers["log_ratios"].sum()
    says("applications", f"The sum over {len(speakers['log_ratios'])} frames is {total:.1f}")
    says("applications", f"odds of about {round(np.exp(total), -3):,.0f} to 1".replace(",", " "))
    assert np.any(speakers["log_ratios"] < 0)  # "Some frames are more probable under the wrong speaker."
    says("applications", f"B are {pictures.HIGHER - 1:.0%} higher".replace("%", " %"))
    first, second = (
        applications.e_step_full(jnp.array(speakers["frames"]), jnp.array(pictures.SHARES), means, covs)[1]
        for means, covs in zip(jnp.array(speakers["means"]), jnp.array(speakers["covs"]), strict=True)
    )
    assert abs(first - second - total) < 1e-5


def test_the_wrong_count_of_parameters_in_a_sample_answer():
    wrong = {d: 5 * (1 + d + d**2) for d in (3, 300)}
    says("applications", f"so {wrong[3]} and {wrong[300]:,}".replace(",", " "))


@pytest.mark.long
def test_the_portrait_in_colours_is_what_the_reference_makes_of_it():
    image = pictures.portrait(pictures.BLOCK).astype(float)
    parameters = pictures.fitted(image.reshape(-1, 3), 4)
    labels = applications.segment_image(jnp.array(image), *map(jnp.array, parameters))
    shown = pictures.numbers()["colours"]["segmented"]["4"]["labels"]
    assert "".join(map(str, np.asarray(labels).ravel())) == shown
