"""A plain folder, or a zip of one: `ada.ipynb`, `ada/…`, or nbgrader's `ada/em/…`. The name is the student's.

In nbgrader's layout, files of other assignments are ignored.
"""

from autograder import paths
from autograder.course.roster import Person
from autograder.submissions import names
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken


def claims(path: str, context: Context) -> bool:
    first, *_ = path.split("/")
    return not names.is_released(first, context.assignment)


def read(view: View, context: Context) -> list[HandIn]:
    stems = {names.stem(name) for name in view.files if "/" not in name}
    found: dict[str, list[Taken]] = {}
    for name, entry in view.entries.items():
        if not claims(name, context) or _of_another(name, context.assignment):
            continue
        first, _, below = name.partition("/")
        taken = found.setdefault(_student(name, stems) if name in view.files and not below else first, [])
        if name in view.files:
            below = below or first
            taken.append(Taken(entry=entry, name=below.removeprefix(f"{context.assignment}/")))
    return [
        HandIn(
            who=names.normal(student),
            name=student,
            people=(Person(student=names.student(student)),),
            files=tuple(files),
            problem="" if files else "an empty folder",
        )
        for student, files in found.items()
    ]


def _student(name: str, stems: set[str]) -> str:
    """Return the student of a file. If Jupyter's copy lies beside the original, both belong to the same student."""
    base = names.original(name)
    return base if names.is_jupyters_copy(name) and base in stems else names.stem(name)


def _of_another(name: str, assignment: str) -> bool:
    """Tell whether a path lies in `STUDENT/ASSIGNMENT` of another assignment."""
    _, _, below = name.partition("/")
    second, _, _ = below.partition("/")
    return second in paths.ASSIGNMENTS and second != assignment


PLAIN = System(
    name="folder",
    title="a plain folder",
    claims=claims,
    read=read,
    how="Give each page to its student.",
)
