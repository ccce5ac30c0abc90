"""
Disclosure: what each vendor should hold, against what it was sent. Exactly the declared elements.

`plans` says what should go where, and why not; `sending` carries it out at one vendor; `optouts`
stops mail wherever somebody left; `telling` says what was sent. `delivering` is the durable work
that joins them, and `around` what all of them work with. Each knows those named before it.
"""
