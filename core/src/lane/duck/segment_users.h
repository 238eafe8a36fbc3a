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
/// One thread of one process, for as long as the system runs: numbers are used again, but not in the same moment.
struct ThreadIdentity {
    pid_t thread = 0;
    std::uint64_t start = 0; ///< threadClock()
    bool operator==(const ThreadIdentity &) const = default;
};
/// The threads that a process has now; none if it is gone.
[[nodiscard]] std::vector<ThreadIdentity> threadsOf(pid_t process);

} // namespace decoy::lane::duck
