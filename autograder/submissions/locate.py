"""Find what students handed in."""

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
    """What a student handed in.

    Attributes:
        path: the notebook. If there are several, the most likely one by its name.
        others: other files that hold notebooks. Reading them decides which one counts.
        folder: the student's folder, if it is not the notebook's own.
        beside: the files in the student's folder that are not notebooks.
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
        """All files that grading reads."""
        return (*self.paths, *self.beside)

    @property
    def place(self) -> Path:
        """The folder where nbgrader records the time of the submission."""
        return self.folder or self.path.parent

    def at(self, path: Path | None) -> "Submission":
        """The submission once the notebook that counts is known."""
        if path is None or path == self.path:
            return replace(self, others=())
        return replace(self, path=path, others=(), folder=None if path.parent == self.place else self.place)


def find(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """The submissions to one assignment, one for each student, sorted by student.

    A path may be a file: the student is the file's name, or the folder's name if the file has the assignment's name. It
    may be nbgrader's `submitted/` tree (`STUDENT/ASSIGNMENT/*.ipynb`), a folder of files, or a folder with a folder for
    each student.

    A file that is not a notebook is a submission too: reading it says what is wrong. Links are found but not followed:
    they may lead to another student's work. The paths returned are absolute, so that they stay valid later.

    Raises:
        SubmissionError: a path does not exist, or one student has notebooks in several places.
    """
    found: list[Submission] = []
    for given in paths:
        path = given.absolute()
        if not os.path.lexists(path):
            raise SubmissionError(f"{legible(given)} does not exist")
        # A folder with a notebook's name is one student's mistake, not a class.
        is_class = path.is_dir() and path.suffix.lower() != ".ipynb"
        found += _in_folder(path, assignment) if is_class else [_single(path, assignment)]
    places: dict[str, dict[Path, list[Submission]]] = {}
    for submission in dict.fromkeys(found):  # a file and its folder may both be given
        places.setdefault(submission.student, {}).setdefault(submission.place, []).append(submission)
    for student, handed_in in places.items():
        if len(handed_in) > 1:
            twice = [legible(submission.path) for many in handed_in.values() for submission in many]
            raise SubmissionError(f"{len(twice)} notebooks for the student {student}: {', '.join(twice)}")
    return sorted(_together(many) for handed_in in places.values() for many in handed_in.values())


def of_student(student: str, folder: Path, assignment: str, *, deep: bool = True) -> Submission:
    """What one student handed in, from the student's own folder, whatever the notebooks are called.

    If there is none, reading it says what is wrong.

    Args:
        deep: also search the folders inside.
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
    # In `STUDENT/ASSIGNMENT` everything belongs to the student; other folders may hold anything.
    beside = _beside(folder, assignment) if folder.name == assignment and not linked else ()
    return Submission(owner, linked or path, beside=beside)


def _loose(path: Path, assignment: str, stems: set[str]) -> Submission:
    """As `_single`, but a copy made by Jupyter belongs to the student of the original if that is there too."""
    submission, base = _single(path, assignment), names.original(path.name)
    is_copy = names.is_jupyters_copy(path.name) and base in stems and base != assignment
    return replace(submission, student=names.student(base)) if is_copy else submission


def _owner(folder: Path, assignment: str) -> str:
    """The student that a folder belongs to; it may be `STUDENT/ASSIGNMENT`."""
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
    with_files = {submission.student for submission in found}
    for path in students:
        student, own = names.student(path.name), path / assignment
        linked = _unlinked(path, own)
        found.append(Submission(student, linked) if linked else of_student(student, own, assignment))
    # Beside loose files, a folder is a submission; in a tree, it may hold only other assignments.
    is_tree = bool(students) or not loose
    for path in folders:
        if path.name == assignment:
            found.append(of_student(_owner(path, assignment), path, assignment))
        elif _has_own_files(path, assignment) or not (is_tree or _is_of_a_tree(path)):
            student = names.student(names.stem(path.name) if names.is_notebooks(path.name) else path.name)
            one = of_student(student, path, assignment, deep=not is_tree)
            if student not in with_files:
                found.append(one)
            elif files.is_there(one.path):  # an archive, and its unpacked files
                found.append(replace(one, folder=folder))
    if not found:
        raise SubmissionError(
            f"no submission of {assignment} in {legible(folder)}: "
            f"expected notebooks, or STUDENT/{assignment}/{assignment}.ipynb"
        )
    return found


def _together(submissions: list[Submission]) -> Submission:
    """One submission from several files of a student in one place, such as a notebook and its PDF."""
    first, *rest = sorted(submissions, key=lambda submission: _by_name(submission.path))
    others = (*first.others, *(path for submission in rest for path in submission.paths))
    return replace(first, others=tuple(filter(choice.may_hold_notebooks, others)))


def _may_be_work(path: Path, assignment: str) -> bool:
    """Whether a student may have handed this in: not a program's leftover, not a part of the release."""
    if names.is_left_by_a_program(path.name) or names.is_released(path.name, assignment):
        return False
    return path.name == assignment or path.name not in paths_of_kit.ASSIGNMENTS


def _is_of_a_tree(student: Path) -> bool:
    """Whether a student's folder is of nbgrader's form: a folder for each assignment."""
    return any(files.is_there(student / name) for name in paths_of_kit.ASSIGNMENTS)


def _has_own_files(student: Path, assignment: str) -> bool:
    """Whether a student's folder is empty or holds files, not only folders of assignments."""
    try:
        inside = [path for path in student.iterdir() if not names.is_left_by_a_program(path.name)]
    except OSError:
        return True  # reported later
    return not inside or any(not files.is_folder(path) for path in inside if _may_be_work(path, assignment))


def _files(folder: Path, assignment: str, *, max_depth: int) -> list[Path]:
    """The files that a student handed in, outer folders first. Links count as files."""
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
    """Sort key: notebooks before other files, outer before inner, originals before copies."""
    return not names.is_notebooks(path.name), len(path.parts), names.copy_number(path.name), str(path)


def _unlinked(*folders: Path) -> Path | None:
    """The first of a student's folders that is a link; reading it refuses."""
    try:
        return next((folder for folder in folders if folder.is_symlink()), None)
    except PermissionError:
        return None
