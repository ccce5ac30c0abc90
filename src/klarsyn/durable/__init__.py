"""
Work that survives: steps, lanes, waits and schedules. It knows nothing of what the work is for.

The only package that names the engine below, dbos, which is imported where work is started or
carried, not before: it takes half a second.
"""

from klarsyn.durable.due import Due, Waiting
from klarsyn.durable.engine import Engine, State, Workshop
from klarsyn.durable.quiet import Tell
from klarsyn.durable.schedules import Schedules
from klarsyn.durable.works import Json, Run, Work, Works, work

__all__ = [
    "Due",
    "Engine",
    "Json",
    "Run",
    "Schedules",
    "State",
    "Tell",
    "Waiting",
    "Work",
    "Works",
    "Workshop",
    "work",
]
