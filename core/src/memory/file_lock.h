// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cerrno>
#include <utility>

#include <fcntl.h>

namespace decoy::memory {

/// An open-file-description lock on one byte of a file, seen by all processes; the kernel drops it when the last copy of the
/// descriptor is closed, however its process ends. Not for two threads with one descriptor: they would share the lock.
class FileLock {
public:
    // Which byte of a mailbox's files stands for what; there need not be anything at it.
    static constexpr off_t clientByte = 0; ///< one of our clients has a call under way
    static constexpr off_t serverByte = 1; ///< its server lives

    /// False if somebody else holds it (errno EAGAIN or EACCES), or for what the system refuses.
    [[nodiscard]] static bool take(int descriptor, off_t byte) noexcept
    {
        struct flock lock = on(byte, F_WRLCK);
        return fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
    }
    static void drop(int descriptor, off_t byte) noexcept
    {
        struct flock lock = on(byte, F_UNLCK);
        fcntl(descriptor, F_OFD_SETLK, &lock);
    }
    /// Whether somebody else holds it.
    [[nodiscard]] static bool isHeld(int descriptor, off_t byte) noexcept
    {
        struct flock lock = on(byte, F_WRLCK);
        return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    }

private:
    [[nodiscard]] static struct flock on(off_t byte, short type) noexcept
    {
        struct flock lock = {};
        lock.l_type = type;
        lock.l_whence = SEEK_SET;
        lock.l_start = byte;
        lock.l_len = 1;
        return lock;
    }
};

} // namespace decoy::memory
