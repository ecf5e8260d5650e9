import io
import platform
import sys
from importlib.metadata import version

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.commands import doctor
from autograder.sandbox import isolation
from autograder.student.worker.isolation import LAYERS


def told(problems: dict[str, str | None]) -> str:
    text = io.StringIO()
    Console(file=text, width=400).print(doctor.table(problems))
    return text.getvalue()


def problems(*broken: str) -> dict[str, str | None]:
    return {name: "it was refused" if name in broken else None for name in LAYERS}


def test_every_layer_has_a_row():
    assert set(doctor.LAYERS) == set(LAYERS)
    assert told(problems()).count("yes") == 3


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("landlock", "Linux 5.13"),
        ("landlock", "Docker"),
        ("seccomp", "CONFIG_SECCOMP_FILTER"),
        ("namespaces", "User namespaces"),
        ("namespaces", "Docker's default seccomp profile"),
    ],
)
def test_a_missing_layer_has_advice(broken, says):
    shown = told(problems(broken))
    assert "it was refused" in shown
    assert says in shown


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=10000"),
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor profile"),
    ],
)
def test_a_switch_that_is_off_is_named(monkeypatch, path, value, says):
    monkeypatch.setattr(doctor, "_read", lambda asked: value if asked == path else None)
    assert says in told(problems("namespaces"))
    monkeypatch.setattr(doctor, "_read", lambda asked: None)
    assert says not in told(problems("namespaces"))


def test_another_system_is_sent_to_a_container(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert told(isolation.probe.__wrapped__()).count("Containerfile") == 3


@pytest.mark.parametrize(
    ("broken", "code", "says"),
    [
        ((), 0, "by every layer"),
        (("namespaces",), 0, "well enough to grade"),
        (("landlock",), 1, "cannot be isolated"),
        (("seccomp", "namespaces"), 1, "cannot be isolated"),
    ],
)
def test_the_command_exits_with_0_if_grading_is_safe(monkeypatch, broken, code, says):
    monkeypatch.setattr(isolation, "probe", lambda: problems(*broken))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == code, result.output
    assert says in " ".join(result.output.split())


def test_a_report_of_a_fault_has_the_versions(monkeypatch):
    monkeypatch.setattr(isolation, "probe", problems)
    output = " ".join(CliRunner().invoke(app, ["doctor"]).output.split())
    for name in ("gmm-teaching-kit", "jax", "jaxlib", "genjax", "nbgrader"):
        assert f"{name} {version(name)}" in output
    assert f"Python {platform.python_version()}" in output
