#!/bin/sh
# Make the environment that `make demo` (core) and `make test` (dev) run in. Safe to run again.
#
#   scripts/bootstrap.sh core|dev
#
#   PYTHON=...        the interpreter to use (any from 3.11 on)
#   KLARSYN_VENV=...  where to make it (.venv)
#
# With uv where it can be had, else with venv and pip. All that is installed is pinned by hash.
set -eu
cd "$(dirname "$0")/.."
level=${1:-dev}
venv=${KLARSYN_VENV:-.venv}
case $level in
    core | dev) ;;
    *) echo "bootstrap: say core or dev, not '$level'" >&2; exit 2 ;;
esac

say() { printf 'bootstrap: %s\n' "$1"; }
stop() { printf 'bootstrap: %s\n' "$1" >&2; exit 1; }

# A failed step shows what it said, a good one says nothing.
quietly() {
    mkdir -p build
    log=build/bootstrap.$$.log
    if "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
    cat "$log" >&2
    rm -f "$log"
    return 1
}

# Unless told otherwise, an environment keeps the interpreter that it has.
if [ -z "${PYTHON:-}" ] && kept=$(PYTHON=$venv/bin/python scripts/find-python.sh); then
    PYTHON=$kept
    export PYTHON
fi
python=$(scripts/find-python.sh) ||
    stop "Python 3.11 or newer is needed${PYTHON:+; PYTHON=$PYTHON is not one}. Install it, or name one: make PYTHON=/path/to/python3.12 ..."
version=$("$python" -I -c 'import platform; print(platform.python_version())')
identity=$("$python" -I -c 'import os, sys; print(sys.version.split()[0], sys.base_prefix, os.getcwd())')

# The stamp: everything that decides what the environment holds. The same stamp, nothing to do.
stamp=$("$python" -I - "$identity" <<'PY'
import hashlib, pathlib, sys

parts = [*sys.argv[1:]]
files = [pathlib.Path(p) for p in ("pyproject.toml", "hatch_build.py", "scripts/bootstrap.sh")]
files += sorted(pathlib.Path("requirements").glob("*.txt"))
parts += [f"{file}:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
print(hashlib.sha256("\n".join(parts).encode()).hexdigest())
PY
)
stamped() { [ -f "$venv/.klarsyn-$1" ] && [ "$(cat "$venv/.klarsyn-$1")" = "$stamp" ]; }

# A translation that changed is compiled again; nothing else of the source needs a step.
stale_catalogue() {
    for po in src/klarsyn/locales/*/LC_MESSAGES/*.po; do
        [ ! -f "$po" ] || { [ -f "${po%.po}.mo" ] && [ ! "$po" -nt "${po%.po}.mo" ]; } || return 0
    done
    return 1
}

if stamped dev || stamped "$level"; then
    if stale_catalogue; then
        say "compiling the catalogues"
        quietly "$venv/bin/python" -c "import pathlib, hatch_build as h; h.compile_catalogues(pathlib.Path())" ||
            stop "the catalogues could not be compiled"
    fi
    exit 0
fi
# What once was a developer's environment stays one.
[ ! -f "$venv/.klarsyn-dev" ] || level=dev
if [ "$level" = core ]; then lock=requirements/core.txt; else lock=requirements/lock.txt; fi

# uv: on PATH, or fetched into .tools, or done without. It trusts what the machine trusts, as pip
# does: many companies' networks have a certificate of their own.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
uv=
if command -v uv >/dev/null 2>&1; then
    uv=uv
elif [ -x .tools/bin/uv ] && .tools/bin/uv --version >/dev/null 2>&1; then
    uv=.tools/bin/uv
elif ! "$python" -I -c 'import ensurepip' 2>/dev/null; then
    short=$("$python" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    stop "$python (Python $version) cannot make environments: it lacks ensurepip. On Debian and Ubuntu: apt-get install python$short-venv. Elsewhere install uv."
else
    say "fetching uv into .tools"
    rm -rf .tools
    if "$python" -m venv .tools && quietly .tools/bin/python -m pip install --quiet \
        --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/uv.txt; then
        uv=.tools/bin/uv
    else
        rm -rf .tools
        say "no uv for this machine; pip does it too, only slower"
    fi
fi

# The environment itself: made anew only when it belongs to another Python or place.
rm -f "$venv/.klarsyn-core" "$venv/.klarsyn-dev"
if [ "$(cat "$venv/.klarsyn-python" 2>/dev/null)" != "$identity" ]; then
    say "making $venv with Python $version"
    rm -rf "$venv"
    if [ -n "$uv" ]; then
        quietly "$uv" venv --no-project --python "$python" "$venv" || stop "uv could not make $venv"
    else
        quietly "$python" -m venv "$venv" || stop "venv could not make $venv"
    fi
    printf '%s' "$identity" >"$venv/.klarsyn-python"
fi

count=$(grep -c '==' "$lock")
say "installing $count pinned packages ($level)"
if [ -n "$uv" ]; then
    quietly "$uv" pip sync --python "$venv/bin/python" --require-hashes "$lock" ||
        stop "the packages of $lock could not be installed"
    say "installing klarsyn"
    quietly "$uv" pip install --python "$venv/bin/python" --no-deps --no-build-isolation --offline -e . ||
        stop "klarsyn could not be installed"
else
    pip="$venv/bin/python -m pip --disable-pip-version-check"
    # shellcheck disable=SC2086 # the words of $pip are meant to be split
    quietly $pip install --require-hashes -r "$lock" || stop "the packages of $lock could not be installed"
    say "installing klarsyn"
    # shellcheck disable=SC2086
    quietly $pip install --no-deps --no-build-isolation -e . || stop "klarsyn could not be installed"
fi
printf '%s' "$stamp" >"$venv/.klarsyn-$level"
say "ready"
