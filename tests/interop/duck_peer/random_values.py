# SPDX-License-Identifier: BSD-3-Clause
"""Random values that a stale, torn or mixed-up answer cannot equal by chance (but for None and the bools)."""

import random
import string
from typing import Any

import msgpack

from frames import PREFIX_LENGTH, execute_frame

ALPHABET = string.ascii_letters + string.digits + "äß€"


class RandomValues:
    def __init__(self, seed: int, object_id: int, bufsize: int):
        self._random = random.Random(seed)
        without_argument = len(execute_frame(object_id, "echo", [""]).pack())
        # 4: the header of the longest string is 5 bytes, and the empty one's is counted already.
        self._longest = bufsize - PREFIX_LENGTH - without_argument - 4
        self._length = 0
        weighted_kinds = {
            self._int: 30,
            self._short_text: 25,
            self._text: 8,
            self._text_as_long: 12,
            self._list: 10,
            self._dict: 10,
            self._constant: 5,
        }
        self._kinds, self._weights = list(weighted_kinds), list(weighted_kinds.values())

    def next(self) -> Any:
        if self._random.random() < 0.01:
            return self._text_near_the_limit()
        (kind,) = self._random.choices(self._kinds, self._weights)
        value = kind()
        return value if len(msgpack.packb(value)) <= self._longest else self._int()

    def _int(self) -> int:
        return self._random.randrange(-(1 << 63), 1 << 64) >> self._random.choice((0, 0, 16, 40))

    def _short_text(self) -> str:
        self._length = self._random.randrange(1, 40)
        return self._text_of(self._length)

    def _text(self) -> str:
        self._length = self._random.randrange(1, max(2, min(2000, self._longest // 2)))
        return self._text_of(self._length)

    def _text_as_long(self) -> str:
        """As long as the one before: the frame of an older request or answer then differs in content only."""
        return self._text_of(self._length or 8)

    def _text_near_the_limit(self) -> str:
        length = self._longest - self._random.randrange(0, 9)
        head = f"{self._random.getrandbits(64):016x}"
        return head + chr(self._random.randrange(97, 123)) * max(0, length - len(head))

    def _text_of(self, length: int) -> str:
        """`length` bytes of UTF-8, more or less at its end."""
        text = "".join(self._random.choices(ALPHABET, k=length)).encode()[:length]
        return text.decode(errors="ignore")

    def _list(self) -> list:
        return [self._nested() for _ in range(self._random.randrange(1, 6))]

    def _dict(self) -> dict:
        return {self._text_of(6): self._nested() for _ in range(self._random.randrange(1, 5))}

    def _nested(self) -> Any:
        kinds = (self._int, self._float, self._short_text, self._bytes, self._pair, self._constant)
        return self._random.choice(kinds)()

    def _float(self) -> float:
        return self._random.uniform(-1e9, 1e9)

    def _bytes(self) -> bytes:
        return self._random.randbytes(self._random.randrange(0, 12))

    def _pair(self) -> list:
        return [self._random.random(), {"n": self._int()}]

    def _constant(self) -> Any:
        return self._random.choice((None, True, False))
