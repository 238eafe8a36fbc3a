// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/server_watch.h"

#include "lane/duck/segment_users.h"
#include "memory/mailbox_names.h"
#include "memory/system_error.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace decoy::lane::duck {

namespace {

/// A descriptor that becomes readable when the process ends. Empty if its number is not known.
FileDescriptor openProcess(std::int32_t process)
{
    if (process <= 0)
        return {};
    FileDescriptor descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
    if (!descriptor.isOpen() && errno == ESRCH)
        throw PeerDied("the server's process " + std::to_string(process) + " is gone");
    return descriptor;
}

} // namespace

ServerWatch::ServerWatch(const DuckAddress &address, const SharedMemory &memory)
    : m_segment(address.segment), m_isOwn(memory::isOwnMailboxName(address.segment)),
      m_processId(std::max(address.process, 0)), m_process(openProcess(address.process))
{
    struct stat status = {};
    if (fstat(memory.descriptor(), &status) != 0)
        memory::throwSystemError("inspect shared memory \"" + m_segment + "\"");
    m_device = status.st_dev;
    m_inode = status.st_ino;
    if (m_isOwn)
        return;
    for (const pid_t server : servers()) {
        m_sawServer = true;
        const std::vector<ThreadIdentity> threads = threadsOf(server);
        m_bystanders.insert(m_bystanders.end(), threads.begin(), threads.end());
    }
}

std::vector<pid_t> ServerWatch::servers() const
{
    if (m_processId != 0)
        return {m_processId};
    std::vector<pid_t> users =
        findUsers(m_device, m_inode).processes; // its other clients among them, which does no harm
    std::erase(users, getpid());
    return users;
}

bool ServerWatch::isGone() const noexcept
{
    if (m_process.isOpen()) {
        pollfd process{m_process.get(), POLLIN, 0};
        if (poll(&process, 1, 0) == 1)
            return true;
    }
    return m_isOwn && memory::isServerGone(m_segment);
}

bool ServerWatch::isDeserted() const
{
    if (m_processId != 0) // isGone() knows; and the server may be this process, whose two mappings look like one user
        return false;
    const SegmentUsers users = findUsers(m_device, m_inode);
    return (users.isComplete || m_sawServer)
        && std::ranges::all_of(users.processes, [](pid_t process) { return process == getpid(); });
}

bool ServerWatch::hasNoHandlerSince(std::uint64_t time) const
{
    if (m_isOwn)
        return false;
    const auto mayHandle = [this, time](const ThreadIdentity &thread) {
        // A tick of tolerance: the request may have been read in the tick in which it was written.
        return thread.start + 1 >= time && std::ranges::find(m_bystanders, thread) == m_bystanders.end();
    };
    const std::vector<pid_t> found = servers();
    return !found.empty() && std::ranges::none_of(found, [&mayHandle](pid_t server) {
        return std::ranges::any_of(threadsOf(server), mayHandle);
    });
}

} // namespace decoy::lane::duck
