# SPDX-License-Identifier: BSD-3-Clause
"""A Python client as rude as the reference's: it never locks, never compares ids, and unlinks what is not its own."""

import time
from typing import Any, Callable, Optional

from frames import (
    CALLABLE_PREFIX,
    PROXY_PREFIX,
    DataDecodeError,
    Frame,
    LimitedProxyChaining,
    Opcode,
    ProxyError,
    delete_frame,
    execute_frame,
    get_frame,
    set_frame,
)
from shared_mailbox import Mailbox


class Behaviour:
    """What a test may vary. The values here are the reference's."""

    poll_seconds = 0.0005  # 0 polls without a pause
    timeout: Optional[float] = None  # for calls that name none; None waits for ever
    waits_for_delete = False  # whether collecting a chained proxy waits for the answer to its `__del__`


class Proxy:
    # Only these names are the proxy's own; every other attribute is the remote object's.
    __slots__ = ("_id", "_segment", "_bufsize", "_max_level", "_level", "_description", "_chained", "_mailbox")

    def __init__(
        self, object_id: int, segment: str, bufsize: int, max_level: int = 7, level: int = 0, description: str = ""
    ):
        self._mailbox = None  # first, for the finaliser that runs even when attaching fails
        self._chained = level > 0
        self._description = description
        self._id, self._segment, self._bufsize = object_id, segment, bufsize
        self._max_level, self._level = max_level, level
        self._mailbox = Mailbox(segment, bufsize)

    def get_response(self, frame: Frame, timeout: Optional[float] = None) -> Any:
        self._mailbox.write(frame)
        return self.wait_for_result(timeout)

    def wait_for_result(self, timeout: Optional[float] = None) -> Any:
        if timeout is None:
            timeout = Behaviour.timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                frame = self._mailbox.read()
            except DataDecodeError:
                pass
            else:
                if frame.opcode == Opcode.EXECUTION_RESULT:
                    return self._interpret(frame.payload)
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"no answer within {timeout} s")
            if Behaviour.poll_seconds:
                time.sleep(Behaviour.poll_seconds)

    def _interpret(self, payload: list) -> Any:
        # The id is believed, whatever was asked: an answer to an older request is taken for this one's.
        result_id, value, error = payload
        if error:
            raise ProxyError(error)
        if isinstance(value, str) and value.startswith(PROXY_PREFIX):
            return self._chain(result_id, value[len(PROXY_PREFIX) :])
        self._level = 0
        if isinstance(value, str) and value.startswith(CALLABLE_PREFIX):
            return self._closure(result_id, value[len(CALLABLE_PREFIX) :])
        return value

    def _chain(self, result_id: int, description: str) -> "Proxy":
        level = self._level + 1
        if level > self._max_level:
            raise LimitedProxyChaining(f"'{description}' is at level {level}, above the maximum of {self._max_level}")
        return Proxy(result_id, self._segment, self._bufsize, self._max_level, level, description)

    def _closure(self, result_id: int, name: str) -> Callable:
        def remote_method(*arguments, **keywords):
            return self.get_response(execute_frame(result_id, name, arguments, keywords))

        remote_method.__name__ = name
        return remote_method

    def __getattr__(self, name: str) -> Any:
        return self.get_response(get_frame(self._id, name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name in Proxy.__slots__:
            object.__setattr__(self, name, value)
        else:
            self.get_response(set_frame(self._id, name, value))

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_) -> None:
        self._finish()

    def __del__(self) -> None:
        self._finish()

    def _finish(self) -> None:
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is None:
            return
        if self._chained:
            self._forget(mailbox)
            mailbox.unlink()  # the root's name, which every other proxy of this mailbox still needs
        mailbox.close()

    def _forget(self, mailbox: Mailbox) -> None:
        """Overwrites whatever stands in the mailbox, be it another call's request."""
        mailbox.write(delete_frame(self._id))
        if not Behaviour.waits_for_delete:
            return
        self._mailbox = mailbox
        try:
            self.wait_for_result()
        except (ProxyError, TimeoutError):
            pass  # a collector has nobody to tell
        finally:
            self._mailbox = None
