// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace decoy::ui {

/// A block of memory for frames that never moves: the process's own, or a file's. It goes back to the system whole and at
/// once when this is destroyed, which the allocator does not promise for blocks of this size.
class FrameMemory {
public:
    /// Memory of the process's own. The system gives pages only as they are written, so what is not used costs nothing.
    explicit FrameMemory(std::size_t size);
    ~FrameMemory();
    FrameMemory(FrameMemory &&other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
          m_isOnDisk(other.m_isOnDisk)
    {}
    FrameMemory &operator=(FrameMemory &&) = delete;

    /// A copy of `parts`, one after the other, in a file of its own in `folder`. The file has no name: it is gone with this
    /// object, however the process ends. The system may take the pages back and read them again, so they cost disk, not
    /// memory; what is written to them later costs memory and does not reach the file.
    ///
    /// Throws std::system_error; a disk that is full is noticed here, not when the memory is used.
    [[nodiscard]] static FrameMemory onDisk(const std::filesystem::path &folder,
                                            std::span<const std::span<const std::byte>> parts);

    [[nodiscard]] std::byte *data() const noexcept { return m_data; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool isOnDisk() const noexcept { return m_isOnDisk; }

private:
    FrameMemory(std::byte *data, std::size_t size, bool isOnDisk) noexcept
        : m_data(data), m_size(size), m_isOnDisk(isOnDisk)
    {}

    std::byte *m_data = nullptr;
    std::size_t m_size = 0;
    bool m_isOnDisk = false;
};

/// Why frames cannot be put on disk in `folder`, which is made if it is missing; empty: they can. A folder that is itself
/// in memory will not do.
[[nodiscard]] std::string whyUnfitForFrames(const std::filesystem::path &folder);
/// What a process without privileges may still write there; 0 if that cannot be found out.
[[nodiscard]] std::uint64_t freeDiskSpace(const std::filesystem::path &folder) noexcept;

} // namespace decoy::ui
