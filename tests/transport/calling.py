"""
Calls a desk from eight threads, keeping a limit that all who share a database keep.

    python calling.py DATABASE DESK CALLS
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from klarsyn import storage
from klarsyn.clock import SystemClock
from klarsyn.transport.connection import Connection, Surroundings
from klarsyn.transport.words import GET, Limit
from tests.transport.desk import KEY, api


def main():
    """Call, as fast as is allowed."""
    database, desk, calls = sys.argv[1:]
    clock = SystemClock()
    with storage.open(database) as opened:
        around = Surroundings(clock=clock, buckets=storage.Buckets(opened, clock), detour=desk)
        limited = api(limit=Limit(20, 1.0, at_once=2))
        with (
            Connection("desk", limited, {"key": KEY}, around=around) as connection,
            ThreadPoolExecutor(8) as pool,
        ):
            list(pool.map(lambda _: connection.call(GET("/people")), range(int(calls))))


if __name__ == "__main__":
    main()
