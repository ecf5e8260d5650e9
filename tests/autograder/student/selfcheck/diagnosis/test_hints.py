import pytest

from autograder.student.selfcheck.diagnosis.hints import helpful

SHAPE = "resp should be an array of shape ({},); got another shape"


@pytest.mark.parametrize(
    ("lost", "shown"),
    [
        ({"Bayes": [SHAPE.format(2)], "float32": [SHAPE.format(3), SHAPE.format(3)]}, ["Bayes"]),
        ({"Bayes": ["f raised TypeError"], "float32": ["f raised TypeError"]}, ["Bayes"]),
        ({"Bayes": ["f raised TypeError"], "float32": [SHAPE.format(3)]}, ["Bayes", "float32"]),
        ({"Bayes": ["resp: wrong values"], "float32": ["resp: wrong values"]}, ["Bayes", "float32"]),
        ({"Bayes": [], "float32": [SHAPE.format(3)]}, ["Bayes", "float32"]),
        ({"float32": [SHAPE.format(3)]}, ["float32"]),
        ({}, []),
    ],
)
def test_a_hint_on_values_is_kept_back_where_none_was_seen(lost, shown):
    assert helpful(lost) == shown
