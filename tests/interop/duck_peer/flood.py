# SPDX-License-Identifier: BSD-3-Clause
"""Calls `echo` with random values, and counts which of them did not come back.

    python3 flood.py --segment NAME --id N --bufsize N --calls N --timeout SECONDS [--seed K] [--poll-us 500]
"""

import argparse
import json
import sys
import time
from array import array
from typing import Any, Callable

import msgpack

from client import Behaviour, Proxy
from random_values import RandomValues

REPORTED_FAILURES = 5


class Tally:
    def __init__(self):
        self.calls = self.wrong = self.hung = self.errors = 0
        self.durations = array("d")

    def call(self, echo: Callable, value: Any) -> None:
        self.calls += 1
        begin = time.perf_counter()
        try:
            answer = echo(value)
        except TimeoutError:
            self.hung += 1
            return self.report("hung", value)
        except Exception as error:
            self.errors += 1
            return self.report(f"{type(error).__name__}: {error}", value)
        self.durations.append(time.perf_counter() - begin)
        if not same(answer, value):
            self.wrong += 1
            self.report(f"answered {brief(answer)}", value)

    def report(self, failure: str, value: Any) -> None:
        if self.wrong + self.hung + self.errors <= REPORTED_FAILURES:
            print(f"call {self.calls} of echo({brief(value)}): {failure}", file=sys.stderr)

    def percentile_us(self, share: float) -> float:
        ordered = sorted(self.durations)
        return round(ordered[int(share * (len(ordered) - 1))] * 1e6, 1) if ordered else 0.0


def same(answer: Any, value: Any) -> bool:
    # Compared as bytes, because True == 1 == 1.0 in Python.
    try:
        return msgpack.packb(answer) == msgpack.packb(value)
    except TypeError:
        return False  # a proxy or a closure


def brief(value: Any) -> str:
    text = repr(value) if not isinstance(value, Proxy) else f"a proxy of {value._description}"
    return text if len(text) <= 60 else f"{text[:60]}… ({len(text)} characters)"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--segment", required=True)
    parser.add_argument("--id", type=int, required=True)
    parser.add_argument("--bufsize", type=int, required=True)
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--timeout", type=float, required=True, help="of each call; one without an answer has hung")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--poll-us", type=float, default=500, help="0 polls without a pause")
    parser.add_argument("--get-each", action="store_true", help="a GET of `echo` before each EXECUTE")
    options = parser.parse_args()

    Behaviour.timeout = options.timeout
    Behaviour.poll_seconds = options.poll_us / 1e6
    proxy = Proxy(options.id, options.segment, options.bufsize)
    values = RandomValues(options.seed, options.id, options.bufsize)
    tally = Tally()
    begin = time.perf_counter()
    echo = (lambda value: proxy.echo(value)) if options.get_each else proxy._closure(options.id, "echo")
    for _ in range(options.calls):
        tally.call(echo, values.next())
    print(
        json.dumps(
            {
                "calls": tally.calls,
                "wrong": tally.wrong,
                "hung": tally.hung,
                "errors": tally.errors,
                "p50_us": tally.percentile_us(0.5),
                "p99_us": tally.percentile_us(0.99),
                "seconds": round(time.perf_counter() - begin, 3),
            }
        )
    )


main()
