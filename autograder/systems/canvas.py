"""Canvas: "Download Submissions" and "Re-upload Submissions" of an assignment.

A file is called `lovelaceada_LATE_12345_67890_em.ipynb`: the sortable name without what is no letter or digit, `LATE`
where it was, the number of the user, of the file, and the file's own name. With anonymous grading it begins with
`anon_` and letters, and a `LATE_` stands before that. Text that was typed in is `…_12345_text.html`, a link
`…_12345_link.html`. Of a group, the group's name stands there with the number of one of its members. Only the last
attempt is in the zip. Canvas numbers what a student hands in twice under one name (`em-1.ipynb`).

A file that comes back goes to the student by these two numbers, with the comment "See attached file"; a group's goes
to each member. Canvas shows it under the name of the file that was handed in.

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
    """What a name says. `file` is 0 for what was typed in."""

    who: str
    late: bool
    user: str
    file: int
    name: str
    anonymous: bool = False


def parts(path: str, known: frozenset[str] = frozenset()) -> Parts | None:
    """What the name of an entry says; None for one that Canvas does not make.

    Args:
        known: numbers of users. A group may be called `team_7`, so that three numbers stand behind each other.
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
    # The user's number, the file's, and at least one word of the file's own name; Canvas itself takes the first two.
    places = [place for place in range(1, len(words) - 2) if all(map(NUMBER.fullmatch, words[place : place + 2]))]
    if not places:
        return None
    place = next((place for place in places if words[place] in known), places[0])
    who, late = _late("_".join(words[:place]))
    return Parts(who=who, late=late, user=words[place], file=int(words[place + 1]), name="_".join(words[place + 2 :]))


def mangled(name: str) -> str:
    """A name as it stands in a file's name: small letters, and nothing but letters, digits and underscores."""
    told = re.sub(r"_(\d+)_", r"\1", normal(name))  # a number between underscores would be taken for a user's
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
    files = sorted(files, key=lambda one: one[1].file)
    _, first = files[0]
    # The page goes back in the place of the notebook, else of anything that has a number.
    counts, _ = max(files, key=lambda one: (is_notebooks(one[1].name), one[1].file))
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
