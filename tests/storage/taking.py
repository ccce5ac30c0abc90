"""
Takes from one bucket in many threads for some seconds.

Prints for each take that got something the instants before and after it.

    python taking.py URL RATE BURST THREADS SECONDS
"""

import sys
import threading
import time

from klarsyn import storage
from klarsyn.clock import SystemClock


def take_until(end, buckets, limit, times):
    """Take as often as is allowed until an instant, and note when."""
    while time.time() < end:
        before = time.time()
        wait = buckets.take("shared", *limit)
        if wait:
            time.sleep(wait)
        else:
            times.append((before, time.time()))


def main():
    """Take, then print."""
    url, rate, burst, threads, seconds = sys.argv[1:]
    times: list[tuple[float, float]] = []
    with storage.open(url) as opened:
        buckets = storage.Buckets(opened, SystemClock())
        end = time.time() + float(seconds)
        limit = (float(rate), float(burst))
        workers = [
            threading.Thread(target=take_until, args=(end, buckets, limit, times))
            for _ in range(int(threads))
        ]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    sys.stdout.write("\n".join(f"{before} {after}" for before, after in times))


if __name__ == "__main__":
    main()
