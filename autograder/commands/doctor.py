"""Show which layers isolate student code here, how to enable the others, and the versions of the libraries."""

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from autograder import machine, paths
from autograder.student.worker.isolation import Level

CONTAINER = "Run the kit in a Linux container: the Containerfile at the root of the repository makes one."
VERDICTS: dict[Level, str] = {
    "namespaces": "[green]Student code is isolated by every layer.[/]",
    "landlock": "[green]Student code is isolated well enough to grade[/], by Landlock and seccomp.",
    "none": "[red]Student code cannot be isolated here[/]: grading is refused, except with --unsafe.",
}


@dataclass(frozen=True)
class Layer:
    """What a layer protects, and what it needs."""

    keeps_from: str
    needs: str


LAYERS = {
    "landlock": Layer(
        "files outside its own folder, TCP, other processes",
        "Linux 5.13 or later with `landlock` among the names in /sys/kernel/security/lsm: "
        "add it to the kernel's start-up option `lsm=`. "
        "In Docker: version 23 or later, whose seccomp profile lets Landlock through.",
    ),
    "seccomp": Layer(
        "sockets, programs, forks, signals, rarely used parts of the kernel",
        "x86-64 or aarch64, and a kernel with CONFIG_SECCOMP_FILTER.",
    ),
    "namespaces": Layer(
        "seeing that there are other files, processes and networks",
        "User namespaces that an ordinary user can create.",
    ),
}


def table(problems: dict[str, str | None]) -> Table:
    """One row for each layer: whether it works, what it is for, and what to do if it does not work."""
    shown = Table(title=f"Isolation on {platform.system()} {platform.release()}", title_justify="left")
    for title in ("layer", "works", "keeps student code from", "what to do"):
        shown.add_column(title, overflow="fold")
    for name, layer in LAYERS.items():
        problem = problems[name]
        advice = escape(f"{problem}. {_advice(name, layer)}") if problem else ""
        shown.add_row(name, "[red]no[/]" if problem else "[green]yes[/]", layer.keeps_from, advice)
    return shown


def versions() -> str:
    """The versions that an issue report needs, on one line."""
    libraries = (f"{name} {version(name)}" for name in (paths.DISTRIBUTION, "jax", "jaxlib", "genjax", "nbgrader"))
    system = f"Python {platform.python_version()}, {platform.system()} {platform.release()} {platform.machine()}"
    return f"{', '.join(libraries)}; {system}; {machine.cores()} cores"


def verdict(level: Level) -> str:
    return VERDICTS[level]


def _advice(name: str, layer: Layer) -> str:
    if sys.platform != "linux":
        return CONTAINER
    if name != "namespaces":
        return layer.needs
    return " ".join([layer.needs, *(hint for path, bad, hint in SWITCHES if _read(path) == bad), IN_DOCKER])


# Files that show whether a system forbids namespaces for ordinary users, and how to change that.
SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "Debian: sudo sysctl kernel.unprivileged_userns_clone=1."),
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=10000."),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "Ubuntu 24.04 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, "
        "or an AppArmor profile with `userns,` for this Python.",
    ),
)
IN_DOCKER = (
    "Docker's default seccomp profile refuses them: Landlock and seccomp are enough there; "
    "--security-opt seccomp=unconfined --security-opt systempaths=unconfined lets them through."
)


def _read(path: str) -> str | None:
    file = Path(path)
    return file.read_text().strip() if file.exists() else None
