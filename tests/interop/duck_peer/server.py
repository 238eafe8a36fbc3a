# SPDX-License-Identifier: BSD-3-Clause
"""A Python server as rude as the reference's: a thread per request, torn answers, silence instead of a no."""

import threading
import time
from typing import Any, Dict, NamedTuple, Optional

from frames import (
    CALLABLE_PREFIX,
    PROXY_PREFIX,
    REQUESTS,
    EmptyData,
    Frame,
    Opcode,
    ProxyError,
    ProxyObjectNotFound,
)
from shared_mailbox import Mailbox

SCAN_PAUSE_SECONDS = 0.001
SENT_BY_VALUE = (int, str, bool, type(None), tuple, list, dict)  # a float, bytes or a set is not


class Descriptor(NamedTuple):
    object_id: int
    segment: str
    bufsize: int


class Server:
    def __init__(self, bufsize: int, take_seconds: float = 0):
        self.bufsize = bufsize
        self._take_seconds = take_seconds  # between reading a request and starting its thread: a busy machine
        self._objects: Dict[int, Any] = {}  # one for all mailboxes: each reaches the objects of every other
        self._mailboxes: Dict[int, Mailbox] = {}
        self._stopping = False
        self._scanner = threading.Thread(target=self._scan_for_ever, daemon=True)

    def run(self) -> None:
        self._scanner.start()

    def stop(self) -> None:
        self._stopping = True
        self._scanner.join()
        for mailbox in self._mailboxes.values():
            mailbox.unlink()

    def object_count(self) -> int:
        return len(self._objects)

    def create_proxy(self, target: Any, mailbox: Optional[Mailbox] = None) -> Descriptor:
        object_id = id(target)
        if object_id in self._objects:
            raise ProxyError(f"a proxy of object {object_id} already exists")
        if mailbox is None:
            mailbox = Mailbox(f"shared-memory-{object_id}", self.bufsize, create=True)
            self._mailboxes[object_id] = mailbox
        self._objects[object_id] = target
        return Descriptor(object_id, mailbox.name, mailbox.bufsize)

    def _scan_for_ever(self) -> None:
        while not self._stopping:
            try:
                self._scan()
            except ProxyError:
                pass  # one bad mailbox ends the pass, so those behind it wait for as long as it stays bad
            time.sleep(SCAN_PAUSE_SECONDS)

    def _scan(self) -> None:
        for mailbox in list(self._mailboxes.values()):
            try:
                frame = mailbox.read()
            except EmptyData:
                continue
            if frame.opcode in REQUESTS:
                if self._take_seconds:
                    time.sleep(self._take_seconds)
                # Until the thread has written its PENDING, the next pass finds the same request once more.
                threading.Thread(target=self._handle, args=(mailbox, frame), daemon=True).start()

    def _handle(self, mailbox: Mailbox, frame: Frame) -> None:
        mailbox.write(Frame(Opcode.RESPONSE_PENDING, []))
        object_id = value = error = None
        try:
            object_id, *request = frame.payload
            value = self._perform(frame.opcode, object_id, request)
        except Exception as failure:
            error = str(failure) or type(failure).__name__
        # Outside of the try: what is raised here ends the thread, and leaves the client with PENDING for ever.
        result = self._presentable(mailbox, object_id, value)
        mailbox.write(Frame(Opcode.EXECUTION_RESULT, [*result, error]))

    def _perform(self, opcode: int, object_id: int, request: list) -> Any:
        if object_id not in self._objects:
            raise ProxyObjectNotFound(f"no object {object_id}")
        target = self._objects[object_id]
        if opcode == Opcode.GET:
            (attribute,) = request
            return getattr(target, attribute)
        if opcode == Opcode.SET:
            attribute, value = request
            return setattr(target, attribute, value)
        if request == ["__del__"]:
            del self._objects[object_id]
            return None
        name, arguments, keywords = request
        return getattr(target, name)(*arguments, **keywords)

    def _presentable(self, mailbox: Mailbox, object_id: int, value: Any) -> list:
        """The id and the value of the result."""
        if isinstance(value, SENT_BY_VALUE):
            return [object_id, value]
        if callable(value):
            if not is_method_of(value, self._objects[object_id]):
                raise ProxyError("a callable that is no method of the object")
            return [object_id, CALLABLE_PREFIX + value.__name__]
        proxy = self.create_proxy(value, mailbox)
        return [proxy.object_id, PROXY_PREFIX + type(value).__name__]


def is_method_of(function: Any, target: Any) -> bool:
    return getattr(function, "__self__", None) is target
