"""
The tests. A package, since a library that the tests use installs one of the same name.
"""
