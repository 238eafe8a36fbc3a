# SPDX-License-Identifier: BSD-3-Clause
"""Frames as the reference's peers pack and parse them, and the exceptions that both ends raise."""

import enum
from typing import Any, NamedTuple

import msgpack

PREFIX_LENGTH = 4
PROXY_PREFIX = "<proxy>-"
CALLABLE_PREFIX = "<callable>-"


class ProxyError(Exception):
    pass


class DataDecodeError(ProxyError):
    pass


class DataEncodeError(ProxyError):
    pass


class DataTooBigError(ProxyError):
    pass


class EmptyData(ProxyError):
    pass


class ProxyObjectNotFound(ProxyError):
    pass


class LimitedProxyChaining(ProxyError):
    pass


class Opcode(enum.IntEnum):
    GET = 0
    SET = 1
    EXECUTE = 2
    EXECUTION_RESULT = -1
    RESPONSE_PENDING = -2


REQUESTS = (Opcode.GET, Opcode.SET, Opcode.EXECUTE)


class Frame(NamedTuple):
    opcode: int
    payload: list

    def pack(self) -> bytes:
        try:
            return msgpack.packb([int(self.opcode), self.payload])
        except Exception as error:
            raise DataEncodeError(str(error)) from error

    @classmethod
    def parse(cls, data: bytes) -> "Frame":
        # The defaults of unpackb are part of the protocol: a map key that is neither str nor bytes, bad UTF-8 and bytes
        # after the value are all decode errors, and a waiting client swallows those for ever.
        try:
            opcode, payload = msgpack.unpackb(data)
        except Exception as error:
            raise DataDecodeError(f"{type(error).__name__}: {error}") from error
        return cls(opcode, payload)


def get_frame(object_id: int, attribute: str) -> Frame:
    return Frame(Opcode.GET, [object_id, attribute])


def set_frame(object_id: int, attribute: str, value: Any) -> Frame:
    return Frame(Opcode.SET, [object_id, attribute, value])


def execute_frame(object_id: int, name: str, arguments: Any = (), keywords: Any = None) -> Frame:
    return Frame(Opcode.EXECUTE, [object_id, name, list(arguments), dict(keywords or {})])


def delete_frame(object_id: int) -> Frame:
    return Frame(Opcode.EXECUTE, [object_id, "__del__"])
