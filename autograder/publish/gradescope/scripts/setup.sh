#!/usr/bin/env bash
# Run by Gradescope once, when the image is made: Python 3.12, the libraries, and what every submission needs.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
cd "$root/source"

from=()
if [ -d wheels ]; then
    from=(--no-index --find-links wheels)
fi

# Everything stays in this folder, and the system's own Python as it is.
export UV_PYTHON_INSTALL_DIR=$PWD/python
if ! command -v uv >/dev/null; then
    python3 -c "import ensurepip, venv" 2>/dev/null || { apt-get update && apt-get install -y python3-venv; }
    python3 -m venv .uv
    .uv/bin/python -m pip install --quiet "${from[@]}" uv
    PATH=$PWD/.uv/bin:$PATH
fi
uv venv --clear --python 3.12 .venv
uv pip install --python .venv/bin/python "${from[@]}" -r requirements.txt -c constraints.txt

export PYTHONPATH=$PWD/kit XDG_CACHE_HOME=$PWD/cache
.venv/bin/python -m compileall -q kit
.venv/bin/python -m autograder.commands.gradescope_container prepare "$root"
