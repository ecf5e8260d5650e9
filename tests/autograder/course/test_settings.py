from datetime import date

import pytest

from autograder.course import settings
from autograder.errors import SettingsError
from autograder.exercises import Exercise, load
from tests.autograder import toy


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("[solutions]\n", None),
        ("[solutions]\nem = 2027-01-31\n", date(2027, 1, 31)),
        (settings.TEMPLATE, None),
    ],
)
def test_the_day_of_the_solutions(tmp_path, text, day):
    (tmp_path / "course.toml").write_text(text)

    assert settings.solutions_from(tmp_path, "em") == day


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("", {}),
        (settings.TEMPLATE, {}),
        ("[partial_credit]\ncoffee.fit_coffee.labels_switched = 1\n", {}),
        ("[partial_credit]\nem.m_step.variance_for_std = 0.5", {"m_step": {"variance_for_std": 0.5}}),
        ("[partial_credit.em.bic]\nno_penalty = 0\nsign = 1", {"bic": {"no_penalty": 0, "sign": 1}}),
    ],
)
def test_the_shares_of_known_mistakes(tmp_path, text, shares):
    (tmp_path / "course.toml").write_text(text)

    assert settings.partial_credit(tmp_path, "em") == shares


def test_missing_settings_are_empty(tmp_path):
    assert settings.solutions_from(tmp_path, "em") is None
    assert settings.partial_credit(tmp_path, "em") == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[solutions", "is not valid TOML"),
        (b"\xff", "is not valid TOML"),
        ("solutions = 3", "solutions should be a table"),
        ('[solutions]\nem = "soon"', "solutions.em should be a date such as 2027-01-31"),
        ("[solutions]\nem = 2027-01-31T10:00:00", "solutions.em should be a date such as 2027-01-31"),
    ],
)
def test_an_invalid_day_is_reported(tmp_path, text, says):
    (tmp_path / "course.toml").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(SettingsError, match=rf"course\.toml.*{says}"):
        settings.solutions_from(tmp_path, "em")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("em = 0.5", "partial_credit.em should be a table"),
        ("em.m_step = 0.5", "partial_credit.em.m_step should be a table"),
        ("em.m_step.variance_for_std = 2", "from 0 to 1, not 2"),
        ("em.m_step.variance_for_std = -0.5", "from 0 to 1, not -0.5"),
        ("em.m_step.variance_for_std = nan", "from 0 to 1, not nan"),
        ("em.m_step.variance_for_std = true", "from 0 to 1, not True"),
        ('em.m_step.variance_for_std = "half"', "from 0 to 1, not 'half'"),
    ],
)
def test_an_invalid_share_is_reported(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(f"[partial_credit]\n{text}\n")

    with pytest.raises(SettingsError, match=rf"course\.toml.*{says}"):
        settings.partial_credit(tmp_path, "em")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("toy.dubble.squared = 0.5", "partial_credit.toy has no exercise 'dubble'; did you mean double?"),
        ("toy.essay.squared = 0.5", "partial_credit.toy has no exercise 'essay'; there are: double"),
        ("toy.double.square = 0.5", "partial_credit.toy.double has no known mistake 'square'; did you mean squared?"),
    ],
)
def test_unknown_exercises_and_mistakes_are_reported(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(f"[partial_credit]\n{text}\n")

    with pytest.raises(SettingsError, match=says.replace("?", r"\?")):
        settings.check(tmp_path, toy.TOY)


def test_the_example_in_the_template_is_valid():
    *_, example = settings.TEMPLATE.splitlines()
    assignment, exercise, mistake = example.removeprefix("# ").split(" = ")[0].split(".")

    (found,) = [item for item in load(assignment).exercises if item.name == exercise]
    assert isinstance(found, Exercise)
    assert mistake in [item.name for item in found.mistakes]
