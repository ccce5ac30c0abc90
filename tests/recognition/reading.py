"""
What one reader makes of one text.
"""

from klarsyn.recognition.batch import blocks
from klarsyn.recognition.core import TRIGGERS
from klarsyn.recognition.findings import Hit
from klarsyn.recognition.scan import PlainEngine


def read(text, *readers):
    """Return (rule, text) of what these readers find where their triggers say to look."""
    (block,) = blocks([text])
    own = [trigger for trigger in TRIGGERS if trigger.read in readers]
    hits: list[Hit] = []
    for trigger, places in zip(own, PlainEngine(own).places(block.data), strict=True):
        for start, end in places.items():
            trigger.read(block.text, start, end, hits)
    return sorted({(hit.rule, block.text[hit.start : hit.end]) for hit in hits})
