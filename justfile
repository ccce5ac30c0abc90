# For developers, all through .venv: `just` alone is lint and test.
# Where just is not installed: .venv/bin/just (made by `make test` or `scripts/bootstrap.sh dev`).

set positional-arguments

bin := ".venv/bin"
python := bin / "python"
# What is linted and typed, as far as it is there.
code := `for path in src tests scripts benchmarks hatch_build.py; do [ ! -e "$path" ] || printf '%s ' "$path"; done`

[private]
default: lint test

# the tests; arguments go to pytest (just test -k page -x)
test *args: _env
    {{ python }} -m pytest -n auto --dist loadgroup "$@"

# all tests with the coverage gate, as in `make test`
covered *args: _env
    {{ python }} -m pytest -q -n auto --dist loadgroup --cov --cov-report=term "$@"

# style, types, direction of imports, catalogues up to date
lint: _env
    {{ bin }}/ruff check --quiet .
    {{ bin }}/ruff format --check --quiet .
    {{ bin }}/mypy {{ code }}
    {{ bin }}/lint-imports --no-logo
    {{ python }} scripts/messages.py --check

# let ruff repair what it can
fix: _env
    {{ bin }}/ruff check --fix .
    {{ bin }}/ruff format .

# types only
types: _env
    {{ bin }}/mypy {{ code }}

# how big things are, and which modules lack a test file of their own name
shape: _env
    {{ python }} -m tests.shape.report

# write the generated pages of docs/reference again
docs *args: _env
    {{ python }} scripts/reference.py "$@"
    {{ python }} scripts/vendor_pages.py "$@"

# write the golden site again and show what changed
golden: _env
    {{ python }} -m pytest tests/golden --rewrite
    git --no-pager diff --stat -- tests/golden

# every page through the HTML validator, axe and Lighthouse
site-check *args: _example
    {{ python }} scripts/site_check.py build/klarpris --all "$@"

# the same on a few pages
site-check-sample *args: _example
    {{ python }} scripts/site_check.py build/klarpris --sample "$@"

# every paper of both examples as PDF, read by somebody else's validators and drawn as pictures
papers-check *args: _env
    {{ python }} scripts/papers_check.py "$@"

# workers killed at any moment and at every point, on SQLite and PostgreSQL; half an hour
crash kills="200" *args: _env
    KLARSYN_KILLS={{ kills }} {{ python }} -m pytest -q -s tests/durable/test_crash.py tests/crash {{ args }}

# how well personal data is recognised: 300 notes, and other sets where KLARSYN_CORPORA names them
accuracy *args: _env
    {{ python }} scripts/accuracy.py "$@"

# recognition beside its peers on one core (makes build/peers)
bench-recognition *args: _env
    {{ python }} benchmarks/recognition.py "$@"

# reading a paged API beside its peers (makes build/peers-reading)
bench-reading *args: _env
    {{ python }} benchmarks/reading.py "$@"

# a plan of 1,000,000 people and nine vendors beside a bare anti-join (takes long, and 3 GB of disk)
bench-planning *args: _env
    {{ python }} benchmarks/planning.py "$@"

# delivering in batches beside drt-core (makes build/peers-delivering)
bench-delivering *args: _env
    {{ python }} benchmarks/delivering.py "$@"

# speed beside mkdocs, growth from 16 to 1,000 vendors
bench *args: _env
    {{ python }} benchmarks/run.py "$@"

# mutated registers; none may end in a traceback
fuzz count="100000": _env
    {{ python }} scripts/fuzz.py --count {{ count }}

# the quick tests on the other Pythons of this machine (--list only names them)
pythons *args:
    @scripts/pythons.sh "$@"

# gather the texts of the code into klarsyn.pot and bring every .po up to date
messages: _env
    {{ python }} scripts/messages.py

# compile the catalogues of the checkout
catalogues: _env
    {{ python }} -c 'from pathlib import Path; import hatch_build; print(*hatch_build.compile_catalogues(Path.cwd()), sep="\n")'

# pin all requirements again, newest versions; fails if an address got in
lock: (_lock "--upgrade")

# pin only what pyproject.toml newly asks for
lock-keep: (_lock "")

# sdist and wheel, installed and tried away from the source
release-check: _env
    {{ python }} -m pytest -q tests/wheel

# the wheel with recognition compiled by mypyc, in build/compiled, and the tests of recognition on it
compiled *args:
    @scripts/compiled.sh "$@"

# the Markdown for the next release, from changes/*.md
changes: _env
    @for kind in added changed fixed removed security; do \
        for file in changes/*.$kind.md; do [ ! -e "$file" ] || { echo "### $kind"; cat "$file"; echo; }; done; \
    done

_lock upgrade:
    #!/bin/sh
    set -eu
    uv=$(command -v uv || echo .tools/bin/uv)
    compile="$uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate {{ upgrade }}"
    $compile pyproject.toml --extra audit --extra pdf --group dev -o requirements/lock.txt
    $compile pyproject.toml --group build -c requirements/lock.txt -o requirements/core.txt
    echo uv | $compile - -o requirements/uv.txt
    if grep -n '://' requirements/*.txt; then
        echo "lock: an address got into the lock" >&2
        exit 1
    fi
    grep -c == requirements/*.txt

_example: _env
    {{ bin }}/klarsyn -C examples/klarpris publish "$PWD/build/klarpris"

_env:
    @scripts/bootstrap.sh dev
