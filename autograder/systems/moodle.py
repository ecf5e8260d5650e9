"""Moodle: "Download all submissions" and "Upload multiple feedback files in a zip" of an assignment.

A folder is called `Ada Lovelace_1234567_assignsubmission_file` since Moodle 4.1; before, with a `_` at its end. Without
"Download submissions in folders", files are called `Ada Lovelace_1234567_assignsubmission_file_em.ipynb`. Typed text is
in `…_assignsubmission_onlinetext`. The number is the participant's number in this assignment only: the same student has
another number in the next assignment. With anonymous submissions every name is `Participant`, or that word in another
language. A group's folder has the group's name and number since Moodle 4.1; before, each member has a folder, `Group
A-Ada Lovelace_1234567_…`. Moodle replaces underscores in names by spaces. The zip holds only the last attempt.

Moodle returns a page to the participant with the page's number. A group's number may be the number of an unrelated
participant. So each member of a group gets a page of their own, with the number from the grading worksheet.

Source: moodle/moodle, `mod/assign/classes/downloader.php`, `mod/assign/locallib.php` (`download_submissions`) and
`mod/assign/feedback/file/importziplib.php` (`is_valid_filename_for_import`).
"""

import re
from collections import Counter

from autograder.course.roster import Person
from autograder.submissions.names import key
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.people import full_name

FOLDER = re.compile(
    r"(?P<who>[^/]*?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*)|(?P<below>/.*))?",
    re.DOTALL,
)
ANONYMOUS = "participant"


def claims(path: str, context: Context) -> bool:
    return FOLDER.fullmatch(path) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[tuple[str, str], list[tuple[str, str, re.Match[str]]]] = {}
    for name, entry in view.entries.items():
        if said := FOLDER.fullmatch(name):
            found.setdefault((said["who"], said["number"] or ""), []).append((name, entry, said))
    called = Counter(who for who, _ in found)
    return [
        _hand_in(who, number, files, view, context, anonymous=key(who) == ANONYMOUS or _hides(called, who))
        for (who, number), files in found.items()
    ]


def _hides(called: Counter[str], who: str) -> bool:
    """Tell whether everybody has this name, so that it must mean "Participant" in some language."""
    return len(called) == 1 and called[who] > 2


def _hand_in(
    who: str, number: str, files: list[tuple[str, str, re.Match[str]]], view: View, context: Context, *, anonymous: bool
) -> HandIn:
    taken = tuple(
        Taken(entry=entry, name=(said["rest"] or said["below"] or "").lstrip("/") or name)
        for name, entry, said in files
        if name in view.files
    )
    # The page goes beside the files, not beside typed text, in the form of this download.
    name, _, said = max(files, key=lambda file: file[2]["plugin"] == "file")
    flat = "/" not in name and name in view.files
    prefix = name[: said.start("rest")] if flat else f"{name.partition('/')[0]}/"
    return HandIn(
        who=f"{who}_{number}",
        name=f"{who} {number}" if anonymous else who,
        people=(Person() if anonymous else full_name(who),),
        files=taken,
        anonymous=anonymous,
        number=number,
        upload=f"{prefix}{context.page}" if number else "",
        problem="" if taken else "an empty folder",
    )


def member(person: Person, number: str, context: Context) -> str:
    """Return the path of a page for a participant's number. Moodle splits the path at underscores."""
    called = re.sub(r"[_/\\\x00-\x1f]", " ", person.name)
    return f"{called}_{number}_assignsubmission_file/{context.page}"


MOODLE = System(
    name="moodle",
    title="Moodle, Download all submissions",
    claims=claims,
    read=read,
    how="In Moodle: the assignment's submissions, Upload multiple feedback files in a zip.",
    takes=True,
    member=member,
)
