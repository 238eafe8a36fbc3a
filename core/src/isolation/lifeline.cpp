// SPDX-License-Identifier: BSD-3-Clause
#include "isolation/lifeline.h"

#include "lane/socket.h"
#include "memory/system_error.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace decoy::isolation {

namespace {
constexpr char serving = '+';
constexpr char failed = '-';
constexpr char notRun = '!';                      // followed by the system's number
constexpr std::size_t longestAnnouncement = 1024; // what receiveMessage() takes
} // namespace

std::pair<FileDescriptor, FileDescriptor> makeLifeline()
{
    int ends[2] = {};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        memory::throwSystemError("make a socket for a process");
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

void announce(int lifeline, bool isServing, std::string_view reason) noexcept
{
    char message[longestAnnouncement];
    message[0] = isServing ? serving : failed;
    const std::size_t length = reason.copy(message + 1, sizeof message - 1);
    (void)!send(lifeline, message, 1 + length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void announceSystemError(int lifeline, int error) noexcept
{
    char message[1 + sizeof error];
    message[0] = notRun;
    std::memcpy(message + 1, &error, sizeof error);
    (void)!send(lifeline, message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::optional<Announcement> receiveAnnouncement(const FileDescriptor &lifeline)
{
    lane::Message message;
    if (lane::receiveMessage(lifeline, message) != lane::Received::Message || message.bytes.empty())
        return std::nullopt;
    const std::string text(reinterpret_cast<const char *>(message.bytes.data()), message.bytes.size());
    int error = 0;
    if (text.front() == serving || text.front() == failed)
        return Announcement{text.front() == serving, text.substr(1)};
    if (text.front() != notRun || text.size() != 1 + sizeof error)
        return std::nullopt;
    std::memcpy(&error, text.data() + 1, sizeof error);
    return Announcement{false, "cannot run the program: " + std::generic_category().message(error)};
}

std::optional<std::string> inheritedServerName()
{
    const char *const variable = std::getenv(lifelineVariable);
    if (!variable)
        return std::nullopt;
    const std::string_view text = variable;
    const auto colon = text.find(':');
    int parent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + std::min(colon, text.size()), parent);
    if (colon == std::string_view::npos || error != std::errc() || end != text.data() + colon || parent != getppid())
        return std::nullopt;
    return std::string(text.substr(colon + 1));
}

} // namespace decoy::isolation
