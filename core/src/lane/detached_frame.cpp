// SPDX-License-Identifier: BSD-3-Clause
#include "lane/detached_frame.h"

#include "lane/handshake.h"
#include "memory/sealed_memory.h"
#include "memory/system_error.h"

#include <cerrno>
#include <unistd.h>

namespace decoy::lane {

namespace {

bool readAll(int descriptor, std::span<std::byte> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (count <= 0 && !(count < 0 && errno == EINTR))
            return false;
        done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    return true;
}

void writeAll(int descriptor, std::span<const std::byte> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = pwrite(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (count < 0 && errno != EINTR)
            memory::throwSystemError("write a large frame");
        done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
}

} // namespace

Sent sendDetached(const FileDescriptor &socket, std::uint64_t callId, std::span<const std::byte> frame)
{
    const FileDescriptor memory = memory::createMemory(frame.size());
    writeAll(memory.get(), frame);
    memory::freezeMemory(memory);
    const Notice notice{Notice::Kind::Frame, static_cast<std::uint32_t>(frame.size()), callId};
    const int descriptor = memory.get();
    return sendMessage(socket, asMessage(notice), {&descriptor, 1});
}

std::optional<std::vector<std::byte>> takeDetached(const Message &message, std::size_t largest)
{
    Notice notice;
    if (!readMessage(message.bytes, notice) || notice.kind != Notice::Kind::Frame || message.descriptors.size() != 1)
        return std::nullopt;
    // The seals and the true size are checked before anything is allocated for what the notice claims.
    if (notice.size > largest || !memory::isFrozenMemory(message.descriptors.front(), notice.size))
        return std::nullopt;
    std::vector<std::byte> frame(notice.size);
    if (!readAll(message.descriptors.front().get(), frame))
        return std::nullopt;
    return frame;
}

} // namespace decoy::lane
