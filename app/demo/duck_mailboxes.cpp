// SPDX-License-Identifier: BSD-3-Clause
#include "duck_mailboxes.h"

#include <decoy/error.h>
#include <decoy/proxy_server.h>

#include <QMetaObject>
#include <QSocketNotifier>

#include <algorithm>
#include <memory>
#include <utility>

#include <sys/syscall.h>
#include <unistd.h>

namespace decoy::demo {

namespace {

/// A descriptor that becomes readable when the process ends.
FileDescriptor openProcess(std::int32_t process)
{
    FileDescriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!descriptor.isOpen())
        throw ArgumentError("there is no process " + std::to_string(process)
                            + "; a mailbox is opened for a process that runs, and closed when it ends");
    return descriptor;
}

} // namespace

DuckAddress DuckMailboxes::open(const std::string &object, std::int32_t process)
{
    const std::uint64_t id = idOf(object);
    FileDescriptor client = openProcess(process);
    // Counted first: this may run on several threads.
    if (m_count.fetch_add(1) >= most) {
        m_count.fetch_sub(1);
        throw LimitExceeded("there are " + std::to_string(most)
                            + " mailboxes already; one becomes free when the process ends that it was opened for");
    }
    try {
        DuckAddress address = m_server->createProxyFor(id).address();
        closeAtEndOf(std::move(client), address.segment);
        return address;
    } catch (...) {
        m_count.fetch_sub(1);
        throw;
    }
}

std::uint64_t DuckMailboxes::idOf(const std::string &object) const
{
    const std::vector<ObjectInfo> objects = m_server->objects();
    const auto found = std::ranges::find(objects, object, &ObjectInfo::name);
    if (object.empty() || found == objects.end())
        throw ProxyObjectNotFound("there is no object \"" + object + "\" to open a mailbox to");
    return found->id;
}

void DuckMailboxes::closeAtEndOf(FileDescriptor process, const std::string &segment)
{
    const auto client = std::make_shared<FileDescriptor>(std::move(process));
    const auto watch = [this, client, segment] {
        auto *notifier = new QSocketNotifier(client->get(), QSocketNotifier::Read, &m_inThread);
        QObject::connect(notifier, &QSocketNotifier::activated, &m_inThread, [this, notifier, client, segment] {
            notifier->setEnabled(false);
            notifier->deleteLater();
            m_server->closeMailbox(segment);
            m_count.fetch_sub(1);
        });
    };
    QMetaObject::invokeMethod(&m_inThread, watch, Qt::QueuedConnection);
}

} // namespace decoy::demo
