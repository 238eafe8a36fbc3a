// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace decoy {

/// A file descriptor that closes itself. Movable; -1 is empty.
class FileDescriptor {
public:
    FileDescriptor() noexcept = default;
    explicit FileDescriptor(int descriptor) noexcept : m_descriptor(descriptor) {}
    FileDescriptor(FileDescriptor &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~FileDescriptor();

    [[nodiscard]] int get() const noexcept { return m_descriptor; }
    [[nodiscard]] bool isOpen() const noexcept { return m_descriptor >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(m_descriptor, -1); }
    void reset() noexcept { *this = FileDescriptor(); }

private:
    int m_descriptor = -1;
};

/// A mapped segment of memory that several processes see.
///
/// Two kinds. *Sealed*: an anonymous memfd that its creator writes and that nobody else can write, shrink or grow; it leaves
/// nothing behind, whoever dies. *Named*: POSIX shared memory as the reference uses it; the object that created it
/// unlinks the name when it is destroyed. Owns the mapping and the descriptor; movable. The content is as thread-safe as the
/// reader makes it: another process may change it at any time, so copy before you parse.
class SharedMemory {
public:
    SharedMemory() noexcept = default;
    SharedMemory(SharedMemory &&other) noexcept;
    SharedMemory &operator=(SharedMemory &&other) noexcept;
    ~SharedMemory();

    /// Creates a sealed segment of `size` bytes, rounded up to pages, mapped writable here only.
    /// Throws ProxyError with the system's reason.
    [[nodiscard]] static SharedMemory createSealed(std::size_t size);
    /// Maps a segment that a peer created and passed, read-only. Throws ProxyError unless it is sealed as createSealed()
    /// does it and `size` bytes long exactly.
    [[nodiscard]] static SharedMemory openSealed(FileDescriptor descriptor, std::size_t size);

    /// Creates named memory, exclusively, mode 0600, of exactly `size` bytes. Throws NameTaken, ProxyError.
    [[nodiscard]] static SharedMemory createNamed(std::string name, std::size_t size);
    /// Opens named memory that exists, writable, at its whole size; never unlinks it. Throws ProxyObjectNotFound, AccessDenied,
    /// ProxyError.
    [[nodiscard]] static SharedMemory openNamed(std::string name);

    /// The content; empty for an empty object. openSealed() memory is read-only: see bytes().
    [[nodiscard]] std::span<std::byte> writableBytes() const noexcept;
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {m_address, m_size}; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// The name without the leading slash; empty for sealed memory.
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    [[nodiscard]] int descriptor() const noexcept { return m_descriptor.get(); }
    /// Closes the descriptor, for whoever keeps many segments; the mapping stays.
    void closeDescriptor() noexcept { m_descriptor.reset(); }
    [[nodiscard]] bool isOpen() const noexcept { return m_address != nullptr; }

    /// Removes the name now; the mapping stays. Nothing happens for memory that this object does not own.
    void unlink() noexcept;

private:
    std::byte *m_address = nullptr;
    std::size_t m_size = 0;
    FileDescriptor m_descriptor;
    std::string m_name;
    bool m_ownsName = false;
    bool m_writable = false;
};

} // namespace decoy
