# SPDX-License-Identifier: BSD-3-Clause
"""Requests that are written slowly, or not to their end: what a preempted or killed client leaves in the mailbox."""

import os
import signal
import time
from typing import Callable

from frames import DataDecodeError, EmptyData, Frame, Opcode
from shared_mailbox import Mailbox

DEATHS = ("prefix", "half", "sent", "never-read")


def write_torn(mailbox: Mailbox, frame: Frame, pieces: int, pause_seconds: float) -> None:
    payload = mailbox.fit(frame)
    pieces = max(1, min(pieces, len(payload)))
    mailbox.write_prefix(len(payload))
    for piece in range(pieces):
        time.sleep(pause_seconds)
        begin, end = (len(payload) * border // pieces for border in (piece, piece + 1))
        mailbox.write_payload(payload[begin:end], begin)


def write_until_death(mailbox: Mailbox, frame: Frame, at: str, timeout: float) -> None:
    """Leaves the mailbox as a client does that dies at this point; the caller does the dying."""
    if at not in DEATHS:
        raise ValueError(f"at must be one of {', '.join(DEATHS)}")
    payload = mailbox.fit(frame)
    mailbox.write_prefix(len(payload))
    if at == "prefix":
        return
    mailbox.write_payload(payload[: len(payload) // 2] if at == "half" else payload)
    if at == "never-read":
        wait_until(lambda: has_result(mailbox), timeout)


def has_result(mailbox: Mailbox) -> bool:
    try:
        return mailbox.read().opcode == Opcode.EXECUTION_RESULT
    except (DataDecodeError, EmptyData):
        return False


def wait_until(fact: Callable[[], bool], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.0005)


def die(how: str) -> None:
    # Neither way runs a finaliser, but the resource tracker is a process of its own: it unlinks the segment after both.
    if how == "exit":
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
