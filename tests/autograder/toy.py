"""A small assignment, because tests of the engine need no Gaussian."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course.folder import Course
from autograder.course.release import create_course, generate_release
from autograder.exercises import Aspect, Assignment, Exercise, Recurring, Written, f32
from autograder.notebooks import released
from autograder.student.selfcheck.rules.arrays import Arrays, Part

SOLUTION = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
SKELETON = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"

SQUARED = Recurring("squared", "The numbers were squared.")
DOUBLE = Exercise(
    name="double",
    truth=lambda x: 2 * x,
    rule=Arrays((Part("doubles", "(N,)"),)),
    aspects=(
        Aspect(
            name="small",
            points=2,
            hint="Add x to itself.",
            closer="x + x, for every x.",
            visible={"one, two": (f32(1, 2),)},
            hidden={"three, four": (f32(3, 4),), "five, six": (f32(5, 6),)},
        ),
        Aspect(
            name="long",
            points=3,
            hint="Any length.",
            visible={},
            hidden={"three of them": (f32(1, 2, 3),), "four of them": (f32(4, 3, 2, 1),)},
            exception="hidden cases alone are tested, too",
        ),
    ),
    mistakes=[SQUARED.here(hint="Twice, not x times.", variant=lambda x: x**2)],
    seconds=2,
)
TOY = Assignment(name="toy", title="Toy", exercises=(DOUBLE, Written(name="essay", points=4)))


def tagged(source: str, grade_id: str):
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": {"grade_id": grade_id}})


def _tag(cell: NotebookNode, grade_id: str, **more: object) -> NotebookNode:
    tag = {"grade_id": grade_id, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    cell.metadata = {"nbgrader": tag | more}
    cell.id = grade_id
    return cell


def _notebook(double: str) -> NotebookNode:
    return new_notebook(
        cells=[
            _tag(new_code_cell("import jax.numpy as jnp"), "setup", locked=True),
            _tag(new_code_cell(double), "double", solution=True),
            _tag(new_code_cell("check()"), "check_double", locked=True, grade=True, points=5),
            _tag(new_markdown_cell("YOUR ANSWER HERE"), "essay", solution=True, grade=True, points=4),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


SOURCE, RELEASE = _notebook(SOLUTION), _notebook(SKELETON)
RELEASED = released.read(RELEASE)


def course(root: Path) -> Course:
    """Make a course folder with the released toy."""
    made = create_course(root)
    made.source("toy").mkdir(parents=True)
    nbformat.write(SOURCE, made.source("toy") / "toy.ipynb")
    generate_release(made, "toy", gradebook=True)
    return made


def notebook(path: Path, double: str, *more: str) -> Path:
    """Make a submission with this source in the cell `double`, and further cells after it."""
    cells = [tagged("import jax.numpy as jnp", "setup"), tagged(double, "double")]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[*cells, *map(new_code_cell, more)]), path)
    return path
