// SPDX-License-Identifier: BSD-3-Clause
#include "memory/mailbox_names.h"

#include "memory/file_lock.h"
#include "memory/system_error.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <new>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace decoy::memory {

namespace {

// decoy-SERVER for the file with the lock, decoy-SERVER-MAILBOX for a mailbox; both parts are random.
constexpr std::string_view prefix = "decoy-";
constexpr std::size_t digits = 16;
constexpr std::size_t lifeNameSize = prefix.size() + digits;
constexpr std::size_t mailboxNameSize = lifeNameSize + 1 + digits;

bool areDigits(std::string_view text) noexcept
{
    return text.size() == digits && std::ranges::all_of(text, [](char digit) {
               return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
           });
}

bool isLifeName(std::string_view name) noexcept
{
    return name.size() == lifeNameSize && name.starts_with(prefix) && areDigits(name.substr(prefix.size()));
}

/// Whether the server that made this name, which is one of ours, is gone.
bool isDead(std::string_view name)
{
    const std::string path = sharedMemoryPath("." + std::string(name.substr(0, lifeNameSize)));
    const FileDescriptor life(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    return life.isOpen() ? !FileLock::isHeld(life.get(), FileLock::serverByte) : errno == ENOENT;
}

} // namespace

std::string randomDigits()
{
    std::array<std::uint8_t, digits / 2> random{};
    if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
        throwSystemError("get random bytes");
    std::string text;
    for (const std::uint8_t byte : random) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

MailboxNames::MailboxNames() : m_prefix(std::string(prefix) + randomDigits()), m_life(createUnnamedFile(0))
{
    // It gets its name after it was locked: whoever can find it sees that it is in use.
    if (!FileLock::take(m_life.get(), FileLock::serverByte) || !linkFile(m_life.get(), "." + m_prefix))
        throwSystemError("name shared memory");
}

MailboxNames::~MailboxNames() { unlink(sharedMemoryPath("." + m_prefix).c_str()); }

std::string MailboxNames::next() const { return m_prefix + "-" + randomDigits(); }

bool isOwnMailboxName(std::string_view name) noexcept
{
    return name.size() == mailboxNameSize && isLifeName(name.substr(0, lifeNameSize)) && name[lifeNameSize] == '-'
        && areDigits(name.substr(lifeNameSize + 1));
}

bool isServerGone(std::string_view name) noexcept
try {
    if (!isOwnMailboxName(name))
        return false;
    // The hidden name goes when the mailbox is closed, and with nobody else.
    return access(sharedMemoryPath(MailboxNames::hiddenNameOf(name)).c_str(), F_OK) != 0 || isDead(name);
} catch (const std::bad_alloc &) {
    return false;
}

void clearDeadMailboxes() noexcept
try {
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(opendir(sharedMemoryFolder), closedir);
    while (const dirent *entry = folder ? readdir(folder.get()) : nullptr) {
        const std::string_view file = entry->d_name;
        const std::string_view name = file.substr(file.starts_with('.') ? 1 : 0);
        struct stat status = {};
        if ((isLifeName(name) || isOwnMailboxName(name)) && isDead(name)
            && fstatat(dirfd(folder.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0
            && status.st_uid == geteuid())
            unlinkat(dirfd(folder.get()), entry->d_name, 0);
    }
} catch (const std::bad_alloc &) {
    // The next server clears it.
}

std::string sharedMemoryPath(std::string_view name)
{
    return std::string(sharedMemoryFolder) + "/" + std::string(name);
}

FileDescriptor createUnnamedFile(std::size_t size)
{
    FileDescriptor file(open(sharedMemoryFolder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file.isOpen())
        throwSystemError("create shared memory");
    if (ftruncate(file.get(), static_cast<off_t>(size)) != 0)
        throwSystemError("size shared memory");
    return file;
}

bool linkFile(int descriptor, std::string_view name)
{
    const std::string open = "/proc/self/fd/" + std::to_string(descriptor);
    return linkat(AT_FDCWD, open.c_str(), AT_FDCWD, sharedMemoryPath(name).c_str(), AT_SYMLINK_FOLLOW) == 0;
}

} // namespace decoy::memory
