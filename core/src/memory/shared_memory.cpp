// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/shared_memory.h>

#include "memory/sealed_memory.h"
#include "memory/system_error.h"

#include <decoy/error.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace decoy {

namespace {

std::byte *map(const FileDescriptor &descriptor, std::size_t size, int protection)
{
    void *address = mmap(nullptr, size, protection, MAP_SHARED, descriptor.get(), 0);
    if (address == MAP_FAILED)
        memory::throwSystemError("map shared memory");
    return static_cast<std::byte *>(address);
}

void checkName(const std::string &name)
{
    if (name.empty() || name.size() > 254 || name.find('/') != std::string::npos
        || name.find('\0') != std::string::npos)
        throw ArgumentError("\"" + name + "\" is no name for shared memory: use 1 to 254 characters without a slash");
}

} // namespace

FileDescriptor::~FileDescriptor()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

SharedMemory::SharedMemory(SharedMemory &&other) noexcept { *this = std::move(other); }

SharedMemory &SharedMemory::operator=(SharedMemory &&other) noexcept
{
    std::swap(m_address, other.m_address);
    std::swap(m_size, other.m_size);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_name, other.m_name);
    std::swap(m_ownsName, other.m_ownsName);
    std::swap(m_writable, other.m_writable);
    return *this;
}

SharedMemory::~SharedMemory()
{
    unlink();
    if (m_address)
        munmap(m_address, m_size);
}

SharedMemory SharedMemory::createSealed(std::size_t size)
{
    SharedMemory memory;
    memory.m_size = memory::roundUpToPages(size);
    memory.m_descriptor = memory::createMemory(memory.m_size);
    memory.m_address = map(memory.m_descriptor, memory.m_size, PROT_READ | PROT_WRITE);
    memory.m_writable = true;
    memory::sealMemory(memory.m_descriptor);
    return memory;
}

SharedMemory SharedMemory::openSealed(FileDescriptor descriptor, std::size_t size)
{
    SharedMemory memory;
    memory.m_size = memory::roundUpToPages(size);
    memory.m_descriptor = std::move(descriptor);
    memory::checkSealedMemory(memory.m_descriptor, memory.m_size);
    memory.m_address = map(memory.m_descriptor, memory.m_size, PROT_READ);
    return memory;
}

SharedMemory SharedMemory::createNamed(std::string name, std::size_t size)
{
    checkName(name);
    SharedMemory memory;
    memory.m_descriptor = FileDescriptor(shm_open(("/" + name).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!memory.m_descriptor.isOpen()) {
        if (errno == EEXIST)
            throw NameTaken("shared memory \"" + name + "\" exists already");
        memory::throwSystemError("create shared memory \"" + name + "\"");
    }
    memory.m_name = std::move(name);
    memory.m_ownsName = true;
    if (ftruncate(memory.m_descriptor.get(), static_cast<off_t>(size)) != 0)
        memory::throwSystemError("size shared memory \"" + memory.m_name + "\"");
    memory.m_address = map(memory.m_descriptor, size, PROT_READ | PROT_WRITE);
    memory.m_size = size;
    memory.m_writable = true;
    return memory;
}

SharedMemory SharedMemory::openNamed(std::string name)
{
    checkName(name);
    SharedMemory memory;
    memory.m_descriptor = FileDescriptor(shm_open(("/" + name).c_str(), O_RDWR | O_CLOEXEC, 0));
    if (!memory.m_descriptor.isOpen()) {
        if (errno == ENOENT)
            throw ProxyObjectNotFound("there is no shared memory \"" + name + "\"");
        memory::throwSystemError("open shared memory \"" + name + "\"");
    }
    struct stat status = {};
    if (fstat(memory.m_descriptor.get(), &status) != 0)
        memory::throwSystemError("read the size of shared memory \"" + name + "\"");
    if (status.st_size <= 0)
        throw EmptyData("shared memory \"" + name + "\" is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    memory.m_address = map(memory.m_descriptor, size, PROT_READ | PROT_WRITE);
    memory.m_size = size;
    memory.m_name = std::move(name);
    memory.m_writable = true;
    return memory;
}

std::span<std::byte> SharedMemory::writableBytes() const noexcept
{
    return m_writable ? std::span<std::byte>(m_address, m_size) : std::span<std::byte>();
}

void SharedMemory::unlink() noexcept
{
    if (std::exchange(m_ownsName, false))
        shm_unlink(("/" + m_name).c_str());
}

} // namespace decoy
