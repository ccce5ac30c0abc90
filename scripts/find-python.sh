#!/bin/sh
# Print the path of a Python interpreter that really starts, or nothing and exit 1.
#
#   scripts/find-python.sh          any Python from 3.11 on; $PYTHON first, when it is set
#   scripts/find-python.sh 3.12     that version: on PATH, under pyenv, or one that uv keeps
set -eu
wanted=${1:-}

# A pyenv shim may stand on PATH for a version that is switched off, so every candidate is started.
accept() {
    # shellcheck disable=SC2016 # the quotes hold Python, not shell
    "$1" -I -c 'import sys
v = sys.version_info[:2]
sys.exit(0 if (v >= (3, 11) if not sys.argv[1] else "%d.%d" % v == sys.argv[1]) else 1)' \
        "$wanted" >/dev/null 2>&1 || return 1
    # Inside an activated environment: the interpreter that it was made from.
    "$1" -I -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'
    exit 0
}

if [ -z "$wanted" ]; then
    if [ -n "${PYTHON:-}" ]; then
        accept "$PYTHON" || exit 1
    fi
    accept python3 || :
    accept python || :
fi
for version in ${wanted:-3.13 3.12 3.11 3.14}; do
    accept "python$version" || :
    for found in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        [ ! -x "$found" ] || accept "$found" || :
    done
    for uv in uv .tools/bin/uv; do
        command -v "$uv" >/dev/null 2>&1 || continue
        found=$("$uv" python find --offline --no-python-downloads --system "$version" 2>/dev/null) || continue
        accept "$found" || :
    done
done
exit 1
