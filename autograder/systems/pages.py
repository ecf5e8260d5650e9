"""Feedback pages in a form that a browser or Jupyter opens under a given file name.

Canvas shows a page under the name of the file that the student handed in: `em.ipynb`.
"""

import io
import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.files import zip_entry
from autograder.submissions import names

ABOVE = """\
# Feedback

Below is the feedback page. Jupyter shows it without colours and pictures, unless you trust the notebook."""
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}


def as_file(page: str, name: str, *, called: str) -> bytes:
    """Return a page as the content of a file called `name`.

    For a notebook's name, the content is a notebook that shows the page; for a zip's, a zip that holds it; for any
    other, the page.

    Args:
        called: the page's own file name, inside a zip.
    """
    if names.is_notebooks(name):
        return nbformat.writes(_notebook(page)).encode()
    if name.lower().endswith(".zip"):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(zip_entry(called), page)
        return data.getvalue()
    return page.encode()


def _notebook(page: str) -> nbformat.NotebookNode:
    cell = new_code_cell(
        "",
        id="page",
        metadata={"jupyter": {"source_hidden": True}},
        outputs=[new_output("display_data", {"text/html": page, "text/plain": "The feedback page"})],
    )
    return new_notebook(cells=[new_markdown_cell(ABOVE, id="above"), cell], metadata={"kernelspec": KERNEL})
