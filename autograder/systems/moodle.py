"""Moodle: "Download all submissions" and "Upload multiple feedback files in a zip" of an assignment.

A folder is called `Ada Lovelace_1234567_assignsubmission_file` (since Moodle 4.1), with a `_` at its end before that;
without "Download submissions in folders", files are called `Ada Lovelace_1234567_assignsubmission_file_em.ipynb`. Text
that was typed in lies in `…_assignsubmission_onlinetext`. The number is the participant's in this one assignment: the
same student has another in the next. With anonymous submissions all are called `Participant`, or that in another
language. Of a group, since Moodle 4.1, the group's name and number stand there once; before, a folder for each member,
`Group A-Ada Lovelace_1234567_…`. Underscores in names become spaces. Only the last attempt is in the zip.

What comes back goes to the participant of the number. A group's number would lead to whoever has it as a participant:
so a group's page goes to each member, by the number that the grading worksheet says.

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
    """Whether a name is that of everybody, which says "Participant" in some language."""
    return len(called) == 1 and called[who] > 2


def _hand_in(
    who: str, number: str, files: list[tuple[str, str, re.Match[str]]], view: View, context: Context, *, anonymous: bool
) -> HandIn:
    taken = tuple(
        Taken(entry=entry, name=(said["rest"] or said["below"] or "").lstrip("/") or name)
        for name, entry, said in files
        if name in view.files
    )
    # The page goes where the files lie, not where typed text does; in the form that this download has.
    name, _, said = max(files, key=lambda one: one[2]["plugin"] == "file")
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
    """The path of a page by the number of a participant. Moodle splits it at underscores."""
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
