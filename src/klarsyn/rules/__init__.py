"""
The law as dated data: each rule has a beginning, an end, a jurisdiction and a source.

An answer is always computed for the date of the facts (R94). `grade` tells how a rule was
checked: "S" read in a public copy, "OJ" the text of an EU legal act, "M" from general knowledge
and not verified.
"""
