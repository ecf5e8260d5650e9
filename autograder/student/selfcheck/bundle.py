"""Read the file beside a notebook: the public cases, and the numbers of the given pictures."""

import json
from pathlib import Path
from typing import Any


def read(assignment: str) -> dict[str, Any]:
    """The content of `ASSIGNMENT.json` in the working directory.

    Raises:
        FileNotFoundError: the file does not exist; the message says what to do.
    """
    path = Path(f"{assignment}.json")
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is not beside this notebook: keep all the files that came with it in one folder"
        )
    return json.loads(path.read_text(encoding="utf-8"))
