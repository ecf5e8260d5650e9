"""The first cell of a notebook: it gets the files that belong to the notebook, wherever a student opens it."""

import json
import re
from importlib.metadata import version
from urllib.parse import quote, urlsplit

from autograder import libraries, paths
from autograder.errors import BuildError
from autograder.exercises import Assignment

PYTHONS = ("3.12", "3.13")
"""The versions of Python for which the libraries of a notebook are available."""
METADATA = {"cellView": "form", "jupyter": {"source_hidden": True}}
"""Colab and JupyterLab fold the cell: students do not need its code."""
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
COLAB = "https://colab.research.google.com/github"

CELL = '''\
# @title Run this cell first: it gets what belongs to this notebook, if it is not here yet.
import sys
from importlib import invalidate_caches, util
from pathlib import Path
from textwrap import wrap

NAME, VERSION, URL = "{name}", "{version}", "{url}"
HOSTED = "google.colab" in sys.modules or Path("/kaggle/working").is_dir()


class Missing(Exception):
    def _render_traceback_(self):  # Jupyter shows the sentence without a traceback
        return wrap(str(self), 90)


def complete():
    """Whether the self-check and the public cases are here, of this notebook's version."""
    invalidate_caches()
    found = util.find_spec("selfcheck")
    version = Path(found.origin).with_name("version.txt") if found and found.origin else Path("version.txt")
    return version.is_file() and version.read_text().strip() == VERSION and Path(f"{{NAME}}.json").is_file()


def unpack(file):
    """Put what is in the zip beside this notebook, except the notebook itself."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as bundle:
            for entry in bundle.infolist():
                entry.filename = entry.filename.removeprefix(f"{{NAME}}/")
                if entry.filename and not entry.filename.endswith(".ipynb"):
                    bundle.extract(entry)
    except BadZipFile:
        print("A file is no zip, or only a part of it arrived.")


def get():
    """Take the zip from its address, from this folder or from Kaggle's inputs; if it is nowhere, ask for it."""
    from io import BytesIO
    from shutil import copytree
    from urllib.request import urlopen

    if URL:
        try:
            with urlopen(URL, timeout=60) as reply:
                return unpack(BytesIO(reply.read()))
        except OSError as error:
            print(f"{{URL}} cannot be fetched: {{error}}.")
    inputs = Path("/kaggle/input")
    for public_cases in inputs.glob(f"**/{{NAME}}.json"):  # Kaggle unpacks zips
        copytree(public_cases.parent, ".", ignore=lambda *_: [f"{{NAME}}.ipynb"], dirs_exist_ok=True)
    for file in [*Path().glob(f"{{NAME}}*.zip"), *inputs.glob(f"**/{{NAME}}*.zip")]:
        if not complete():
            unpack(file)
    if complete():
        return
    if "google.colab" in sys.modules:
        from google.colab import files

        for content in files.upload().values():
            unpack(BytesIO(content))
    elif util.find_spec("ipywidgets"):
        from IPython.display import display
        from ipywidgets import FileUpload

        def chosen(change):
            for file in change["new"]:
                unpack(BytesIO(file["content"]))
            button.description = "Thank you: run the cell again" if complete() else f"This is not {{NAME}}.zip"

        button = FileUpload(accept=".zip", description=f"Choose {{NAME}}.zip", layout={{"width": "max-content"}})
        button.observe(chosen, "value")
        display(button)


if not complete():
    get()
if not complete():
    raise Missing(
        f"The self-check of this notebook, version {{VERSION}}, is not here. It is in {{NAME}}.zip, which your course "
        f"hands out. Choose that file above, or put it into the folder {{Path.cwd()}}, and run this cell again."
    )
if HOSTED:
    %pip install -q {requirements}
elif absent := [name for name in {libraries} if not util.find_spec(name)]:
    raise Missing(
        f"These libraries are not installed: {{', '.join(absent)}}. In an environment with Python {pythons}, run "
        "`%pip install -r requirements.txt` in a new cell, restart the kernel, and run this cell again."
    )
'''


def cell(assignment: Assignment, requirements: list[str], url: str) -> str:
    """The source of the cell.

    Args:
        requirements: the pinned libraries that Colab and Kaggle install.
        url: the address of the zip that students receive; empty if it has none.
    """
    return CELL.format(
        name=assignment.name,
        version=version(paths.DISTRIBUTION),
        url=url,
        requirements=" ".join(requirements),
        libraries=json.dumps([*libraries.ALWAYS, *assignment.libraries]),
        pythons=" or ".join(PYTHONS),
    )


def zip_address(base: str, assignment: str) -> str:
    """The address of the zip for the first cell, if the released files are at `base`.

    The address of a folder on GitHub's website becomes the address of the raw files.

    Raises:
        BuildError: `base` is not an address.
    """
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc or re.search(r"[\s\"'\\]", base):
        raise BuildError(f"{base} is not an address: it should begin with https://")
    base = base.rstrip("/")
    if place := _on_github(base):
        owner, repository, branch, folder = place
        base = f"https://raw.githubusercontent.com/{owner}/{repository}/{branch}{folder}"
    return f"{base}/{quote(assignment)}.zip"


def badge(base: str, assignment: str) -> str | None:
    """The badge that opens the notebook in Colab, in Markdown. None if the files are not on GitHub.

    Colab opens notebooks by address only if they are on GitHub.
    """
    if not (place := _on_github(base.rstrip("/"))):
        return None
    owner, repository, branch, folder = place
    notebook = f"{COLAB}/{owner}/{repository}/blob/{branch}{folder}/{quote(assignment)}/{quote(assignment)}.ipynb"
    return f"[![Open in Colab]({BADGE})]({notebook})"


def _on_github(address: str) -> tuple[str, str, str, str] | None:
    """Owner, repository, branch and folder of an address on GitHub; the folder begins with a slash, if there is one."""
    found = re.fullmatch(
        r"https?://(?:github\.com/([^/]+)/([^/]+)/(?:tree|blob|raw)|raw\.githubusercontent\.com/([^/]+)/([^/]+))"
        r"/(?:refs/heads/)?([^/]+)((?:/.*)?)",
        address,
    )
    if not found:
        return None
    owner, repository = (found[1], found[2]) if found[1] else (found[3], found[4])
    return owner, repository, found[5], found[6]
