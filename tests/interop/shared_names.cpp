// SPDX-License-Identifier: BSD-3-Clause
#include "shared_names.h"

#include "memory/mailbox_names.h"
#include "support/served_process.h"

#include <QDir>

#include <array>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace decoy::test {

ino_t fileOf(const std::string &segment)
{
    struct stat status = {};
    return stat(memory::sharedMemoryPath(segment).c_str(), &status) == 0 ? status.st_ino : 0;
}

QStringList namesOfServer(const std::string &segment)
{
    const std::string server = segment.substr(0, segment.rfind('-')); // decoy-SERVER-MAILBOX
    return QDir(memory::sharedMemoryFolder)
        .entryList({QString::fromStdString("*" + server + "*")}, QDir::AllEntries | QDir::Hidden | QDir::System);
}

NameWatch::NameWatch(std::string segment)
    : m_segment(std::move(segment)), m_events(inotify_init1(IN_CLOEXEC | IN_NONBLOCK))
{
    inotify_add_watch(m_events.get(), memory::sharedMemoryFolder, IN_DELETE | IN_CREATE);
}

bool NameWatch::waitFor(unsigned what)
{
    for (;;) {
        while (!m_seen.empty()) {
            const unsigned event = m_seen.front();
            m_seen.erase(m_seen.begin());
            if (event & what)
                return true;
        }
        pollfd readable{m_events.get(), POLLIN, 0};
        if (poll(&readable, 1, patience) != 1)
            return false;
        alignas(inotify_event) std::array<char, 4096> events;
        const ssize_t size = ::read(m_events.get(), events.data(), events.size());
        for (ssize_t offset = 0; offset < size;) {
            const auto &event = *reinterpret_cast<const inotify_event *>(events.data() + offset);
            if (event.len != 0 && m_segment == event.name)
                m_seen.push_back(event.mask);
            offset += static_cast<ssize_t>(sizeof event + event.len);
        }
    }
}

bool NameWatch::waitUntilPutBack() { return waitFor(IN_DELETE) && waitFor(IN_CREATE); }

} // namespace decoy::test
