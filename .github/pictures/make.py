"""Make the pictures of the README, light and dark, from the demo.

    uv run autograder demo
    uv run --group dev python .github/pictures/make.py demo

It needs Chromium (`apt-get install chromium`). The pages are the demo's own. The self-check runs in a JupyterLab. The
terminal is what `autograder grade` writes to one.
"""

import json
import os
import pty
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PICTURES = Path(__file__).parent
SCHEMES = ("light", "dark")
ASSIGNMENT, STUDENT, EXERCISE = "categorization", "goran", "marginal_density"
COLOURS = 160  # of a picture: few make it small
PATIENCE = 120  # seconds
OPTIONS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
RIGHT = """\
def component_log_density(x, means, stds):
    z = (x[:, None] - means) / stds
    return -0.5 * z**2 - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)


check("component_log_density", component_log_density)"""
WRONG = """\
def responsibilities(x, weights, means, stds):
    log_density = component_log_density(x, means, stds)
    return jnp.exp(log_density - logsumexp(log_density, axis=1, keepdims=True))


check("responsibilities", responsibilities)"""
# Black, red, green, yellow, blue, magenta, cyan, white.
LIGHT = [(31, 35, 40), (207, 34, 46), (17, 99, 41), (125, 78, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131)]
DARK = [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207)]
ANSI = {
    "light": TerminalTheme((255, 255, 255), (31, 35, 40), [*LIGHT, (110, 119, 129)]),
    "dark": TerminalTheme((13, 17, 23), (230, 237, 243), [*DARK, (177, 186, 196)]),
}
TERMINAL = """<meta charset="utf-8"><style>body {{ margin: 0; background: {paper}; color: {ink}; width: max-content; }}
pre {{ margin: 0; padding: 16px 20px; font: 14px/1.35 "DejaVu Sans Mono", monospace; }}</style><pre>{text}</pre>"""
PLAIN = ".jp-cell-toolbar, .jp-Collapser { display: none !important; }"  # what JupyterLab adds to the active cell
COLUMNS, ROWS = 104, 40
FINISHED = 7  # students at least, when the picture of the terminal is taken


def main(demo: Path) -> None:
    feedback = demo / "course" / "feedback" / STUDENT / ASSIGNMENT / f"{ASSIGNMENT}.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=OPTIONS)
        screen = grading(demo)
        for scheme in SCHEMES:
            with page(browser, scheme, width=820, height=860) as shown:
                shown.goto(feedback.resolve().as_uri())
                section = shown.locator(f"section[aria-labelledby={EXERCISE}]")
                save(section.screenshot(), f"feedback-{scheme}")
            with page(browser, scheme, width=1040, height=900) as shown:
                shown.goto((demo / "class.html").resolve().as_uri())
                save(shown.screenshot(), f"report-{scheme}")
            with page(browser, scheme, width=1000, height=600) as shown:
                shown.set_content(terminal(screen, scheme))
                save(shown.locator("pre").screenshot(), f"terminal-{scheme}")
            self_check(browser, demo, scheme)
        browser.close()


def self_check(browser: Browser, demo: Path, scheme: str) -> None:
    """A right answer and a wrong one in JupyterLab, with what their checks say."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(shutil.copytree(demo / "release" / ASSIGNMENT, Path(scratch) / "home"))
        path = home / f"{ASSIGNMENT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        setup = [cell for cell in notebook.cells if cell.id in ("install", "setup")]
        notebook.cells = [*setup, new_code_cell(RIGHT), new_code_cell(WRONG)]
        nbformat.write(notebook, path)
        with jupyter(home, scheme) as address, page(browser, scheme, width=900, height=1900) as shown:
            shown.goto(address(path.name))
            shown.get_by_text("Python 3 (ipykernel) | Idle").or_(shown.get_by_title("Kernel Idle")).first.wait_for()
            shown.get_by_role("menuitem", name="Run", exact=True).click()
            shown.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            shown.get_by_text("To know more").or_(shown.get_by_text("of 6 exercises")).nth(1).wait_for()
            shown.add_style_tag(
                content=".jp-cell-toolbar, .jp-Collapser, .jp-StatusBar-Widget { display: none !important; }"
            )
            shown.wait_for_timeout(2000)
            for cell, name in ((len(setup), "right"), (len(setup) + 1, "wrong")):
                save(shown.locator(".jp-Notebook .jp-Cell").nth(cell).screenshot(), f"self-check-{name}-{scheme}")


@contextmanager
def jupyter(home: Path, scheme: str):
    """A JupyterLab in a folder, in light or dark. Gives what makes the address of a file."""
    settings = home.parent / "settings"
    themes = settings / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    themes.parent.mkdir(parents=True)
    themes.write_text(json.dumps({"theme": f"JupyterLab {scheme.title()}"}))
    news = themes.with_name("notification.jupyterlab-settings")
    news.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    own = {name: str(home.parent / name) for name in ("config", "data", "runtime")}
    environment = os.environ | {f"JUPYTER_{name.upper()}_DIR": folder for name, folder in own.items()}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "IPYTHONDIR": str(home.parent / "ipython")}
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    command.append(f"--IdentityProvider.token={token}")
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=home, env=environment, stdout=quiet, stderr=quiet)
    try:
        runtime, deadline = Path(own["runtime"]), time.monotonic() + PATIENCE
        while not (found := [*runtime.glob("jpserver-*.json")]) and time.monotonic() < deadline:
            time.sleep(0.2)
        url = json.loads(found[0].read_text())["url"]
        yield lambda name: f"{url}doc/tree/{name}?token={token}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def grading(demo: Path) -> list[str]:
    """The lines on a terminal, with their colours, while the sample class is graded."""
    with tempfile.TemporaryDirectory() as scratch:
        submitted = shutil.copytree(demo / "course" / "submitted", Path(scratch) / "submitted")
        command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, str(submitted)]
        command += ["--course", str(Path(scratch) / "course")]
        ours, theirs = pty.openpty()
        environment = os.environ | {"COLUMNS": str(COLUMNS), "LINES": str(ROWS), "TERM": "xterm-256color"}
        child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        written, deadline = b"", time.monotonic() + 3 * PATIENCE
        while time.monotonic() < deadline:
            written += os.read(ours, 65536)
            *finished, rest = written.split(b" of 24 ")
            if len(finished) >= FINISHED and STUDENT.encode() in written and b"Grading" in rest:
                break
        child.terminate()
        child.wait()
    return [f"$ autograder grade {ASSIGNMENT}", *_screen(written.decode(errors="replace"))]


def _screen(written: str) -> list[str]:
    """What a terminal shows: lines can be gone back to, and erased."""
    lines, row = [""], 0
    for part in re.split(r"(\x1b\[[\d;?]*[A-Za-z]|\r|\n)", written):
        code = re.fullmatch(r"\x1b\[([\d;?]*)([A-Za-z])", part)
        if part == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif part == "\r":
            continue
        elif code and code[2] == "A":
            row = max(0, row - int(code[1] or 1))
        elif code and code[2] == "K":
            lines[row] = ""
        elif not code or code[2] == "m":
            lines[row] += part
    return [line for line in lines if re.sub(r"\x1b\[[\d;]*m", "", line).strip()]


def terminal(lines: list[str], scheme: str) -> str:
    """These lines as a page."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, highlight=False)
    for line in lines:
        console.print(Text.from_ansi(line))
    theme = ANSI[scheme]
    text = console.export_html(theme=theme, inline_styles=True, code_format="{code}")
    return TERMINAL.format(paper=theme.background_color.hex, ink=theme.foreground_color.hex, text=text)


@contextmanager
def page(browser: Browser, scheme: str, *, width: int, height: int) -> Iterator[Page]:
    shown = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    shown.set_default_timeout(1000 * PATIENCE)
    try:
        yield shown
    finally:
        shown.close()


def save(png: bytes, name: str) -> None:
    """Write a picture with few colours."""
    image = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    print(f"{path.name}: {image.width} x {image.height}, {path.stat().st_size / 1000:.0f} kB")


def _chromium() -> str:
    if found := shutil.which("chromium") or shutil.which("google-chrome"):
        return found
    sys.exit("there is no Chromium here: apt-get install chromium")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
