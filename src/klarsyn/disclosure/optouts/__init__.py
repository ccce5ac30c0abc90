"""
Opt-outs: who has left one newsletter gets none of the others, until they prove otherwise.
"""
