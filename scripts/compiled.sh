#!/bin/sh
# Build the wheel with recognition compiled by mypyc, install it, and try it: `just compiled`.
#
# Makes the environment build/compiled of the locked packages, as `make test` makes .venv, but with
# that wheel in place of the source. Arguments go to pytest. Needs a C compiler and Python's headers.
set -eu
cd "$(dirname "$0")/.."
venv=build/compiled
dist=$venv/dist
log=build/compiled.log

began=$(date +%s)
KLARSYN_VENV=$venv scripts/bootstrap.sh dev
rm -rf "$dist"
if ! KLARSYN_COMPILED=1 "$venv/bin/python" -m build --wheel --no-isolation --outdir "$dist" . >"$log" 2>&1; then
    cat "$log" >&2
    echo "compiled: no wheel; is there a C compiler, and are Python's headers (python3-dev)?" >&2
    exit 1
fi
built=$(date +%s)
for wheel in "$dist"/*.whl; do
    echo "compiled: $(basename "$wheel"), $(wc -c <"$wheel") bytes, in $((built - began)) s"
    if uv=$(command -v uv || command -v .tools/bin/uv); then
        "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --offline --reinstall "$wheel"
    else
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index \
            --force-reinstall "$wheel"
    fi
done

# Whatever is tried below is the compiled package, or nothing is tried at all.
"$venv/bin/python" -P - <<'PY'
from importlib.machinery import EXTENSION_SUFFIXES
from klarsyn.recognition import digits

if not digits.__file__.endswith(tuple(EXTENSION_SUFFIXES)):
    raise SystemExit(f"compiled: {digits.__file__} is not compiled")
PY
"$venv/bin/python" -m pytest -q -p no:cacheprovider tests/recognition "$@"
