"""The autograder of the Gaussian mixture models teaching kit."""

import sys

# jsonschema, of which nbformat imports the whole, would spend seconds on a grammar of addresses in foreign letters; no
# notebook is checked for them. Without the module it leaves that check out.
sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore[reportArgumentType]
