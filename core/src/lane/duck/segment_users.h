// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace decoy::lane::duck {

/// Who has a segment mapped, as the kernel says. The reference's peers do not introduce themselves.
struct SegmentUsers {
    std::vector<pid_t> processes; ///< in ascending order
    bool isComplete = true;       ///< false if some process would not let us look
};

/// Looks through all processes that this user may inspect: takes milliseconds.
[[nodiscard]] SegmentUsers findUsers(dev_t device, ino_t inode);

/// The clock of thread starts, in its ticks.
[[nodiscard]] std::uint64_t threadClock() noexcept;
/// Whether a process has a thread that was started at `since` (threadClock()) or later.
[[nodiscard]] bool hasThreadSince(pid_t process, std::uint64_t since);

} // namespace decoy::lane::duck
