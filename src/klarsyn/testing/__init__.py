"""
For tests and trials: vendors' stand-ins, invented people, and a clock that stands still.
"""

from klarsyn.testing.clock import StillClock
from klarsyn.testing.faults import Fault, Faults, Trouble
from klarsyn.testing.people import InventedPerson, draw
from klarsyn.testing.serving import Exchange, Planted, Reply, Request, StandIn, Window, route

__all__ = [
    "Exchange",
    "Fault",
    "Faults",
    "InventedPerson",
    "Planted",
    "Reply",
    "Request",
    "StandIn",
    "StillClock",
    "Trouble",
    "Window",
    "draw",
    "route",
]
