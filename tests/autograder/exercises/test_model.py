"""Declaring an exercise: cases by name, mistakes next to their code."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, Recurring, f32, keyed

SQUARED = Recurring("squared", "The numbers were squared.")
TWO_HIDDEN = {"two": (f32(2),), "three": (f32(3),)}


def doubling(*aspects: Aspect) -> Exercise:
    return Exercise("double", truth=lambda x: 2 * x, rule=Arrays((Part("doubles", "(N,)"),)), aspects=aspects)


def aspect(**changes) -> Aspect:
    given = {"points": 1, "hint": "Twice.", "visible": {"one": (f32(1),)}, "hidden": TWO_HIDDEN}
    return Aspect("all", **given | changes)


def test_the_cases_of_an_aspect_are_the_visible_ones_and_then_the_hidden_ones():
    exercise = doubling(aspect())

    assert [(case.name, case.visible, case.exercise) for case in exercise.cases] == [
        ("one", True, "double"),
        ("two", False, "double"),
        ("three", False, "double"),
    ]
    assert exercise.cases[1].arguments() is TWO_HIDDEN["two"]


@pytest.mark.parametrize(
    ("visible", "hidden", "needs"),
    [
        ({}, TWO_HIDDEN, "2 hidden.*it has 0 and 2"),
        ({"one": (f32(1),)}, {"two": (f32(2),)}, "2 hidden.*it has 1 and 1"),
        ({"one": (f32(1),)}, {}, "2 hidden.*it has 1 and 0"),
        ({"one": keyed()}, {}, "2 hidden.*it has 1 and 0"),
        ({"one": (f32(1),)}, {"two": keyed(), "three": (f32(3),)}, None),
        ({"one": keyed()}, {"two": keyed()}, None),
        ({}, {"two": keyed()}, "1 hidden.*it has 0 and 1"),
    ],
)
def test_an_aspect_has_a_visible_case_and_enough_hidden_ones(visible, hidden, needs):
    if needs is None:
        assert aspect(visible=visible, hidden=hidden).cases
        return
    with pytest.raises(ValueError, match=f"'all' needs a visible case and {needs}"):
        aspect(visible=visible, hidden=hidden)
    assert aspect(visible=visible, hidden=hidden, exception="said why").exception == "said why"


@pytest.mark.parametrize("given", [f32(1, 2), [f32(1)], 3])
def test_a_tuple_without_its_comma_is_refused(given):
    with pytest.raises(TypeError, match="the arguments of the case 'one' should be a tuple"):
        aspect(visible={"one": given})


def test_a_mistake_has_the_name_of_its_function():
    exercise = doubling(aspect())

    @exercise.mistake(says="One was added.", hint="Twice.", forms=(lambda x: 1 + x,), rounding=True)
    def one_added(x):
        return x + 1

    [mistake] = exercise.mistakes
    assert (mistake.name, mistake.says, mistake.hint) == ("one_added", "One was added.", "Twice.")
    assert mistake.variant is one_added
    assert mistake.rounding
    assert [form(np.array(3)) for form in mistake.variants] == [4, 4]
    assert mistake.recurring is None


def test_a_mistake_of_the_catalogue_keeps_its_sentence_and_its_identity():
    exercise = doubling(aspect())

    @exercise.mistake(SQUARED, hint="Twice, not x times.")
    def squared(x):
        return x**2

    [mistake] = exercise.mistakes
    assert (mistake.name, mistake.says, mistake.hint) == ("squared", SQUARED.says, "Twice, not x times.")
    assert mistake.recurring is SQUARED
    assert replace(mistake, hint="Again.").recurring is SQUARED
    assert SQUARED.here(hint="Twice.", variant=squared).recurring is SQUARED


def test_a_function_with_another_name_than_its_mistake_is_refused():
    exercise = doubling(aspect())

    with pytest.raises(ValueError, match="the function cubed declares the mistake squared: rename it to squared"):

        @exercise.mistake(SQUARED, hint="Twice.")
        def cubed(x):
            return x**3

    assert not exercise.mistakes


def test_mistakes_come_in_the_order_in_which_they_are_declared():
    exercise = doubling(aspect())
    exercise.add(SQUARED.here(hint="Twice.", variant=np.square))

    @exercise.mistake(says="The sign is wrong.", hint="Twice.")
    def negative(x):
        return -2 * x

    exercise.add(KnownMistake(name="root", says="The root came back.", hint="Twice.", variant=np.sqrt))

    assert [mistake.name for mistake in exercise.mistakes] == ["squared", "negative", "root"]
    assert not doubling(aspect()).mistakes


def test_two_mistakes_are_combined_by_their_names():
    exercise = doubling(aspect())
    exercise.add(SQUARED.here(hint="Twice.", variant=np.square))

    @exercise.mistake(says="One was added.", hint="Twice.")
    def one_added(x):
        return x + 1

    exercise.combine("one_added", "squared", change=lambda variant: lambda x: variant(x) + 1)

    [both] = exercise.together
    assert both.name == "one_added + squared"
    assert both.mistakes == (exercise.known("one_added"), exercise.known("squared"))
    assert both.variant(3) == 10
    with pytest.raises(KeyError):
        exercise.combine("one_added", "cubed", change=lambda variant: variant)


def test_an_exercise_under_another_name_has_its_own_cases():
    exercise = doubling(aspect(visible={"one": keyed()}))
    again, renamed = replace(exercise, seconds=3), replace(exercise, name="twice")

    assert again.cases == exercise.cases
    assert renamed.cases[0].arguments() != exercise.cases[0].arguments()
    assert renamed.aspect_of(exercise.cases[0]) is renamed.aspects[0]
