"""
Disclosure: what each vendor should hold, against what it was sent. Exactly the declared elements.
"""
