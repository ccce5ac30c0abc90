#!/bin/sh
# Which of the Pythons that Klarsyn promises are on this machine, and the quick tests on each.
#
#   scripts/pythons.sh --list   say which are here and which are not
#   scripts/pythons.sh          run the tests on all that are here but the one `make test` uses
#
# Tests marked slow (wheel, browsers, vendors) are left out: `make test` runs them on one Python.
set -eu
cd "$(dirname "$0")/.."
promised="3.11 3.12 3.13"
here=$(.venv/bin/python -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')

status=0
for version in $promised; do
    if [ "$version" = "$here" ]; then
        echo "Python $version: make test"
        continue
    fi
    if ! python=$(scripts/find-python.sh "$version"); then
        echo "not run: Python $version is not on this machine"
        continue
    fi
    if [ "${1:-}" = --list ]; then
        echo "Python $version: on this machine, run by: just pythons"
        continue
    fi
    venv=build/python-$version
    echo "Python $version: quick tests"
    if KLARSYN_VENV=$venv PYTHON=$python scripts/bootstrap.sh dev &&
        "$venv/bin/python" -m pytest -q -n auto --dist loadgroup -m "not slow" -p no:cacheprovider; then
        echo "Python $version: passed"
    else
        echo "Python $version: FAILED"
        status=1
    fi
done
exit $status
