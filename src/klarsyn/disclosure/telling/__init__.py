"""
Telling: what a vendor was sent, what waits for it, and who received what of a person.
"""
