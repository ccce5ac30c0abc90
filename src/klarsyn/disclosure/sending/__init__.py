"""
Sending: rows on their way to one vendor, what became of each, and what is taken back there.
"""
