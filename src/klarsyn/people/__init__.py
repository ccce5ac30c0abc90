"""
The people of a company: where they come from, who they are at vendors, what may be sent of them.
"""
