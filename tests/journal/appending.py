"""
Appends to one journal from many threads of one of many processes.

    python appending.py URL NAME THREADS EACH
"""

import sys
import threading

from klarsyn import keys, storage
from klarsyn.clock import SystemClock
from klarsyn.journal import Journal


def main():
    """Append, all threads at once."""
    url, name, threads, each = sys.argv[1:]
    secrets = keys.load({"KLARSYN_KEYS": keys.made("k1")})
    with storage.open(url) as opened:
        journal = Journal(opened, SystemClock(), secrets)

        def work(thread):
            for at in range(int(each)):
                journal.append(f"{name}-{thread}-{at}:go:ok", "trial.done", facts={"at": at})
                journal.append(f"everybody-{at}:go:ok", "trial.shared", facts={"at": at})

        workers = [threading.Thread(target=work, args=(one,)) for one in range(int(threads))]
        for one in workers:
            one.start()
        for one in workers:
            one.join()


if __name__ == "__main__":
    main()
