from klarsyn.register.drafts.pagehtml import html_blocks


def seen(text):
    """Return kind and texts of each block, without bare markup."""
    blocks = [one for one in html_blocks(text) if one.kind != "markup"]
    return [(one.kind, *(cell.text for cell in one.cells)) for one in blocks]


def test_blocks_are_what_a_reader_sees():
    """
    Inline elements are joined, entities spelt out, spaces run together.
    """
    text = "<title>T</title><h1>A &amp; <b>B</b>\n  C</h1><ul><li><p>x</p></li></ul><p>y<br>z"

    assert [
        ("page-title", "T"),
        ("heading", "A & B C"),
        ("bullet", "x"),
        ("text", "y"),
        ("text", "z"),
    ] == seen(text)


def test_cells_keep_their_parts():
    """
    Breaks, lists and a table inside a cell are parts of it.
    """
    text = "<table><tr><td>a<br>b<td><ul><li>c<li>d</ul><table><tr><td>e</table></table>"
    (row,) = html_blocks(text)

    assert [("a", "b"), ("c", "d", "e")] == [cell.parts for cell in row.cells]


def test_rows_without_a_table_or_an_end_are_rows():
    """
    Whoever forgot the table still has rows.
    """
    assert [("row", "a", "b"), ("row", "c")] == seen("<tr><td>a<td>b<tr><td>c")


def test_what_is_ignored_ends_with_the_main_part():
    """
    A navigation that nobody closed does not swallow the page.
    """
    assert [("ignored", "Home"), ("heading", "Vendors")] == seen("<nav>Home<h1>Vendors</h1>")


def test_button_in_a_cell_is_no_text_of_the_cell():
    """
    The cell goes on behind it.
    """
    text = "<table><tr><td>a<button>Copy</button> b</table>"

    assert [("ignored", "Copy"), ("row", "a b")] == seen(text)


def test_link_is_kept_with_its_cell():
    """
    A vendor's address stands only there.
    """
    (row,) = html_blocks("<table><tr><td><a href='https://a.example'>A</a></table>")

    assert "https://a.example" == row.cells[0].link


def test_each_line_of_the_source_is_in_a_block():
    """
    A text over two lines has both numbers; a line of tags is markup.
    """
    blocks = html_blocks("<p>one\ntwo</p>\n<hr>\n\n<p>three")
    lines = [(one.kind, [piece.line for piece in one.cells[0].pieces]) for one in blocks]

    assert [("text", [1, 2]), ("text", [5]), ("markup", [3])] == lines
