import gettext
import io

import hatch_build

PO = """\
msgid ""
msgstr ""
"Language: sv\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Vendors"
msgstr "Leverantörer"

#, fuzzy
msgid "Purpose"
msgstr "Gissat"
"""


def catalogue(root, text=PO):
    """Write a Swedish catalogue where the hook looks."""
    po = root / hatch_build.LOCALES / "sv" / "LC_MESSAGES" / "klarsyn.po"
    po.parent.mkdir(parents=True)
    po.write_text(text, encoding="utf-8")
    return po


def test_no_catalogues_is_fine(tmp_path):
    """
    A tree without one translation builds.
    """
    assert [] == hatch_build.compile_catalogues(tmp_path)


def test_catalogue_is_compiled_beside_its_source(tmp_path):
    """
    Confirmed texts are there; a fuzzy one stays in the source language.
    """
    po = catalogue(tmp_path)

    assert [po.with_suffix(".mo")] == hatch_build.compile_catalogues(tmp_path)

    texts = gettext.GNUTranslations(io.BytesIO(po.with_suffix(".mo").read_bytes()))
    assert "Leverantörer" == texts.gettext("Vendors")
    assert "Purpose" == texts.gettext("Purpose")


def test_bytes_do_not_depend_on_the_day(tmp_path):
    """
    A catalogue that names no date gets the same one in every build.
    """
    assert b"POT-Creation-Date: 1970-01-01" in hatch_build.compiled(catalogue(tmp_path))
