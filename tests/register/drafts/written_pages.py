"""
Pages kept by hand that nobody wrote: strategies for tests of the reader and the draft.
"""

import re

from hypothesis import strategies as st

_WORDS = """
Mailchimp|AWS|Foo AS|E-mail|Name|Namn|IP address|Status|Password|Purpose|Purpose:|Data:|Location: US
Country|hosting|NYHETSBREV|none|We do not store personal data.|Updated|25.01.2022|31.02.2022|(|)|«|#
---|* |- |  - |•|: | – |,|;|**|__|`|[a](b)|1. |===
"""
_UNSEEN = ["\t", "e\u0301", "\u00a0", "\u202e", "\ufeff", "\x85", "|", "||", "|---|---|"]
_TAGS = """
<table> </table> <tr> <td> </td> <td/rowspan=3> <th>Name <th>Purpose <th>Data <ul> <li> </ul> <h1>
<h3> </h3> <p> <br> <dl> <dt> <dd> <nav> </nav> <script> </script> <title> <!-- --> <![ <!x &amp;
&#0; &#10; &copy <a/href=https://a.example> < > </ <button> <html/lang=sv>
"""
WORDS = st.sampled_from([*_WORDS.strip().replace("\n", "|").split("|"), *_UNSEEN])
TAGS = st.sampled_from(_TAGS.split())
ENDS = st.sampled_from(["\n", "\n", "\n\n", " ", "\r\n", "\r"])
TEXTS = st.one_of(st.text(), st.lists(st.one_of(WORDS, ENDS, st.text(max_size=5))).map("".join))
MARKUP = st.lists(st.one_of(WORDS, ENDS, TAGS, st.text(max_size=5))).map("".join)


@st.composite
def vendor_pages(draw):
    """Draw a page that has at least one vendor, whatever else it holds."""
    labels = st.one_of(WORDS, st.text(min_size=1, max_size=30)).map(on_one_line).filter(str.strip)
    parts = []
    for name in draw(st.lists(labels, min_size=1, max_size=5)):
        items = draw(st.lists(labels, max_size=6))
        parts.append(f"## {name} (hosting)\n\n- Name\n" + "".join(f"- {item}\n" for item in items))
    parts.insert(draw(st.integers(0, len(parts))), "SLACK (CHAT)\n\n• Name\n• E-mail\n")
    return "\n\n".join([draw(TEXTS), *parts, draw(TEXTS)])


def on_one_line(text):
    """Return the text without line ends."""
    return re.sub(r"\s+", " ", text)


def filled_lines(text):
    """Return the numbers of the lines that hold anything."""
    lines = re.split(r"\r\n|\r|\n", text)
    return {number for number, line in enumerate(lines, 1) if line.strip()}
