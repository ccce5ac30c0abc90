"""
A paper full of what could be read as a sign of a format, and how it should read afterwards.
"""

from klarsyn.publication.papers.document import (
    BLANK,
    Block,
    Bullets,
    Field,
    Fields,
    Heading,
    Line,
    Paper,
    Paragraph,
    Table,
    line,
)
from tests.publication.sites import DAY

TEXTS = (
    '#eval(sys.inputs) #import "x": *',
    "$ x^2 $ and $y$",
    "@label <label> @everyone",
    r"back\slash \n \# \\",
    "*bold* _italic_ `code` ~struck~ **strong**",
    "<b>bold</b> <script>alert(1)</script> &amp; &lt;",
    "[link](javascript:alert(1)) ![image](x)",
    "| a | b | and a || c",
    "- not a point",
    "1. not a number",
    "+ not a point",
    "= not a heading",
    "=== not a heading",
    "--- not a rule",
    "> not a quotation",
    "// not a comment /* nor this */",
    "\"quoted\" 'single' {{ braces }} ${x}",
    "https://example.com/a_b_c?d=e&f=*g*",
    "ÅÄÖ åäö ÆØ æø ß ŁódŹ Ελλάς Кириллица",
    "end with a backslash\\",
)
"""Texts as somebody could write them into a register."""

RIGHT_TO_LEFT = "חברה בע״מ"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsanlagenbetreiberin" * 3


def paper(*texts: str) -> Paper:
    """Return a paper with each text as heading, paragraph, point, label, field and cell."""
    told = tuple(map(line, texts))
    fields = tuple(Field(one.text, (one, one)) for one in told)
    rows = tuple(((one,), (one, Line(one.text, "unverified", one.text)), (BLANK,)) for one in told)
    blocks: tuple[Block, ...] = (
        *(Heading(one.text, 2) for one in told),
        *(Paragraph(one) for one in told),
        Bullets(told),
        Fields(fields),
        Table(told[0].text, (told[0].text, "B", "C"), rows, (3, 3, 1)),
    )
    return Paper("hostile", "en", told[0].text, told[0].text, DAY, fields[:1], blocks)


TIMES = 9
"""How often each text stands in such a paper; the first one more often."""
