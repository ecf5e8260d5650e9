"""Canvas: "Download Submissions" and "Re-upload Submissions" of an assignment.

A file is called `lovelaceada_LATE_12345_67890_em.ipynb`. Its parts are the sortable name, with letters and digits only;
`LATE` for a late submission; the number of the user; the number of the file; and the name that the student gave the
file. With anonymous grading the name begins with `anon_` and letters, and `LATE_` stands before that. Typed text is
`…_12345_text.html`, a link `…_12345_link.html`. A group's file has the group's name and the number of one member. The
zip holds only the last attempt. If a student hands in a file of the same name again, Canvas adds a number
(`em-1.ipynb`).

Canvas returns a page to the student by these two numbers, with the comment "See attached file"; it returns a group's
page to each member. Canvas shows the page under the name of the file that the student handed in.

Source: instructure/canvas-lms, `lib/content_zipper.rb` (`add_submission`, `get_filename`) and
`app/models/abstract_assignment.rb` (`generate_comments_from_files`, `infer_comment_context_from_filename`).
"""

import re
from dataclasses import dataclass

from autograder.course.roster import Person
from autograder.submissions.names import is_notebooks, normal
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken

LATE = "LATE"
ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_(?P<file>\d+)_(?P<name>.+)", re.DOTALL)
TYPED = re.compile(r"(?P<who>.*_)?(?P<user>\d+|anon_[A-Za-z0-9]+)_(?P<name>(?:text|link)\.html)", re.DOTALL)
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a file's name. `file` is 0 for typed text."""

    who: str
    late: bool
    user: str
    file: int
    name: str
    anonymous: bool = False


def parts(path: str, known: frozenset[str] = frozenset()) -> Parts | None:
    """Split the name of an entry into its parts; return None for a name that Canvas does not make.

    Args:
        known: numbers of users in the roster. They decide where a group's name contains numbers too, as in `team_7`.
    """
    base = path.rpartition("/")[2]
    if found := ANONYMOUS.fullmatch(base):
        return Parts(
            who="",
            late=bool(found["late"]),
            user=found["user"],
            file=int(found["file"]),
            name=found["name"],
            anonymous=True,
        )
    if found := TYPED.fullmatch(base):
        who, late = _late((found["who"] or "").removesuffix("_"))
        anonymous = found["user"].startswith("anon_")
        user = found["user"].removeprefix("anon_")
        return Parts(who=who, late=late, user=user, file=0, name=found["name"], anonymous=anonymous)
    words = base.split("_")
    # Two numbers (user, file), then at least one word. Canvas itself takes the first two numbers.
    places = [place for place in range(1, len(words) - 2) if all(map(NUMBER.fullmatch, words[place : place + 2]))]
    if not places:
        return None
    place = next((place for place in places if words[place] in known), places[0])
    who, late = _late("_".join(words[:place]))
    return Parts(who=who, late=late, user=words[place], file=int(words[place + 1]), name="_".join(words[place + 2 :]))


def mangled(name: str) -> str:
    """Convert a name to the form in Canvas's file names: lower case; only letters, digits and underscores."""
    told = re.sub(r"_(\d+)_", r"\1", normal(name))  # otherwise a number between underscores looks like a user's
    return normal(re.sub(r"[^\w\u0300-\u036f]", "", told.lower()))


def claims(path: str, context: Context) -> bool:
    return parts(path) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[str, list[tuple[str, Parts]]] = {}
    for name, entry in view.entries.items():
        said = parts(name, context.known)
        if said and name in view.files:
            found.setdefault(said.user, []).append((entry, said))
    return [_hand_in(files) for files in found.values()]


def _hand_in(files: list[tuple[str, Parts]]) -> HandIn:
    files = sorted(files, key=lambda file: file[1].file)
    _, first = files[0]
    # The page replaces the notebook; without a notebook, any other file that has a number.
    counts, _ = max(files, key=lambda file: (is_notebooks(file[1].name), file[1].file))
    return HandIn(
        who=first.user,
        name=f"anonymous {first.user}" if first.anonymous else normal(first.who),
        people=(Person() if first.anonymous else Person(canvas=first.user),),
        files=tuple(Taken(entry=entry, name=said.name) for entry, said in files),
        mangled=not first.anonymous,
        anonymous=first.anonymous,
        order=f"{max(said.file for _, said in files):020}",
        late=any(said.late for _, said in files),
        upload=counts.rpartition("/")[2] if any(said.file for _, said in files) else "",
    )


def _late(who: str) -> tuple[str, bool]:
    return (who[: -len(LATE)].removesuffix("_"), True) if who == LATE or who.endswith(f"_{LATE}") else (who, False)


CANVAS = System(
    name="canvas",
    title="Canvas, Download Submissions",
    claims=claims,
    read=read,
    how="In Canvas: the assignment, Re-upload Submissions.",
    takes=True,
)
