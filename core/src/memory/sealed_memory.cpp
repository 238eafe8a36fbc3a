// SPDX-License-Identifier: BSD-3-Clause
#include "memory/sealed_memory.h"

#include "memory/system_error.h"

#include <decoy/error.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace decoy::memory {

namespace {
constexpr int resizeSeals = F_SEAL_SHRINK | F_SEAL_GROW;
// FUTURE_WRITE keeps the creator's own writable mapping and refuses every new one: since Linux 5.1.
constexpr int creatorSeals = resizeSeals | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;

bool hasSize(const FileDescriptor &descriptor, std::size_t size) noexcept
{
    struct stat status = {};
    return fstat(descriptor.get(), &status) == 0 && static_cast<std::size_t>(status.st_size) == size;
}

bool hasSeals(const FileDescriptor &descriptor, int seals) noexcept
{
    const int found = fcntl(descriptor.get(), F_GET_SEALS);
    return found >= 0 && (found & seals) == seals;
}
} // namespace

FileDescriptor createMemory(std::size_t size)
{
    FileDescriptor descriptor(memfd_create("decoy", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!descriptor.isOpen())
        throwSystemError("create shared memory");
    if (ftruncate(descriptor.get(), static_cast<off_t>(size)) != 0)
        throwSystemError("size shared memory");
    return descriptor;
}

void sealMemory(const FileDescriptor &descriptor)
{
    if (fcntl(descriptor.get(), F_ADD_SEALS, creatorSeals) != 0)
        throwSystemError("seal shared memory");
}

void checkSealedMemory(const FileDescriptor &descriptor, std::size_t size)
{
    if (!hasSeals(descriptor, resizeSeals | F_SEAL_FUTURE_WRITE))
        throw ProxyError("the peer's shared memory is not sealed");
    if (!hasSize(descriptor, size))
        throw ProxyError("the peer's shared memory does not have the size that was agreed on");
}

std::size_t roundUpToPages(std::size_t size) noexcept
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

} // namespace decoy::memory
