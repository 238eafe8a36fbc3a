// SPDX-License-Identifier: BSD-3-Clause
#include "memory/mailbox_segment.h"

#include "memory/file_lock.h"
#include "memory/system_error.h"

#include <decoy/error.h>

#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace decoy::memory {

MailboxSegment::MailboxSegment(SharedMemory memory) : m_memory(std::move(memory))
{
    struct stat status = {};
    if (fstat(m_memory.descriptor(), &status) != 0)
        throwSystemError("inspect shared memory \"" + name() + "\"");
    m_device = status.st_dev;
    m_inode = status.st_ino;
}

MailboxSegment MailboxSegment::create(const MailboxNames &names, std::size_t size)
{
    const FileDescriptor file = createUnnamedFile(size);
    const std::string name = names.next();
    const std::string hidden = MailboxNames::hiddenNameOf(name);
    if (!linkFile(file.get(), hidden))
        throwSystemError("name shared memory");
    if (!linkFile(file.get(), name)) {
        unlink(sharedMemoryPath(hidden).c_str());
        throwSystemError("name shared memory");
    }
    try {
        MailboxSegment segment(SharedMemory::openNamed(name));
        segment.m_hiddenName = hidden;
        segment.m_ownsName = true;
        segment.m_memory.closeDescriptor();
        return segment;
    } catch (...) {
        unlink(sharedMemoryPath(hidden).c_str());
        unlink(sharedMemoryPath(name).c_str());
        throw;
    }
}

MailboxSegment MailboxSegment::adopt(const MailboxNames &names, SharedMemory memory)
{
    if (memory.name().empty() || memory.writableBytes().empty())
        throw ArgumentError("a mailbox needs named shared memory that can be written");
    const bool isOfOurs = isOwnMailboxName(memory.name()) && !isServerGone(memory.name());
    if (isOfOurs)
        throw NameTaken("the shared memory \"" + memory.name() + "\" is a mailbox already");
    MailboxSegment segment(std::move(memory));
    const int descriptor = segment.m_memory.descriptor();
    if (!FileLock::take(descriptor,
                        FileLock::serverByte)) // for as long as the descriptor is open, so that one stays open
        throw NameTaken("a live server uses the shared memory \"" + segment.name() + "\" already");
    const std::string hidden = MailboxNames::hiddenNameOf(names.next());
    if (linkFile(descriptor, hidden)) // impossible if its name is gone already: then it works as it is
        segment.m_hiddenName = hidden;
    return segment;
}

MailboxSegment::~MailboxSegment()
{
    if (m_memory.isOpen()) // not moved from
        removeNames();
}

void MailboxSegment::removeNames() noexcept
try {
    if (!m_hiddenName.empty())
        unlink(sharedMemoryPath(m_hiddenName).c_str());
    if (m_ownsName)
        unlink(sharedMemoryPath(name()).c_str());
    m_hiddenName.clear();
    m_ownsName = false;
    if (m_memory.descriptor() >= 0)
        FileLock::drop(m_memory.descriptor(), FileLock::serverByte); // another server may use this memory
} catch (const std::bad_alloc &) {
    // The next server clears them away.
}

void MailboxSegment::restoreName() noexcept
try {
    if (m_hiddenName.empty())
        return;
    const std::string path = sharedMemoryPath(name());
    struct stat found = {};
    if (lstat(path.c_str(), &found) == 0) {
        if (found.st_ino == m_inode && found.st_dev == m_device)
            return;
        unlink(path.c_str()); // somebody else's memory would get the requests
    }
    if (link(sharedMemoryPath(m_hiddenName).c_str(), path.c_str()) == 0)
        m_ownsName = true; // whoever made it before has given it up
} catch (const std::bad_alloc &) {
    // The next look tries again.
}

bool MailboxSegment::hasLockingClient() const noexcept
try {
    const std::string &any = m_hiddenName.empty() ? name() : m_hiddenName;
    const FileDescriptor file(open(sharedMemoryPath(any).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    return file.isOpen() && FileLock::isHeld(file.get(), FileLock::clientByte);
} catch (const std::bad_alloc &) {
    return false;
}

} // namespace decoy::memory
