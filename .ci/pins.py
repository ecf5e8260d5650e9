"""Pin in pyproject.toml what the project's libraries need in turn: names and versions, no addresses.

python .ci/pins.py           take the newest versions that the project's own pins allow, and write them
python .ci/pins.py --check   resolve, and fail if a library has no pin or a pin has no library
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT, LOCK = ROOT / "pyproject.toml", ROOT / "uv.lock"
LIST = re.compile(r"(?<=^constraint-dependencies = \[\n).*?(?=^\]$)", re.DOTALL | re.MULTILINE)


def pins(*options: str) -> list[str]:
    """What resolving gives for the libraries that the project does not pin itself."""
    subprocess.run(["uv", "lock", "--quiet", *options], cwd=ROOT, check=True)
    locked = tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]
    (project,) = (package for package in locked if "editable" in package["source"])
    metadata = project["metadata"]
    lists = [metadata["requires-dist"], *metadata["requires-dev"].values()]
    own = {project["name"], *(need["name"] for needs in lists for need in needs)}
    return sorted(f"{package['name']}=={package['version']}" for package in locked if package["name"] not in own)


def write(lines: list[str]) -> None:
    text = "".join(f'    "{line}",\n' for line in lines)
    PROJECT.write_text(LIST.sub(lambda _: text, PROJECT.read_text(encoding="utf-8"), count=1), encoding="utf-8")


def check() -> None:
    wanted = pins()
    found = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["uv"]["constraint-dependencies"]
    if wanted != found:
        missing, extra = sorted({*wanted} - {*found}), sorted({*found} - {*wanted})
        sys.exit(f"pyproject.toml: not pinned: {missing}; pinned without need: {extra}. Run python .ci/pins.py")


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        check()
    else:
        write([])
        write(pins("--upgrade"))
