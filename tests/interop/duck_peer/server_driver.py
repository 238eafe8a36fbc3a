# SPDX-License-Identifier: BSD-3-Clause
"""Serves the objects of served_objects.py until SIGTERM or the end of stdin.

    python3 server_driver.py [--bufsize 65536] [--take-ms 0]

Says one JSON line per object, then {"ready": true}. A line `objects` on stdin asks how many objects it holds.
"""

import argparse
import json
import os
import signal
import sys
import threading

from served_objects import Counter, Sequence, Tree, Values
from server import Server


def say(answer: dict) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def leave(*_) -> None:
    raise SystemExit(0)


def report_dead_handler(failure) -> None:
    # The reference prints a traceback here; one line is enough for whoever reads a test's log.
    print(f"a request stays without an answer: {failure.exc_type.__name__}: {failure.exc_value}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bufsize", type=int, default=65536)
    parser.add_argument("--take-ms", type=float, default=0, help="between reading a request and working on it")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, leave)
    threading.excepthook = report_dead_handler
    server = Server(options.bufsize, options.take_ms / 1000)
    try:
        for name, target in (("counter", Counter()), ("tree", Tree()), ("values", Values()), ("list", Sequence())):
            object_id, segment, bufsize = server.create_proxy(target)
            say({"object": name, "id": object_id, "segment": segment, "bufsize": bufsize, "pid": os.getpid()})
        server.run()
        say({"ready": True})
        for line in sys.stdin:
            if line.strip() == "objects":
                say({"objects": server.object_count()})
    finally:
        server.stop()


main()
