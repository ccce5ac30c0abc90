from klarsyn.register.drafts.handwritten import read_page


def read(text, *, html=True):
    """Read a page in English."""
    return read_page(text, html=html, language="en")


def told(page):
    """Return name, purpose and labels of every vendor."""
    return [(one.name, one.purpose, [e.label for e in one.elements]) for one in page.vendors]


HEAD = "<tr><th>Name<th>Purpose<th>Data"


def test_table_of_headings_and_values_below_a_name_is_one_vendor():
    """
    One small table a vendor.
    """
    table = "<table><tr><td>Purpose<td>Chat<tr><td>Data<td>name, e-mail</table>"

    assert [("Slack", "Chat", ["name", "e-mail"])] == told(read(f"<h1>V</h1><h2>Slack</h2>{table}"))


def test_table_without_headings_has_those_of_the_table_above_if_as_wide():
    """
    Another table is not read as vendors.
    """
    first = f"<table>{HEAD}<tr><td>Slack<td>Chat<td>name</table>"
    second = "<table><tr><td>Zork<td>Mail<td>e-mail</table><table><tr><td>9<td>17</table>"

    page = read(first + second)

    assert [("Slack", "Chat", ["name"]), ("Zork", "Mail", ["e-mail"])] == told(page)
    assert ["9", "17"] == [line.text for line in page.not_understood]


def test_row_with_one_cell_is_a_group():
    """
    "Affiliates" over several rows is no vendor.
    """
    page = read(f"<table>{HEAD}<tr><td>Affiliates<td><td><tr><td>Slack<td>Chat<td>name</table>")

    assert [("Slack", "Chat", ["name"])] == told(page)
    assert ["group"] == [line.use for line in page.lines if line.text == "Affiliates"]


def test_row_without_a_name_and_cells_without_a_heading_are_not_understood():
    """
    They are told, with their text.
    """
    page = read(
        f"<table>{HEAD}<tr><td><td>Chat<td>name<tr><td>Slack<td>Chat<td>name<td>odd</table>"
    )

    assert ["Chat", "name", "odd"] == [line.text for line in page.not_understood]


def test_line_with_a_cell_too_many_is_not_understood():
    """
    The vendor is read all the same.
    """
    page = read("| Name | Purpose |\n|---|---|\n| Slack | chat | odd |\n", html=False)

    assert [("Slack", "chat", [])] == told(page)
    assert ["| Slack | chat | odd |"] == [line.text for line in page.not_understood]


def test_entity_is_the_name_where_there_is_no_other():
    """
    It is kept as the legal entity too.
    """
    page = read("<table><tr><th>Entity name<th>Purpose<tr><td>Foo GmbH<td>chat</table>")

    assert [("Foo GmbH", "chat", [])] == told(page)
    assert [("entity", "Foo GmbH")] == [(c.about, c.text) for c in page.vendors[0].columns]
