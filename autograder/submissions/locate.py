"""Finding what students have handed in."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import paths as paths_of_kit
from autograder.errors import SubmissionError
from autograder.submissions import choice, files, names
from autograder.submissions.names import legible

MAX_FILES = 500  # of one student
MAX_DEPTH = 5


@dataclass(frozen=True, order=True)
class Submission:
    """What a student has handed in, wherever it lies.

    Attributes:
        path: the notebook; where there are several, the one that looks most like it by its name.
        others: files that hold notebooks, too. Which one counts is known when they are read.
        folder: where all of it lies, if that is not the notebook's own folder.
        beside: in a folder of the student's own, the files that are no notebooks.
    """

    student: str
    path: Path
    others: tuple[Path, ...] = ()
    folder: Path | None = None
    beside: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        return (self.path, *self.others)

    @property
    def files(self) -> tuple[Path, ...]:
        """All that grading reads."""
        return (*self.paths, *self.beside)

    @property
    def place(self) -> Path:
        """The folder in which nbgrader notes when it was handed in."""
        return self.folder or self.path.parent

    def at(self, path: Path | None) -> "Submission":
        """The same once it is known which notebook counts."""
        if path is None or path == self.path:
            return replace(self, others=())
        return replace(self, path=path, others=(), folder=None if path.parent == self.place else self.place)


def find(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """The submissions of one assignment, one per student, in the order of their names.

    A path is a file, whose student is the file's name (or the folder's where the
    file is named as the assignment), or an nbgrader `submitted/` tree
    (`STUDENT/ASSIGNMENT/*.ipynb`), or a folder of files, or of a folder for each student.

    Whatever somebody has handed in is a submission, also what is no notebook: `read` says what is wrong with it.
    Links in there are found but not followed: they may lead to another student's work.
    The paths that come back are absolute: they are looked at again later, from wherever a command is run then.

    Raises:
        SubmissionError: nothing is there, or notebooks in several places belong to one student.
    """
    found: list[Submission] = []
    for given in paths:
        path = given.absolute()
        if not os.path.lexists(path):
            raise SubmissionError(f"{legible(given)} does not exist")
        # A folder may be named as a notebook; then it is somebody's mistake, not a class.
        is_class = path.is_dir() and path.suffix.lower() != ".ipynb"
        found += _in_folder(path, assignment) if is_class else [_single(path, assignment)]
    places: dict[str, dict[Path, list[Submission]]] = {}
    for one in dict.fromkeys(found):  # a file may be named beside its folder
        places.setdefault(one.student, {}).setdefault(one.place, []).append(one)
    for student, handed_in in places.items():
        if len(handed_in) > 1:
            twice = [legible(one.path) for many in handed_in.values() for one in many]
            raise SubmissionError(f"{len(twice)} notebooks for the student {student}: {', '.join(twice)}")
    return sorted(_together(many) for handed_in in places.values() for many in handed_in.values())


def of_student(student: str, folder: Path, assignment: str, *, deep: bool = True) -> Submission:
    """What one student has handed in, in a folder of the student's own: the notebooks in it, whatever they are called.

    Reading it says what is wrong where there is none.

    Args:
        deep: look into the folders within, too.
    """
    named = folder / f"{assignment}.ipynb"
    inside = _files(folder, assignment, max_depth=MAX_DEPTH if deep else 0)
    likely = sorted(filter(choice.may_hold_notebooks, inside), key=_by_name)
    first = named if files.is_there(named) or not likely else likely[0]
    others = tuple(path for path in likely if path != first)
    beside = tuple(path for path in inside if path != first and not names.is_notebooks(path.name))
    return Submission(student, first, others, None if first.parent == folder else folder, beside)


def _single(path: Path, assignment: str) -> Submission:
    if names.original(path.name) != assignment:
        return Submission(names.student(names.stem(path.name)), path)
    folder = path.absolute().parent
    student = _student_folder(folder, assignment)
    owner, linked = _owner(folder, assignment), _unlinked(student, folder)
    # In `STUDENT/ASSIGNMENT` all is the student's; in another folder there may be anything.
    beside = _beside(folder, assignment) if folder.name == assignment and not linked else ()
    return Submission(owner, linked or path, beside=beside)


def _loose(path: Path, assignment: str, stems: set[str]) -> Submission:
    """As alone, but for a copy that Jupyter has made of a file that is there, too."""
    one, base = _single(path, assignment), names.original(path.name)
    is_copy = names.is_jupyters_copy(path.name) and base in stems and base != assignment
    return replace(one, student=names.student(base)) if is_copy else one


def _owner(folder: Path, assignment: str) -> str:
    """Whose a folder is, which may be `STUDENT/ASSIGNMENT`."""
    return names.student(_student_folder(folder.absolute(), assignment).name or assignment)


def _student_folder(folder: Path, assignment: str) -> Path:
    return folder.parent if folder.name == assignment and folder.parent.name else folder


def _in_folder(folder: Path, assignment: str) -> list[Submission]:
    try:
        inside = [path for path in sorted(folder.iterdir()) if _may_be_work(path, assignment)]
    except OSError as error:
        raise SubmissionError(f"{legible(folder)} could not be opened: {error.strerror}") from error
    students = [path for path in inside if files.is_there(path / assignment)]
    folders = [path for path in inside if files.is_folder(path) and path not in students]
    loose = [path for path in inside if path not in students and path not in folders]
    stems = {names.stem(path.name) for path in loose}
    found = [_loose(path, assignment, stems) for path in loose]
    with_files = {one.student for one in found}
    for path in students:
        student, own = names.student(path.name), path / assignment
        linked = _unlinked(path, own)
        found.append(Submission(student, linked) if linked else of_student(student, own, assignment))
    # Beside loose files a folder is what somebody has handed in; in a tree it may hold other assignments alone.
    is_tree = bool(students) or not loose
    for path in folders:
        if path.name == assignment:
            found.append(of_student(_owner(path, assignment), path, assignment))
        elif _has_own_files(path, assignment) or not (is_tree or _is_of_a_tree(path)):
            student = names.student(names.stem(path.name) if names.is_notebooks(path.name) else path.name)
            one = of_student(student, path, assignment, deep=not is_tree)
            if student not in with_files:
                found.append(one)
            elif files.is_there(one.path):  # an archive, and what somebody has unpacked of it
                found.append(replace(one, folder=folder))
    if not found:
        raise SubmissionError(
            f"no submission of {assignment} in {legible(folder)}: "
            f"expected notebooks, or STUDENT/{assignment}/{assignment}.ipynb"
        )
    return found


def _together(submissions: list[Submission]) -> Submission:
    """One submission of several files of a student in one place: a notebook, and the same as a PDF."""
    first, *rest = sorted(submissions, key=lambda one: _by_name(one.path))
    others = (*first.others, *(path for one in rest for path in one.paths))
    return replace(first, others=tuple(filter(choice.may_hold_notebooks, others)))


def _may_be_work(path: Path, assignment: str) -> bool:
    """Whether somebody may have handed it in for an assignment: no program has left it, no release holds it."""
    if names.is_left_by_a_program(path.name) or names.is_released(path.name, assignment):
        return False
    return path.name == assignment or path.name not in paths_of_kit.ASSIGNMENTS


def _is_of_a_tree(student: Path) -> bool:
    """Whether a folder is one of nbgrader's: with a folder for each assignment."""
    return any(files.is_there(student / name) for name in paths_of_kit.ASSIGNMENTS)


def _has_own_files(student: Path, assignment: str) -> bool:
    """Whether a student's folder holds files, not only folders of assignments, or nothing at all."""
    try:
        inside = [path for path in student.iterdir() if not names.is_left_by_a_program(path.name)]
    except OSError:
        return True  # to be told
    return not inside or any(not files.is_folder(path) for path in inside if _may_be_work(path, assignment))


def _files(folder: Path, assignment: str, *, max_depth: int) -> list[Path]:
    """The files that a student has handed in, what lies further out first; links count as files."""
    found: list[Path] = []
    waiting = [(folder, 0)]
    while waiting and len(found) < MAX_FILES:
        inside, depth = waiting.pop(0)
        try:
            paths = sorted(path for path in inside.iterdir() if _may_be_work(path, assignment))
        except OSError:
            continue
        found += [path for path in paths if not files.is_folder(path)]
        waiting += [(path, depth + 1) for path in paths if files.is_folder(path) and depth < max_depth]
    return found[:MAX_FILES]


def _beside(folder: Path, assignment: str) -> tuple[Path, ...]:
    inside = _files(folder, assignment, max_depth=MAX_DEPTH)
    return tuple(path for path in inside if not names.is_notebooks(path.name))


def _by_name(path: Path) -> tuple[bool, int, int, str]:
    """Notebooks before other files, what lies further out before what lies deeper, originals before copies."""
    return not names.is_notebooks(path.name), len(path.parts), names.copy_number(path.name), str(path)


def _unlinked(*folders: Path) -> Path | None:
    """The first of a student's folders that is a link, for `read` to refuse."""
    try:
        return next((folder for folder in folders if folder.is_symlink()), None)
    except PermissionError:
        return None
