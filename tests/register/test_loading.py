from pathlib import Path

import pytest

from klarsyn.errors import RegisterError
from klarsyn.register import load as load_folder
from klarsyn.register.loading import Memory, assemble
from tests.register.builders import (
    COMPANY,
    ELEMENTS,
    FOLDER,
    HOST,
    PURPOSES,
    SCORE,
    VENDOR,
    Edit,
    Files,
    add,
    edited,
    line,
    load,
    register,
    swap,
    without,
)


def problems(*edits: Edit) -> list[str]:
    """Return what is refused, as `file:line: what: remedy`."""
    with pytest.raises(RegisterError) as refusal:
        register(*edits)
    return [str(one) for one in refusal.value.problems]


@pytest.fixture
def folder(tmp_path):
    """The small register on disk."""
    return written(tmp_path / "register", edited())


def written(folder: Path, files: Files) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_register_is_read_from_its_folder(folder):
    """
    A folder of files is the register that they make.
    """
    read = load_folder(folder)

    assert folder == read.folder
    assert ["postdesk", "vault"] == list(read.vendors)
    assert {"order-score"} == set(read.scores)
    assert {"person.name", "person.email", "order.score"} == set(read.elements)
    assert {} == read.customers
    assert () == read.accepted


def test_register_is_the_same_from_the_cache(folder, tmp_path):
    """
    What was parsed before gives the same values and lines.
    """
    fresh = load_folder(folder, cache=tmp_path / "cache")

    assert fresh == load_folder(folder, cache=tmp_path / "cache")
    assert fresh == load_folder(folder)


def test_customers_and_acceptances_are_read_where_they_are():
    """
    R50: both files may be absent, and are read where they are there.
    """
    read = register(
        add("customers.yaml", "format: 1\ncustomers: {acme: {authorisation: general}}\n"),
        add(
            "accepted.yaml",
            "format: 1\naccepted: [{finding: a, place: b, reason: c, by: d, until: 2027-01-01}]\n",
        ),
    )

    assert {"acme"} == set(read.customers)
    assert "general" == read.customers["acme"].authorisation
    assert 1 == len(read.accepted)


def test_missing_folder_is_told():
    """
    A folder that is not there is no empty register.
    """
    with pytest.raises(RegisterError) as refusal:
        load_folder(Path("nowhere/register"))

    (problem,) = refusal.value.problems
    assert "klarsyn init" in str(problem.remedy)


def test_empty_folder_lacks_every_needed_file(tmp_path):
    """
    Company, elements, purposes and a vendor: all four are told.
    """
    with pytest.raises(RegisterError) as refusal:
        load_folder(tmp_path)

    names = [COMPANY, ELEMENTS, PURPOSES, "vendors"]
    assert [f"{tmp_path.name}/{name}" for name in names] == [
        one.file for one in refusal.value.problems
    ]


@pytest.mark.parametrize("name", [COMPANY, PURPOSES, ELEMENTS])
def test_missing_file_is_named(name):
    """
    What every register needs is told by its name.
    """
    (told,) = problems(without(name))

    assert told.startswith(f"register/{name}:1: the file is not there")


def test_register_without_vendors_is_refused():
    """
    A list of vendors has at least one.
    """
    (told,) = problems(without(VENDOR), without(HOST))

    assert "there is no vendor" in told


@pytest.mark.parametrize(
    "name",
    [
        "vendors/mailchimp.yml",
        "vendors/eu/mailchimp.yaml",
        "vendors/Mailchimp.YAML",
        "vendor/mailchimp.yaml",
        "vendors.yaml",
        "company.yml",
        "mailchimp.yaml",
    ],
)
def test_file_that_nobody_would_read_is_refused(name, tmp_path):
    """
    A vendor in a file of the wrong name would be missing from the page, and nobody would know.
    """
    text = edited()[VENDOR]
    with pytest.raises(RegisterError) as refusal:
        load_folder(written(tmp_path / "register", edited(add(name, text))))

    assert any(
        f"register/{name}:1: this file is never read" in str(one) for one in refusal.value.problems
    )


@pytest.mark.parametrize("name", ["Mailchimp", "mail chimp", "mailchimp-", "møde", "-x"])
def test_file_name_is_an_id(name):
    """
    The file's name is the vendor's id, which addresses and other files use.
    """
    (told,) = problems(add(f"vendors/{name}.yaml", edited()[VENDOR]))

    assert f"register/vendors/{name}.yaml:1: the file's name is no id" in told


def test_other_files_may_lie_in_the_folder(tmp_path):
    """
    Agreements, logos and notes are no parts of the register.
    """
    more = (
        add("agreements/dpa.pdf", "%PDF"),
        add("logo.svg", "<svg/>"),
        add("vendors/README.md", "x"),
    )

    assert 2 == len(load_folder(written(tmp_path / "register", edited(*more))).vendors)


def test_folder_that_is_named_like_a_file_is_passed_over(folder):
    """
    A folder is not a file, whatever its name.
    """
    (folder / "vendors" / "old.yaml").mkdir()

    assert 2 == len(load_folder(folder).vendors)


def test_unreadable_file_is_told(folder):
    """
    A file that cannot be read is not taken for absent. Here a link leads nowhere.
    """
    (folder / "vendors" / "lost.yaml").symlink_to(folder / "nowhere.yaml")
    with pytest.raises(RegisterError) as refusal:
        load_folder(folder)

    (problem,) = refusal.value.problems
    assert "register/vendors/lost.yaml" == problem.file
    assert "cannot be read" in str(problem.what)


def test_every_mistake_of_every_file_is_told_in_order():
    """
    One run tells all, by file and line.
    """
    told = problems(
        line(VENDOR, "kind:", "kind: telegraph"),
        line(VENDOR, "status:", "status: {value: asleep, source: own}"),
        line(COMPANY, "country:", "country: {value: UK, source: own}"),
        line(SCORE, "period:", "period: {value: one year, source: own}"),
        without(PURPOSES),
        add("vendors/late.yml", ""),
    )

    assert [
        "register/company.yaml:8",
        "register/purposes.yaml:1",
        "register/scores/order-score.yaml:10",
        "register/vendors/late.yml:1",
        "register/vendors/postdesk.yaml:3",
        "register/vendors/postdesk.yaml:5",
    ] == [one.split(": ")[0] for one in told]


def test_unreadable_file_hides_no_other_mistake(folder):
    """
    A file that cannot be read is told together with the mistakes of the others.
    """
    (folder / "vendors" / "lost.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "company.yaml").write_text("format: 2\n")
    with pytest.raises(RegisterError) as refusal:
        load_folder(folder)

    assert {"register/vendors/lost.yaml", "register/company.yaml"} == {
        one.file for one in refusal.value.problems
    }


def test_version_of_long_ago_needs_no_disk():
    """
    R25: contents may come from git's history; the folder is only how they are named.
    """
    read = load(edited())

    assert FOLDER == read.folder
    assert not FOLDER.exists()


def test_error_is_printed_line_by_line():
    """
    `file:line: what: remedy`, one a line, and the id at the end.
    """
    with pytest.raises(RegisterError) as refusal:
        register(line(VENDOR, "kind:", "kind: helpdesc"))

    expected = "register/vendors/postdesk.yaml:3: kind is 'helpdesc': did you mean 'helpdesk'?"
    assert f"{expected}\n[register-invalid]" == str(refusal.value)


# Many versions


def test_file_with_the_same_contents_is_read_once():
    """
    In a history it is one object in all versions.
    """
    memory = Memory()
    old, new = (
        assemble(encoded(*edits), FOLDER, memory=memory)
        for edits in ([], [add(VENDOR, "# looked at again\n")])
    )

    assert old.vendors["vault"] is new.vendors["vault"]
    assert old.vendors["postdesk"] is not new.vendors["postdesk"]
    assert old.elements is new.elements


def test_file_that_was_right_is_looked_at_again_for_another_language():
    """
    What was whole in English is not whole in Danish.
    """
    memory = Memory()
    assemble(encoded(), FOLDER, memory=memory)
    danish = line(COMPANY, "languages: ", "languages: [en, da]")

    for _ in range(2):
        with pytest.raises(RegisterError) as refusal:
            assemble(encoded(danish), FOLDER, memory=memory)
        told = str(refusal.value)
        assert "register/company.yaml" in told
        assert "register/vendors/vault.yaml" in told
        assert "register/scores/order-score.yaml" in told


def test_mistake_in_a_file_is_told_in_every_version():
    """
    Only what was found right is passed over.
    """
    memory = Memory()
    wrong = swap(VENDOR, "risk: {value: low, source: own}", "risk: {value: low, source: nowhere}")

    for _ in range(2):
        with pytest.raises(RegisterError) as refusal:
            assemble(encoded(wrong), FOLDER, memory=memory)
        assert "the source 'nowhere' is not in the register" in str(refusal.value)


def encoded(*edits):
    """Return the small register's files as bytes after some edits."""
    return {name: text.encode() for name, text in edited(*edits).items()}
