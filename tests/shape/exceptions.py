"""
What may be out of shape, and why.

A line here is a debt with a reason. One that is no longer needed fails a test.
"""

#: (subject, rule) -> reason. The subject is what the complaint starts with.
EXCEPTIONS: dict[tuple[str, str], str] = {}
