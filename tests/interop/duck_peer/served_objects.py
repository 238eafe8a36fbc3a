# SPDX-License-Identifier: BSD-3-Clause
"""The objects that server_driver.py serves to a test."""

import time
from typing import Any


class Counter:
    def __init__(self):
        self.a = 100

    def add(self, number: int) -> int:
        self.a += number
        return self.a

    def slow(self, seconds: float, value: Any) -> Any:
        time.sleep(seconds)
        return value


class Tree:
    def __init__(self, name: str = "root", depth: int = 0):
        self.name = name
        self.depth = depth
        self._same = None

    def child(self, number: int) -> "Tree":
        """A fresh one for each call."""
        return Tree(f"{self.name}/{number}", self.depth + 1)

    @property
    def same(self) -> "Tree":
        """Always the same one: this server answers only the first who asks."""
        if self._same is None:
            self._same = Tree(f"{self.name}/same", self.depth + 1)
        return self._same


class Values:
    def __init__(self):
        self.a_float = 2.5
        self.a_bytes = b"\x00\xffbytes"
        self.a_set = {1, 2, 3}
        self.a_dict = {"one": 1, "half": 0.5, "none": None}

    def echo(self, value: Any) -> Any:
        return value

    def keywords(self, **keywords: Any) -> dict:
        return keywords

    def big(self, length: int) -> str:
        return "x" * length

    def foreign(self) -> Any:
        return Counter().add

    def int_keys(self) -> dict:
        return {1: "one"}

    def fail(self, text: str) -> None:
        raise ValueError(text)


class Sequence:
    """A list that is reached through its dunder methods."""

    def __init__(self):
        self._members = [1, 2, 3]

    def append(self, value: Any) -> None:
        self._members.append(value)

    def __len__(self) -> int:
        return len(self._members)

    def __getitem__(self, index: int) -> Any:
        return self._members[index]

    def __setitem__(self, index: int, value: Any) -> None:
        self._members[index] = value

    def __contains__(self, value: Any) -> bool:
        return value in self._members
