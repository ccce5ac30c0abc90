"""
`python -m klarsyn` is `klarsyn`.
"""

from klarsyn.cli import main

main()
