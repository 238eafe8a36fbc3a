# SPDX-License-Identifier: BSD-3-Clause
"""The worker scenario `duck`: a client of the Duck protocol, as a user of Duck would run it. It needs nothing of Decoy's.

It adds to a counter, reads it and sets it back, over and over, and says what came of it; until SIGINT or SIGTERM, the end of its
output, or the end of the server. Errors are one line and a status, as those of the `decoy` command, which turns into this program.
"""

import argparse
import os
import select
import signal
import sys
import time
from multiprocessing import resource_tracker, shared_memory

FAILURE, SERVER_GONE = 1, 3
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)

GET, SET, EXECUTE, EXECUTION_RESULT = 0, 1, 2, -1
PREFIX_LENGTH = 4
CALLABLE_PREFIX = "<callable>-"
POLL_SECONDS = 0.0005
STEP = 5


class ProxyError(Exception):
    pass


class PeerDied(Exception):
    pass


class Server:
    """Waits, and notices meanwhile that the server is gone. Duck itself does not notice it, and would wait for ever."""

    def __init__(self, process):
        try:
            self.process, self.end = process, os.pidfd_open(process)
        except ProcessLookupError:
            raise self.gone() from None

    def wait(self, seconds):
        if select.select([self.end], [], [], max(0, seconds))[0]:
            raise self.gone()

    def gone(self):
        return PeerDied(f"the server's process {self.process} is gone")


class Proxy:
    # Only these are the proxy's own; every other attribute is the remote object's.
    __slots__ = ("_id", "_memory", "_server")

    def __init__(self, object_id, memory, server):
        self._id, self._memory, self._server = object_id, memory, server

    def __getattr__(self, name):
        return self._ask(GET, [self._id, name])

    def __setattr__(self, name, value):
        if name in Proxy.__slots__:
            object.__setattr__(self, name, value)
        else:
            self._ask(SET, [self._id, name, value])

    def _ask(self, opcode, payload):
        request = msgpack.packb([opcode, payload])
        self._memory.buf[:PREFIX_LENGTH] = len(request).to_bytes(PREFIX_LENGTH, "big")
        self._memory.buf[PREFIX_LENGTH : PREFIX_LENGTH + len(request)] = request
        while True:
            opcode, payload = self._read()
            if opcode == EXECUTION_RESULT:
                return self._interpret(*payload)
            self._server.wait(POLL_SECONDS)

    def _read(self):
        end = PREFIX_LENGTH + int.from_bytes(self._memory.buf[:PREFIX_LENGTH], "big")
        try:
            return msgpack.unpackb(bytes(self._memory.buf[PREFIX_LENGTH:end]))
        except ValueError:
            return None, None  # the server is just writing it

    def _interpret(self, object_id, value, error):
        if error:
            raise ProxyError(error)
        if isinstance(value, str) and value.startswith(CALLABLE_PREFIX):
            method = value[len(CALLABLE_PREFIX) :]
            return lambda *arguments, **keywords: self._ask(EXECUTE, [object_id, method, arguments, keywords])
        return value


class Pace:
    """Lets calls begin at a steady rate; after a slow one it starts anew, so that there is no burst to catch up with."""

    def __init__(self, server, interval):
        self.server, self.interval, self.due = server, interval, time.monotonic()

    def wait(self):
        self.server.wait(self.due - time.monotonic())
        self.due = max(self.due + self.interval, time.monotonic())


def add(counter):
    return f"counter.add({STEP}) = {counter.add(STEP)}"


def read(counter):
    return f"counter.a = {counter.a}"


def set_back(counter):
    value = counter.a - STEP
    counter.a = value
    return f"counter.a was set to {value}"


def play(counter, pace, count):
    played = 0
    while count == 0 or played < count:
        played += 1
        for step in (add, read, set_back):
            pace.wait()
            try:
                say(step(counter))
            except ProxyError as error:
                say(f"{step.__name__}: ProxyError: {error}")


def say(line):
    os.write(sys.stdout.fileno(), (line + "\n").encode())  # at once, and nothing is left to be flushed at the end


def fail(kind, message, status=FAILURE):
    text = " ".join(str(message).split())
    os.write(sys.stderr.fileno(), f"decoy: {kind}: {text}\n".encode())
    return status


def leave_on_signals():
    def leave(*_):
        for number in ENDING_SIGNALS:
            signal.signal(number, stay)
        hold_signals_back()
        raise SystemExit(0)

    def stay(*_):
        """For a second signal that was on its way already: some tools send two. With SIG_IGN Python would complain of it."""

    for number in ENDING_SIGNALS:
        signal.signal(number, leave)
    # Whoever turned into this program has held them back until now, so that none is lost.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)


def hold_signals_back():
    """From here to the end: Python drops its handlers before it ends, and a late signal must not spoil the status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)


def detach(memory):
    """Removes the name, as Duck's clients do when they end. If somebody was faster, Python must not complain of a leak."""
    memory.close()
    try:
        memory.unlink()
    except FileNotFoundError:
        resource_tracker.unregister(f"/{memory.name}", "shared_memory")


def run(options):
    server = Server(options.server_process)
    memory = shared_memory.SharedMemory(options.segment)
    try:
        play(Proxy(options.id, memory, server), Pace(server, options.interval), options.count)
    except BrokenPipeError:
        pass  # whoever read the log has seen enough
    finally:
        detach(memory)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--segment", required=True)
    parser.add_argument("--id", type=int, required=True)
    parser.add_argument("--server-process", type=int, required=True)
    parser.add_argument("--interval", type=float, default=0.05, help="seconds from call to call")
    parser.add_argument("--count", type=int, default=0, help="rounds of three calls; 0: no end")
    options = parser.parse_args()
    try:
        leave_on_signals()
        run(options)
    except PeerDied as error:
        return fail("PeerDied", error, SERVER_GONE)
    except Exception as error:
        return fail("Error", f"{type(error).__name__}: {error}")
    finally:
        hold_signals_back()
    return 0


try:
    import msgpack
except ImportError:
    sys.exit(fail("ProxyError", "the duck scenario needs Debian's python3-msgpack (apt install python3-msgpack)"))
sys.exit(main())
