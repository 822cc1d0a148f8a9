#!/bin/sh
# Install a lock file and this project into a virtual environment: install.sh FOLDER LOCK
# Fast with uv where it can be had, else with pip; every package is checked against its hash either way.
set -eu
venv=$1 lock=$2
if [ -z "${PYTHON:-}" ]; then
    echo "No Python 3.11 or newer found. Install one, or name it: make PYTHON=/path/to/python3" >&2
    exit 2
fi
if [ ! -x "$venv/bin/python" ]; then
    echo "Creating $venv with $("$PYTHON" --version)"
    "$PYTHON" -m venv "$venv" || {
        echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2
        exit 2
    }
fi
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
# uv trusts the certificates of the system, as pip does: a network may have one of its own.
export UV_NATIVE_TLS=1 UV_SYSTEM_CERTS=1
echo "Installing $lock"
if $pip install --require-hashes -r requirements-uv.lock 2>/dev/null &&
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes --compile-bytecode -r "$lock"; then
    :
else
    echo "uv is not to be had; installing with pip, which takes about a minute"
    $pip install --require-hashes -r "$lock"
    "$venv/bin/python" -m compileall -q "$venv/lib" || true
fi
# flit_core is in the lock, so that building the project needs no further download.
$pip install --no-deps --no-build-isolation --editable .
