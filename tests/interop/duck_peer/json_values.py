# SPDX-License-Identifier: BSD-3-Clause
"""Values that JSON has no form for, on their way between a test's JSON lines and Python."""

import base64
import hashlib
import math
from typing import Any

import msgpack

LONGEST_SHOWN = 1 << 20  # longer strings and bytes are told by their length and SHA-256
LARGEST_EXACT = 1 << 53  # many JSON readers keep numbers as doubles

READERS = {
    "$bytes": base64.b64decode,
    "$big": lambda length: "x" * length,
    "$float": float,
    "$int": int,
    "$intkeys": lambda members: {int(key): from_json(value) for key, value in members.items()},
    "$map": lambda pairs: {from_json(key): from_json(value) for key, value in pairs},
}


def from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [from_json(member) for member in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, content),) = value.items()
        if key in READERS:
            return READERS[key](content)
    return {key: from_json(member) for key, member in value.items()}


def to_json(value: Any) -> Any:
    if isinstance(value, (str, bytes)) and len(value) > LONGEST_SHOWN:
        data = value.encode() if isinstance(value, str) else value
        return {"length": len(value), "sha256": hashlib.sha256(data).hexdigest()}
    if isinstance(value, msgpack.ExtType):
        return {"$ext": [value.code, base64.b64encode(value.data).decode()]}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, int) and not -LARGEST_EXACT <= value <= LARGEST_EXACT:
        return {"$int": str(value)}
    if isinstance(value, list):
        return [to_json(member) for member in value]
    if isinstance(value, dict):
        return map_to_json(value)
    return value if isinstance(value, (str, int, float, type(None))) else {"$other": repr(value)}


def map_to_json(value: dict) -> dict:
    if all(isinstance(key, str) for key in value):
        return {key: to_json(member) for key, member in value.items()}
    return {"$map": [[to_json(key), to_json(member)] for key, member in value.items()]}
