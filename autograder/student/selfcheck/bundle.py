"""The file of public cases and of numbers for pictures that lies beside a notebook."""

import json
from pathlib import Path
from typing import Any


def read(assignment: str) -> dict[str, Any]:
    """What `ASSIGNMENT.json` in the working directory holds.

    Raises:
        FileNotFoundError: the file is not there; the message says what to do.
    """
    path = Path(f"{assignment}.json")
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is not beside this notebook: keep all the files that came with it in one folder"
        )
    return json.loads(path.read_text(encoding="utf-8"))
