// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_memory.h"

#include <cerrno>
#include <cstdlib>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace decoy::ui {

namespace {

[[noreturn]] void fail(int error, const std::string &what)
{
    throw std::system_error(error, std::generic_category(), what);
}

/// An open file without a name. Closed when destroyed; what is mapped of it stays.
class NamelessFile {
public:
    explicit NamelessFile(const std::filesystem::path &folder)
        : m_descriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600))
    {
        if (m_descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
            m_descriptor = withNameForAMoment(folder); // file systems that know no nameless files
        if (m_descriptor < 0)
            fail(errno, folder.string());
    }
    ~NamelessFile() { ::close(m_descriptor); }
    NamelessFile(const NamelessFile &) = delete;
    NamelessFile &operator=(const NamelessFile &) = delete;

    /// Until this has been done, writing might find the disk full when it is too late to say so.
    void reserve(std::size_t size) const
    {
        if (const int error = ::posix_fallocate(m_descriptor, 0, static_cast<off_t>(size));
            error != 0 && error != EINVAL)
            fail(error, "reserving space");
    }

    void write(std::span<const std::byte> bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR)
                fail(errno, "writing");
            if (written > 0)
                bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
    }

    /// Private, so that writing to it never needs more disk: there would be no way to say that there is none.
    [[nodiscard]] std::byte *map(std::size_t size) const
    {
        void *memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, m_descriptor, 0);
        if (memory == MAP_FAILED)
            fail(errno, "mapping");
        return static_cast<std::byte *>(memory);
    }

private:
    static int withNameForAMoment(const std::filesystem::path &folder)
    {
        std::string name = folder / "frames-XXXXXX";
        const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor >= 0)
            ::unlink(name.c_str());
        return descriptor;
    }

    int m_descriptor;
};

bool isInMemory(const std::filesystem::path &folder)
{
    struct statfs system = {};
    if (::statfs(folder.c_str(), &system) != 0)
        fail(errno, folder.string());
    return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
}

} // namespace

FrameMemory::FrameMemory(std::size_t size) : m_size(size)
{
    void *memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc();
    m_data = static_cast<std::byte *>(memory);
}

FrameMemory::~FrameMemory()
{
    if (m_data)
        ::munmap(m_data, m_size);
}

FrameMemory FrameMemory::onDisk(const std::filesystem::path &folder, std::span<const std::span<const std::byte>> parts)
{
    std::size_t size = 0;
    for (const auto part : parts)
        size += part.size();
    const NamelessFile file(folder);
    file.reserve(size);
    for (const auto part : parts)
        file.write(part);
    return {file.map(size), size, true};
}

std::string whyUnfitForFrames(const std::filesystem::path &folder)
{
    try {
        std::filesystem::create_directories(folder);
        if (isInMemory(folder))
            return folder.string() + " is itself in memory";
        const NamelessFile probe(folder);
        return {};
    } catch (const std::system_error &error) {
        return error.code().message() + ": " + folder.string();
    }
}

std::uint64_t freeDiskSpace(const std::filesystem::path &folder) noexcept
{
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : space.available;
}

} // namespace decoy::ui
