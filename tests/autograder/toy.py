"""A small assignment: tests of the engine need no Gaussian."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.beside.selfcheck.compare import Arrays, Part
from autograder.exercises import Aspect, Assignment, Case, Exercise, Misconception, Written, f32
from autograder.released import Released

SKELETON = "def double(x):\n    raise NotImplementedError()"

DOUBLE = Exercise(
    name="double",
    truth=lambda x: 2 * x,
    rule=Arrays((Part("doubles", "(N,)"),)),
    aspects=(
        Aspect(
            name="small",
            points=2,
            hint="Add x to itself.",
            cases=(
                Case(name="one, two", args=(f32(1, 2),), visible=True),
                Case(name="three, four", args=(f32(3, 4),)),
                Case(name="five, six", args=(f32(5, 6),)),
            ),
        ),
        Aspect(
            name="long",
            points=3,
            hint="Any length.",
            cases=(
                Case(name="three of them", args=(f32(1, 2, 3),)),
                Case(name="four of them", args=(f32(4, 3, 2, 1),)),
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            name="squared", says="The numbers were squared.", hint="Twice, not x times.", variant=lambda x: x**2
        ),
    ),
    seconds=2,
)
TOY = Assignment(name="toy", title="Toy", exercises=(DOUBLE, Written(name="essay", points=4)))
RELEASED = Released(
    given={"setup": "import jax.numpy as jnp"},
    skeletons={"double": SKELETON, "essay": "YOUR ANSWER HERE"},
    checks=frozenset({"check_double"}),
)


def tagged(source: str, grade_id: str):
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": {"grade_id": grade_id}})


def notebook(path: Path, double: str, *more: str) -> Path:
    """A submission with this source in the cell `double`, and further cells after it."""
    cells = [tagged("import jax.numpy as jnp", "setup"), tagged(double, "double")]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[*cells, *map(new_code_cell, more)]), path)
    return path
