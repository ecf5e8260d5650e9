"""The misunderstandings in the class report."""

from dataclasses import replace

import pytest

from autograder import exercises, paths
from autograder.exercises import Exercise, KnownMistake
from autograder.publish.class_report import mistakes
from tests.autograder.publish.class_report.toy_class import CLASS, double, essay, verdict
from tests.autograder.toy import DOUBLE, TOY


def test_a_mistake_is_listed_with_its_students_and_a_sentence():
    (found,) = mistakes.misunderstandings(TOY, CLASS[:5])

    assert (found.name, found.says) == ("squared", "The numbers were squared.")
    assert found.exercises == (("double", 2),)
    assert found.students == ("chiara", "dmitri")
    assert found.sentence == (
        "Two of you made the same mistake in `double`. The numbers were squared. Twice, not x times."
    )


def test_a_recurring_mistake_in_two_exercises_counts_once():
    again = replace(DOUBLE, name="again", mistakes=(replace(DOUBLE.mistakes[0], hint="Again."),))
    assignment = replace(TOY, exercises=(DOUBLE, again))
    wrong = double(0, mistake="squared")
    verdicts = [
        verdict("ada", wrong, replace(wrong, name="again")),
        verdict("bilal", double(), replace(wrong, name="again")),
        verdict("chiara", double(), replace(double(), name="again")),
        verdict("dmitri", double(), replace(double(), name="again")),
    ]

    (found,) = mistakes.misunderstandings(assignment, verdicts)

    assert found.exercises == (("again", 2), ("double", 1))
    assert found.students == ("ada", "bilal")
    assert (
        found.sentence == "Two of you made the same mistake in `again` and `double`. The numbers were squared. Again."
    )


def test_two_mistakes_of_the_same_name_count_separately():
    own = KnownMistake(name="squared", says="The root was squared.", hint="Again.", variant=lambda x: x)
    assignment = replace(TOY, exercises=(DOUBLE, replace(DOUBLE, name="again", mistakes=(own,))))
    wrong = double(0, mistake="squared")

    found = mistakes.misunderstandings(assignment, [verdict("ada", wrong, replace(wrong, name="again"))])

    assert [(item.says, item.exercises) for item in found] == [
        ("The numbers were squared.", (("double", 1),)),
        ("The root was squared.", (("again", 1),)),
    ]


@pytest.mark.parametrize(
    ("count", "of", "opening"),
    [
        (1, 9, "Here is a mistake that is easily made in `a`, `b` and `c`. "),
        (3, 9, "Three of you "),
        (13, 90, "13 of you "),
        (6, 9, "Most of you "),
    ],
)
def test_the_sentence_for_the_lecture_names_nobody(count, of, opening):
    mistake = KnownMistake(name="m", says="It fell.", hint="Catch it.", variant=lambda: None)

    said = mistakes.sentence(mistake, ["a", "b", "c"], count=count, of=of)

    assert said.startswith(opening)
    assert said.endswith("It fell. Catch it.")


def test_aspects_lost_without_a_known_mistake_are_listed():
    verdicts = [
        *CLASS,
        verdict("kofi", double(2, wrong=["three of them", "four of them"], message="doubles: another shape"), essay()),
    ]

    (found,) = mistakes.lost(TOY, [item for item in verdicts if item.status == "graded"])

    assert (found.exercise, found.aspect) == ("double", "long")
    assert found.students == ("bilal", "kofi")
    assert found.checks == (("four of them", 2), ("three of them", 1))
    assert found.said == "doubles: another shape"


def test_the_sentences_of_all_mistakes_are_whole():
    """The page shows a mistake's sentence and hint after an opening, so both must be whole sentences."""
    for name in paths.ASSIGNMENTS:
        for exercise in exercises.load(name).exercises:
            for mistake in exercise.mistakes if isinstance(exercise, Exercise) else ():
                said = mistakes.sentence(mistake, [exercise.name], count=2, of=9)
                assert mistake.says.endswith((".", "?")), said
                assert said.endswith((".", "?", "!", "`")), said
