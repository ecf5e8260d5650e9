"""Markdown, formulas and code as HTML that needs neither a network nor JavaScript.

Formulas become MathML, which browsers show and screen readers read.
"""

import re
from functools import cache
from html import escape
from re import Match
from typing import Any

import mistune
from markupsafe import Markup
from math_core import LatexError, LatexToMathML
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LIGHT, DARK = HtmlFormatter(style="default"), HtmlFormatter(style="github-dark")
LONG = 30  # letters of LaTeX; a longer formula may be wider than a phone
# As in notebooks: no space inside the dollars, no digit after them, so that "$5 or $6" is not a formula.
INLINE = r"(?<!\\)\$(?![\s$])(?P<inline_latex>(?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)"
DISPLAY = r"\$\$(?P<display_latex>(?:[^$\\]|\\[\s\S])+?)\$\$"
BLOCK = r"^ {0,3}\$\$(?P<block_latex>(?:[^$\\]|\\[\s\S])+?)\$\$[ \t]*(?:\n|$)"


def formula(latex: str, *, block: bool) -> str:
    """Convert LaTeX to MathML, within a line or as a block. LaTeX that cannot be converted stays as it is, as code."""
    try:
        shown = LatexToMathML().convert_with_local_state(latex.strip(), displaystyle=block)
    except LatexError:
        shown = f"<code>{escape(latex.strip())}</code>"
    kind = "formula" if block else "long" if len(latex) > LONG else ""
    return f'<span class="{kind}">{shown}</span>' if kind else shown


def with_formulas(text: str) -> Markup:
    """Plain text as HTML, with the formulas between dollars in it."""
    parts = re.split(INLINE, text)
    return Markup("".join(formula(part, block=False) if n % 2 else escape(part) for n, part in enumerate(parts)))


def prose(markdown: str, *, trusted: bool = False) -> str:
    """Markdown with formulas as HTML.

    Args:
        trusted: keep HTML in it. A student's text is not trusted.
    """
    return str(_renderer(trusted)(markdown)) if markdown.strip() else "<p>(nothing)</p>"


def code(source: str) -> str:
    """Python code as HTML; its colours are in `colours`."""
    return highlight(source, PythonLexer(), LIGHT) if source.strip() else "<p>(nothing)</p>"


def colours() -> dict[str, str]:
    """The style sheets of code, by the colour scheme."""
    return {"light": LIGHT.get_style_defs(".highlight"), "dark": DARK.get_style_defs(".highlight")}


@cache
def _renderer(trusted: bool) -> mistune.Markdown:
    return mistune.create_markdown(escape=not trusted, plugins=["table", _formulas])


def _formulas(md: mistune.Markdown) -> None:
    """A plugin for mistune. Mistune's own plugin does not support formulas that continue on the next line."""
    md.block.register("block_math", BLOCK, _found("block_math", "block_latex"), before="list")
    md.inline.register("display_math", DISPLAY, _found("display_math", "display_latex"), before="escape")
    md.inline.register("inline_math", INLINE, _found("inline_math", "inline_latex"), before="escape")
    assert md.renderer
    md.renderer.register("block_math", lambda _, latex: f"<p>{formula(latex, block=True)}</p>\n")
    md.renderer.register("display_math", lambda _, latex: formula(latex, block=True))
    md.renderer.register("inline_math", lambda _, latex: formula(latex, block=False))


def _found(kind: str, group: str) -> Any:
    def parse(_: object, match: Match[str], state: Any) -> int:
        state.append_token({"type": kind, "raw": match[group]})
        return match.end()

    return parse
