"""The checker of a built site: each fault of a bad site is told of its page, a good page passes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from hashlib import sha512
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.site_checks.machine import NODE_PROJECT, installed_version
from scripts.site_checks.markup import read_markup
from scripts.site_checks.offline import faults
from scripts.site_checks.pages import (
    described,
    read_fragments,
    read_pages,
    sample_languages,
    select,
)
from scripts.site_checks.serving import served

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "site_check.py"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #111; --link: #0b4fc4 }
@media (prefers-color-scheme: dark) { :root { --ground: #111; --ink: #eee; --link: #9ec2ff } }
body { margin: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 sans-serif }
a { color: var(--link) }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem }
:focus-visible { outline: 3px solid var(--link) }
.pale { color: #ccc; background: #fff }
.pale-at-night { color: #111 }
.broad { width: 50rem }
.blind:focus-visible { outline: none }
"""
BODY = '<a class="skip" href="#main">Past</a><main id="main"><h1>Page</h1><a href="#main">x</a>'


def html(inside: str = "", *, policy: str = POLICY, head: str = "", body: str = BODY) -> str:
    """A small good page around something that may be bad."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8">{meta}<title>Page</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="/assets/site.css">{head}</head>'
        f"<body>{body}{inside}</main></body></html>"
    )


NOISE = "".join(sha512(str(i).encode()).hexdigest() for i in range(600))  # compresses to half
FILES = {
    "index.html": html(),
    "sv/index.html": html(
        policy="",
        head='<link rel="stylesheet" href="/assets/noise.css">',
        body='<header><a href="/">Up</a></header><main id="main"><h1>Page</h1>',
    ),
    "sv/findings.html": html(
        "<script>1</script>"
        "<details><summary>Fold</summary><p>Folded away</p></details>"
        '<a class="blind" href="#main">Blind</a>'
    ),
    "sv/vendors/faded.html": html(
        '<p class="pale">Pale by day</p><p class="pale-at-night">Not there at night</p>'
    ),
    "sv/vendors/broken.html": html(
        "<p><b>Bold without an end</p>"
        '<p class="broad">Broad</p>'
        '<img src="https://stranger.example/a.png" alt="A">'
    ),
    "assets/site.css": STYLE,
    "assets/noise.css": f"/* {NOISE} */",
    "assets/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
}
EXPECTED = [
    ("HTML validator", "sv/vendors/broken.html", "“b”"),
    ("axe", "sv/vendors/faded.html", "light 320 px: color-contrast"),
    ("axe", "sv/vendors/faded.html", "dark 1280 px: color-contrast (1:1)"),
    ("reflow", "sv/vendors/broken.html", "320 px: "),
    ("reflow", "sv/vendors/broken.html", "400 %: "),
    ("print", "sv/findings.html", "Folded away"),
    ("keyboard", "sv/findings.html", "no visible focus indicator"),
    ("keyboard", "sv/index.html", "no skip link"),
    ("offline, HTML", "sv/vendors/broken.html", "from elsewhere"),
    ("offline, browser", "sv/vendors/broken.html", "stranger.example"),
    ("offline, HTML", "sv/findings.html", "a script element"),
    ("offline, browser", "sv/findings.html", "has a script element"),
    ("offline, HTML", "sv/index.html", "no Content-Security-Policy"),
    ("size", "sv/index.html", "over 30,000"),
]


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a site."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def check(site: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the checker as its user does."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(site), *options],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The bad site on disk."""
    return write(tmp_path_factory.mktemp("site"), FILES)


@pytest.fixture(scope="module")
def outcomes(site, tmp_path_factory):
    """What one run says of the bad site, by check; nothing is fetched for it."""
    file = tmp_path_factory.mktemp("report") / "report.json"
    installed = installed_version(NODE_PROJECT / "node_modules" / "vnu-jar")
    only = "axe,size,offline" + (",validator" if installed else "")
    ran = check(site, "--all", "--only", only, "--json", str(file))
    assert ran.returncode == 1, ran.stdout + ran.stderr
    told = {outcome["check"]: outcome for outcome in json.loads(file.read_text())["checks"]}
    if not installed:
        reason = "vnu-jar is not installed yet; scripts/site_check.py installs it"
        told["HTML validator"] = {"not_run": reason, "failures": []}
    return told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "page", "words"), EXPECTED)
def test_fault_is_told_of_its_page(outcomes, name, page, words):
    """Each fault of the bad site is found by its check, on its page, in words that name it."""
    if outcomes[name]["not_run"]:
        pytest.skip(f"{name}: {outcomes[name]['not_run']}")

    told = [each for each in outcomes[name]["failures"] if each["page"].startswith(page)]

    assert [each for each in told if words in each["message"]], told


@pytest.mark.slow
def test_good_page_passes(outcomes):
    """No check has anything against a page without a fault."""
    against = [
        (name, failure)
        for name, outcome in outcomes.items()
        for failure in outcome["failures"]
        if failure["page"].startswith("index.html")
    ]

    assert [] == against


@pytest.mark.slow
def test_only_the_faults_that_are_there_are_told(outcomes):
    """Axe, reflow, keyboard and size blame the bad pages and no other."""
    for name in ("axe", "reflow", "keyboard", "size"):
        if not outcomes[name]["not_run"]:
            blamed = {failure["page"] for failure in outcomes[name]["failures"]}

            assert {page for check, page, _ in EXPECTED if check == name} == blamed


def test_missing_tool_is_said_and_fails_only_if_required(site, tmp_path):
    """A machine without the tools hears so in words; with --require that is a failure."""
    pytest.importorskip("playwright", reason="the Python package playwright is not installed")
    only = ("--only", "validator,axe,lighthouse")
    bare = {"PATH": str(tmp_path), "CHROME_PATH": ""}

    free = check(site, *only, **bare)
    required = check(site, *only, "--require", **bare)

    assert "not run: HTML validator: no Java on this machine" in free.stdout
    assert "not run: axe: no Chromium on this machine" in free.stdout
    assert "not run: Lighthouse: no Node on this machine" in free.stdout
    assert (0, 1) == (free.returncode, required.returncode)


def test_folder_without_an_overview_is_no_site(tmp_path):
    """An empty folder is not a site that passes."""
    ran = check(tmp_path, "--only", "size")

    assert 1 == ran.returncode
    assert "no overview" in ran.stdout


@pytest.mark.parametrize(
    ("path", "kind", "language"),
    [
        ("index.html", "choice", ""),
        ("sv/index.html", "overview", "sv"),
        ("de-AT/index.html", "overview", "de-AT"),
        ("nb/vendors/e-conomic.html", "vendor", "nb"),
        ("fi/findings.html", "findings", "fi"),
        ("sv/data/index.html", "element list", "sv"),
        ("sv/data/person.email.html", "element", "sv"),
        ("sv/matrix.html", "matrix", "sv"),
        ("sv/flows.html", "flows", "sv"),
        ("sv/scores/index.html", "score list", "sv"),
        ("sv/scores/user-rating.html", "score", "sv"),
        ("fi/changes.html", "changes.html", "fi"),
        ("404.html", "404.html", ""),
    ],
)
def test_path_tells_type_and_language(path, kind, language):
    """A page's type and language are read from its path; an unknown page is its own type."""
    page = described(path, 1)

    assert (kind, language) == (page.type, page.language)


def test_fragment_is_no_page_and_is_wrapped_to_be_validated(tmp_path):
    """What is made for other pages is read inside the least of one."""
    fragment = '<section class="klarsyn" lang="sv"><h2>Lista</h2></section>'
    site = write(tmp_path, {"sv/index.html": "x", "sv/fragment.html": fragment})

    assert ["sv/index.html"] == [page.path for page in read_pages(site)]
    ((path, whole),) = read_fragments(site).items()
    assert "sv/fragment.html" == path
    assert whole.startswith('<!doctype html><html lang="sv">')
    assert fragment in whole


def test_sample_and_all_take_pages_of_every_type(tmp_path):
    """A sample is one page of a type in two languages; all is every type and four vendors each."""
    files = {"index.html": "x"}
    for language in ("da", "fi", "sv"):
        files[f"{language}/index.html"] = "x" * (9 if language == "fi" else 5)
        files[f"{language}/findings.html"] = "x"
        files |= {f"{language}/vendors/v{i}.html": "x" * (9 if i == 4 else 1) for i in range(9)}
    pages = read_pages(write(tmp_path, files))

    sample = [page.path for page in select(pages, everything=False)]
    everything = [page.path for page in select(pages, everything=True)]

    assert ["fi", "da"] == sample_languages(pages)
    assert 1 + 2 * 3 == len(sample)
    assert "fi/vendors/v4.html" in sample
    assert 1 + 3 * (2 + 4) == len(everything)
    assert {"sv/vendors/v0.html", "sv/vendors/v4.html", "sv/vendors/v8.html"} <= set(everything)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("style-src 'self'", "no default-src"),
        ("default-src 'none'; style-src 'unsafe-inline'", "loose: style-src 'unsafe-inline'"),
        ("default-src 'self' https://stranger.example", "loose: default-src"),
    ],
)
def test_loose_policy_is_told(policy, words):
    """A policy that lets strangers or inline style in is no strict policy."""
    assert words in " ".join(faults(read_markup(html(policy=policy))))


@pytest.mark.network
def test_site_is_served_as_by_a_plain_host(site):
    """Text is compressed for who can read that, a folder leads to its index, gone is gone."""
    answers = []
    with served(site) as base:
        connection = HTTPConnection(urlsplit(base).netloc)
        for path in ("/sv", "/sv/", "/gone.html"):
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answers.append((answer.status, answer.headers, answer.read()))
        connection.close()
    folder, page, gone = answers

    assert (301, "/sv/") == (folder[0], folder[1]["Location"])
    assert (200, "gzip") == (page[0], page[1]["Content-Encoding"])
    assert FILES["sv/index.html"] == gzip.decompress(page[2]).decode()
    assert 404 == gone[0]
