"""A JupyterLab of its own in a folder, and a browser that looks at it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 120  # seconds for what a page shall show: a busy machine is slow, and nothing waits longer than it must
OPTIONS = [
    "--no-sandbox",  # a container's root has no namespaces to build it from; only our own pages are opened
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # formgrader asks for MathJax elsewhere
]
expect.set_options(timeout=1000 * PATIENCE)

type Open = Callable[[Path, str], Page]
"""Start a JupyterLab in a folder, and open one of its addresses."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For no longer than a module: as long as it lives, an event loop runs, and no other test could start one."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS) as browser,
    ):
        yield browser


@pytest.fixture
def jupyter(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """The server has no settings but the folder's, and is ended after the test."""
    servers: list[subprocess.Popen[bytes]] = []
    runtime = tmp_path / "jupyter" / "runtime"
    log = tmp_path / "jupyter.log"

    def open_page(folder: Path, address: str) -> Page:
        token = secrets.token_hex(16)
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(tmp_path / "jupyter" / "config"),
            "JUPYTER_DATA_DIR": str(tmp_path / "jupyter" / "data"),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
        command.append(f"--IdentityProvider.token={token}")
        with log.open("wb") as file:
            servers.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file))
        page = browser.new_page(base_url=_url(servers[-1], runtime, log))
        page.set_default_timeout(1000 * PATIENCE)
        # Formgrader's own pages keep a log-in for their own folder only, so log in where JupyterLab does.
        page.goto(f"login?token={token}&next={quote(f'/{address}')}")
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    for server in servers:
        server.terminate()  # it ends its kernels
        server.wait(PATIENCE)


def _url(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Where the server listens, once it does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            return json.loads(path.read_text())["url"]
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")
