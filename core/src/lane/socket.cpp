// SPDX-License-Identifier: BSD-3-Clause
#include "lane/socket.h"

#include "memory/system_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace decoy::lane {

namespace {
constexpr std::size_t mostDescriptors = 4;
constexpr std::size_t longestMessage = 1024;

/// Takes over every descriptor in the control data, so that none leaks whatever the message turns out to be.
std::vector<FileDescriptor> takeDescriptors(const msghdr &header)
{
    std::vector<FileDescriptor> descriptors;
    for (cmsghdr *control = CMSG_FIRSTHDR(&header); control;
         control = CMSG_NXTHDR(const_cast<msghdr *>(&header), control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(control) + i * sizeof(int), sizeof descriptor);
            descriptors.emplace_back(descriptor);
        }
    }
    return descriptors;
}
} // namespace

Received receiveMessage(const FileDescriptor &socket, Message &message)
{
    std::array<std::byte, longestMessage> bytes; // what is not written is not read
    alignas(cmsghdr) std::array<char, CMSG_SPACE(mostDescriptors * sizeof(int))> control{};
    iovec vector{bytes.data(), bytes.size()};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    ssize_t size = 0;
    do
        size = recvmsg(socket.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return errno == EAGAIN ? Received::Nothing : Received::Closed;
    std::vector<FileDescriptor> descriptors = takeDescriptors(header);
    if (size == 0 || (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        return Received::Closed;
    message.bytes.assign(bytes.begin(), bytes.begin() + size);
    message.descriptors = std::move(descriptors);
    return Received::Message;
}

Sent sendMessage(const FileDescriptor &socket, std::span<const std::byte> bytes,
                 std::span<const int> descriptors) noexcept
{
    if (descriptors.size() > mostDescriptors)
        return Sent::Failed;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(mostDescriptors * sizeof(int))> control{};
    iovec vector{const_cast<std::byte *>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = 0;
    do
        sent = sendmsg(socket.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent == static_cast<ssize_t>(bytes.size()))
        return Sent::Done;
    return sent < 0 && errno == EAGAIN ? Sent::Full : Sent::Failed;
}

namespace {
bool waitFor(std::span<pollfd> entries, std::optional<Clock::time_point> deadline) noexcept
{
    for (;;) {
        timespec left{};
        if (deadline) {
            const auto time = std::max(*deadline - Clock::now(), Clock::duration::zero());
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
            left.tv_sec = static_cast<time_t>(seconds.count());
            left.tv_nsec = static_cast<long>((time - seconds).count());
        }
        const int ready = ppoll(entries.data(), entries.size(), deadline ? &left : nullptr, nullptr);
        if (ready >= 0)
            return ready > 0;
        if (errno != EINTR)
            return true; // the next use will say what is wrong
    }
}
} // namespace

bool waitReadable(const FileDescriptor &socket, std::optional<Clock::time_point> deadline) noexcept
{
    std::array entries{pollfd{socket.get(), POLLIN | POLLRDHUP, 0}};
    return waitFor(entries, deadline);
}

bool waitReadable(const FileDescriptor &socket, const FileDescriptor &interrupt,
                  std::optional<Clock::time_point> deadline) noexcept
{
    std::array entries{pollfd{socket.get(), POLLIN | POLLRDHUP, 0}, pollfd{interrupt.get(), POLLIN, 0}};
    return waitFor(entries, deadline);
}

bool waitWritable(const FileDescriptor &socket, std::optional<Clock::time_point> deadline) noexcept
{
    std::array entries{pollfd{socket.get(), POLLOUT, 0}};
    return waitFor(entries, deadline);
}

bool hasHungUp(const FileDescriptor &socket) noexcept
{
    pollfd entry{socket.get(), POLLRDHUP, 0};
    return poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL));
}

PeerCredentials peerCredentials(const FileDescriptor &socket)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        memory::throwSystemError("learn who connected");
    return {credentials.pid, credentials.uid, credentials.gid};
}

} // namespace decoy::lane
