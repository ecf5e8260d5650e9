"""The zip that Gradescope takes as an autograder."""

import importlib.metadata
import json
import re
import zipfile
from pathlib import Path

from autograder import paths
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.files import new_zip, zip_entry

SCRIPTS = Path(__file__).parent / "scripts"


def write(path: Path, assignment: Assignment, *, unsafe: bool = False, wheels: Path | None = None) -> None:
    """Write the zip for one assignment.

    Args:
        unsafe: grade even if the container cannot isolate student code.
        wheels: a folder of wheels to install from, instead of a package registry.

    Raises:
        ExportError: the folder holds no wheels.
    """
    packed = _wheels(wheels) if wheels else []
    files = {
        "settings.json": json.dumps({"assignment": assignment.name, "unsafe": unsafe}) + "\n",
        "requirements.txt": _lines(requirements()),
        "constraints.txt": _lines(constraints()),
        **kit(),
    }
    with new_zip(path) as target:
        for script in ("setup.sh", "run_autograder"):
            target.writestr(zip_entry(script, mode=0o755), (SCRIPTS / script).read_bytes())
        for name, content in files.items():
            target.writestr(zip_entry(name), content)
        for wheel in packed:
            target.write(wheel, f"wheels/{wheel.name}", zipfile.ZIP_STORED)


def points(assignment: Assignment) -> str:
    """What to enter on Gradescope: the points of the autograder, and the points that people give."""
    written = assignment.written
    given = sum(question.points for question in written)
    told = (
        f", and {given} that you give by hand for {', '.join(question.name for question in written)}" if written else ""
    )
    return f"{assignment.points - given} from the autograder{told}"


def kit() -> dict[str, str | bytes]:
    """The kit's own files by their name in the zip, with metadata that tells Python that it is installed."""
    version = importlib.metadata.version(paths.DISTRIBUTION)
    metadata = importlib.metadata.distribution(paths.DISTRIBUTION).read_text("METADATA") or ""
    return {f"kit/{path.relative_to(paths.ROOT).as_posix()}": path.read_bytes() for path in paths.sources()} | {
        f"kit/{paths.DISTRIBUTION.replace('-', '_')}-{version}.dist-info/METADATA": metadata
    }


def requirements() -> list[str]:
    """The libraries that grading needs, with the kit's own pins."""
    return sorted(line for line in importlib.metadata.requires(paths.DISTRIBUTION) or [] if "extra ==" not in line)


def constraints() -> list[str]:
    """The installed versions of these libraries and of everything that they need, on any system."""
    versions: dict[str, str] = {}
    wanted = [_name(line) for line in requirements()]
    while wanted:
        name = wanted.pop()
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system, or for an extra
        if name not in versions:
            versions[name] = found.version
            wanted += [_name(line) for line in found.requires or []]
    return sorted(f"{name}=={version}" for name, version in versions.items())


def _wheels(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.whl"))
    if not found:
        raise ExportError(
            f"{folder} holds no wheels: unpack requirements.txt and constraints.txt from a zip made without --wheels, "
            f"then `python3.12 -m pip wheel uv -r requirements.txt -c constraints.txt -w {folder}` on Linux"
        )
    return found


def _name(requirement: str) -> str:
    """The normalised name in a requirement."""
    name, *_ = re.split(r"[^\w.-]", requirement, maxsplit=1)
    return re.sub(r"[-_.]+", "-", name).lower()


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
