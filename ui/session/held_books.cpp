// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/held_books.h"

#include "session/object_watcher.h"
#include "session/server_links.h"
#include "trace/traffic_statistics.h"

#include <decoy/proxy_server.h>

#include <algorithm>

namespace decoy::ui {

namespace {

/// What a client does with frames that are captured can be looked at.
void addFrames(std::vector<Problem> &leaks, const StatisticsSnapshot &statistics)
{
    for (Problem &leak : leaks) {
        const auto talker = std::ranges::find(statistics.talkers, leak.connection, &TalkerStatistics::connection);
        if (talker == statistics.talkers.end() || talker->process == 0)
            continue;
        leak.first = talker->firstRow;
        leak.last = leak.frame = talker->lastProxyRow;
    }
}

} // namespace

struct HeldBooks::Book {
    std::shared_ptr<LeakFinder> finder; ///< used by one look at a time
    std::vector<Problem> leaks;
    std::map<std::uint32_t, std::uint64_t> seen; ///< references by connection at the last look: local ones only
    QElapsedTimer since;                         ///< the last look began
    qint64 pause = 0;
    bool isLocal = false;
    bool isUnderway = false;
};

HeldBooks::HeldBooks(const ProxyServer &server, ServerLinks &links, const TrafficStatistics &statistics,
                     HeldBooksOptions options, QObject *parent)
    : QObject(parent), m_server(server), m_links(links), m_statistics(statistics), m_options(options)
{
    m_pool.setMaxThreadCount(1);
}

HeldBooks::~HeldBooks() { m_pool.waitForDone(); }

std::vector<Problem> HeldBooks::leaks() const
{
    std::vector<Problem> all;
    for (const auto &[server, book] : m_books)
        all.insert(all.end(), book.leaks.begin(), book.leaks.end());
    return all;
}

void HeldBooks::follow(const std::vector<ServerSnapshot> &servers)
{
    const auto isGone = [&servers](const auto &entry) {
        const auto found = std::ranges::find(servers, entry.first, &ServerSnapshot::name);
        return found == servers.end() || found->state == ServerSnapshot::State::Gone;
    };
    const bool lostLeaks = std::ranges::any_of(
        m_books, [&](const auto &entry) { return isGone(entry) && !entry.second.leaks.empty(); });
    std::erase_if(m_books, isGone);
    if (lostLeaks)
        Q_EMIT leaksChanged();
    for (const ServerSnapshot &server : servers) {
        if (server.state != ServerSnapshot::State::Live)
            continue;
        Book &book = m_books[server.name];
        if (!book.finder) {
            book.isLocal = server.isLocal;
            book.pause = server.isLocal ? m_options.localPause : m_options.remotePause;
            book.finder = std::make_shared<LeakFinder>(m_options.leaks,
                                                       server.isLocal ? std::string() : server.name.toStdString());
        }
        if (book.isUnderway || (book.since.isValid() && book.since.elapsed() < book.pause))
            continue;
        if (server.isLocal)
            followLocal(book, server);
        else
            look(server.name, book);
    }
}

/// How much each client holds is known without going through it: nobody looks while that does not change.
void HeldBooks::followLocal(Book &book, const ServerSnapshot &server)
{
    std::map<std::uint32_t, std::uint64_t> held;
    bool isMuch = !book.leaks.empty();
    for (const ConnectionInfo &connection : server.connections) {
        held.emplace(connection.id, connection.references);
        isMuch = isMuch || connection.references >= m_options.leaks.leastGrowth;
    }
    if (!isMuch || held == book.seen)
        return;
    book.seen = std::move(held);
    look(server.name, book);
}

void HeldBooks::look(const QString &server, Book &book)
{
    ++m_looks;
    book.isUnderway = true;
    book.since.start();
    // A thread for each, so that servers that hang hold up nobody but themselves.
    m_pool.setMaxThreadCount(static_cast<int>(m_books.size()));
    m_pool.start([this, server, finder = book.finder, isLocal = book.isLocal] {
        QElapsedTimer time;
        time.start();
        bool hasChanged = false;
        try {
            const std::vector<HeldObjects> books = isLocal ? m_server.heldObjects()
                                                           : m_links.connection(server.toStdString()).heldObjects();
            hasChanged = finder->look(books);
        } catch (const ProxyError &) {
            // It is gone, hangs, or keeps no books that one could read: whoever watches it says so.
        }
        const qint64 took = time.elapsed();
        std::vector<Problem> leaks = finder->leaks();
        if (isLocal && !leaks.empty())
            addFrames(leaks, *m_statistics.snapshot());
        QMetaObject::invokeMethod(
            this,
            [this, server, finder, leaks = std::move(leaks), hasChanged, took]() mutable {
                accept(server, finder, std::move(leaks), hasChanged, took);
            },
            Qt::QueuedConnection);
    });
}

void HeldBooks::accept(const QString &server, const std::shared_ptr<LeakFinder> &finder, std::vector<Problem> leaks,
                       bool hasChanged, qint64 took)
{
    const auto found = m_books.find(server);
    if (found == m_books.end() || found->second.finder != finder)
        return; // detached meanwhile
    Book &book = found->second;
    book.isUnderway = false;
    const qint64 shortest = book.isLocal ? m_options.localPause : m_options.remotePause;
    const qint64 usual = book.isLocal || hasChanged ? shortest : std::min(2 * book.pause, m_options.longestRemotePause);
    book.pause = std::max(usual, m_options.pausePerLook * took);
    if (book.leaks == leaks)
        return;
    book.leaks = std::move(leaks);
    Q_EMIT leaksChanged();
}

} // namespace decoy::ui
