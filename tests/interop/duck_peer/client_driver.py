# SPDX-License-Identifier: BSD-3-Clause
"""A rude Python client that a test in another language drives: one JSON command a line in, one JSON answer a line out.

    python3 client_driver.py --segment NAME --id N --bufsize N [--max-level 7] [--timeout SECONDS]
"""

import argparse
import gc
import json
import sys
from typing import Any

from client import Behaviour, Proxy
from frames import PREFIX_LENGTH, Frame, execute_frame, get_frame, set_frame
from json_values import from_json, to_json
from rude_writes import die, write_torn, write_until_death


class Driver:
    def __init__(self, root: Proxy):
        self.kept = {"root": root}

    # Every do_… answers one command.

    def do_get(self, command: dict) -> dict:
        proxy = self.proxy(command)
        # Not getattr(): that would answer names like __class__ here, and a test wants to see what the server says.
        return self.result(command, proxy.get_response(get_frame(proxy._id, command["attr"]), command.get("timeout")))

    def do_set(self, command: dict) -> dict:
        proxy = self.proxy(command)
        frame = set_frame(proxy._id, command["attr"], from_json(command["value"]))
        return self.result(command, proxy.get_response(frame, command.get("timeout")))

    def do_call(self, command: dict) -> dict:
        """As `proxy.method(…)` does it: a GET, which should answer with a callable, and then the EXECUTE."""
        proxy = self.proxy(command)
        if command.get("direct"):
            return self.result(command, proxy.get_response(self.request(command), command.get("timeout")))
        method = proxy.get_response(get_frame(proxy._id, command["method"]), command.get("timeout"))
        return self.apply(command, method)

    def do_apply(self, command: dict) -> dict:
        return self.apply(command, self.kept[command["on"]])

    def do_drop(self, command: dict) -> dict:
        del self.kept[command["name"]]
        gc.collect()
        return {"dropped": command["name"]}

    def do_level(self, command: dict) -> dict:
        return {"level": self.proxy(command)._level}

    def do_raw(self, command: dict) -> dict:
        data = bytes.fromhex(command["hex"])
        offset = command.get("offset", 0)
        self.proxy(command)._mailbox.memory.buf[offset : offset + len(data)] = data
        return {"written": len(data)}

    def do_read(self, command: dict) -> dict:
        mailbox = self.proxy(command)._mailbox
        length = mailbox.exposed_length()
        end = min(PREFIX_LENGTH + length, mailbox.bufsize)
        return {"length": length, "hex": bytes(mailbox.memory.buf[:end]).hex()}

    def do_send(self, command: dict) -> dict:
        """Writes an EXECUTE and does not look back: `await` may, or nobody."""
        return {"sent": self.proxy(command)._mailbox.write(self.request(command))}

    def do_await(self, command: dict) -> dict:
        return self.result(command, self.proxy(command).wait_for_result(command.get("timeout")))

    def do_torn(self, command: dict) -> dict:
        proxy = self.proxy(command)
        pause_seconds = command.get("pause_us", 1000) / 1e6
        write_torn(proxy._mailbox, self.request(command), command.get("pieces", 2), pause_seconds)
        return self.result(command, proxy.wait_for_result(command.get("timeout")))

    def do_die(self, command: dict) -> dict:
        frame = self.request(command)
        write_until_death(self.proxy(command)._mailbox, frame, command["at"], command.get("timeout", 5.0))
        say({"dies": command["at"]})
        die(command.get("how", "kill"))

    # What they share.

    def proxy(self, command: dict) -> Proxy:
        return self.kept[command.get("on", "root")]

    def request(self, command: dict) -> Frame:
        arguments, keywords = from_json(command.get("args", [])), from_json(command.get("kwargs", {}))
        return execute_frame(self.proxy(command)._id, command["method"], arguments, keywords)

    def apply(self, command: dict, method: Any) -> dict:
        if not callable(method):
            raise TypeError(f"'{type(method).__name__}' object is not callable")
        previous = Behaviour.timeout
        # A closure has no parameter for it, nor has the reference's.
        Behaviour.timeout = command.get("timeout", previous)
        arguments, keywords = from_json(command.get("args", [])), from_json(command.get("kwargs", {}))
        try:
            return self.result(command, method(*arguments, **keywords))
        finally:
            Behaviour.timeout = previous

    def result(self, command: dict, value: Any) -> dict:
        if "keep" in command and callable_or_proxy(value):
            self.kept[command["keep"]] = value
        if isinstance(value, Proxy):
            return {"proxy": {"id": value._id, "level": value._level, "type": value._description}}
        if callable_or_proxy(value):
            return {"callable": value.__name__}
        return {"value": to_json(value), "type": type(value).__name__}


def callable_or_proxy(value: Any) -> bool:
    return isinstance(value, Proxy) or callable(value)


def say(answer: dict) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer_to(driver: Driver, line: str) -> dict:
    try:
        command = json.loads(line)
        return getattr(driver, "do_" + command["do"])(command)
    except Exception as error:
        return {"error": str(error), "kind": type(error).__name__}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--segment", required=True)
    parser.add_argument("--id", type=int, required=True)
    parser.add_argument("--bufsize", type=int, required=True)
    parser.add_argument("--max-level", type=int, default=7)
    parser.add_argument("--timeout", type=float, help="of calls that name none; without it they wait for ever")
    parser.add_argument("--poll-us", type=float, default=500)
    parser.add_argument("--wait-for-delete", action="store_true")
    options = parser.parse_args()

    Behaviour.timeout = options.timeout
    Behaviour.poll_seconds = options.poll_us / 1e6
    Behaviour.waits_for_delete = options.wait_for_delete
    driver = Driver(Proxy(options.id, options.segment, options.bufsize, options.max_level))
    for line in sys.stdin:
        if line.strip():
            # A proxy that was not kept is collected in here, so its `__del__` is written before this answer is.
            say(answer_to(driver, line))


main()
