// SPDX-License-Identifier: BSD-3-Clause
#include "output.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <poll.h>

namespace decoy::cli {

namespace {

void waitUntilWritable(int descriptor)
{
    pollfd wanted{descriptor, POLLOUT, 0};
    ::poll(&wanted, 1, -1);
}

} // namespace

void Output::line(std::string_view text)
{
    // One write for the text and its end, so that lines of several processes on one terminal stay whole.
    const std::string whole = std::string(text) + '\n';
    for (std::string_view rest = whole; !rest.empty();) {
        const ssize_t written = ::write(m_descriptor, rest.data(), rest.size());
        if (written >= 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (errno == EAGAIN)
            waitUntilWritable(m_descriptor);
        else if (errno == EPIPE)
            throw OutputClosed();
        else if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "cannot write the output");
    }
}

bool Output::wantsColour() const
{
    const char *refused = std::getenv("NO_COLOR");
    return (!refused || !*refused) && ::isatty(m_descriptor);
}

} // namespace decoy::cli
