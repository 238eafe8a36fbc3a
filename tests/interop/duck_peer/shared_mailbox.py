# SPDX-License-Identifier: BSD-3-Clause
"""One shared memory segment that holds one frame. Both ends of the reference use it in the same careless way."""

from multiprocessing.shared_memory import SharedMemory

from frames import PREFIX_LENGTH, DataTooBigError, EmptyData, Frame


class Mailbox:
    def __init__(self, name: str, bufsize: int, create: bool = False):
        self.bufsize = bufsize
        # Attaching registers the name with this interpreter's resource tracker too, which unlinks it when the
        # interpreter ends. That is what CPython 3.11 does to every client, so it must not be mended here.
        self.memory = SharedMemory(name=name, create=create, size=bufsize if create else 0)

    @property
    def name(self) -> str:
        return self.memory.name

    def write(self, frame: Frame) -> int:
        """The prefix first: for a moment it speaks of bytes that are not there yet. No lock, no look at what stands."""
        payload = self.fit(frame)
        self.write_prefix(len(payload))
        self.write_payload(payload)
        return len(payload)

    def fit(self, frame: Frame) -> bytes:
        payload = frame.pack()
        if len(payload) + PREFIX_LENGTH > self.bufsize:
            raise DataTooBigError(f"{len(payload)} bytes and the prefix exceed the buffer of {self.bufsize} bytes")
        return payload

    def write_prefix(self, length: int) -> None:
        self.memory.buf[:PREFIX_LENGTH] = length.to_bytes(PREFIX_LENGTH, "big")

    def write_payload(self, payload: bytes, offset: int = 0) -> None:
        begin = PREFIX_LENGTH + offset
        self.memory.buf[begin : begin + len(payload)] = payload

    def read(self) -> Frame:
        length = self.exposed_length()
        if length == 0:
            raise EmptyData("the mailbox is empty")
        if length > self.bufsize - PREFIX_LENGTH:
            raise DataTooBigError(f"{length} bytes are announced in a buffer of {self.bufsize} bytes")
        return Frame.parse(bytes(self.memory.buf[PREFIX_LENGTH : PREFIX_LENGTH + length]))

    def exposed_length(self) -> int:
        return int.from_bytes(self.memory.buf[:PREFIX_LENGTH], "big")

    def close(self) -> None:
        self.memory.close()

    def unlink(self) -> None:
        try:
            self.memory.unlink()
        except FileNotFoundError:
            pass  # whoever came first has done it
