// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/leak_finder.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include <map>
#include <memory>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

class ServerLinks;
class TrafficStatistics;
struct ServerSnapshot;

struct HeldBooksOptions {
    LeakOptions leaks;
    // The least time from look to look, in ms. Another process is asked by a call, of which nothing else tells whether it is worth
    // while: there it doubles while nothing changes.
    qint64 localPause = 1000;
    qint64 remotePause = 5000;
    qint64 longestRemotePause = 60'000;
    qint64 pausePerLook = 100; ///< and so many times as long as the look took
};

/// Looks into the books that servers keep of what their clients hold, and tells of leaks. In threads of its own, seldom, and only
/// where something has changed: going through a million references takes time, and holds up the client that has them. UI thread.
class HeldBooks : public QObject {
    Q_OBJECT

public:
    /// `server` is the one in this process; all three must outlive this.
    HeldBooks(const ProxyServer &server, ServerLinks &links, const TrafficStatistics &statistics,
              HeldBooksOptions options, QObject *parent = nullptr);
    ~HeldBooks() override;

    /// Which servers there are now, and how many references their clients hold in all. Call it as often as that is known.
    void follow(const std::vector<ServerSnapshot> &servers);

    /// Of all servers, as of the last looks.
    [[nodiscard]] std::vector<Problem> leaks() const;
    /// How often it has looked, at all servers together.
    [[nodiscard]] quint64 looks() const noexcept { return m_looks; }

Q_SIGNALS:
    void leaksChanged();

private:
    struct Book;

    void followLocal(Book &book, const ServerSnapshot &server);
    void look(const QString &server, Book &book);
    void accept(const QString &server, const std::shared_ptr<LeakFinder> &finder, std::vector<Problem> leaks,
                bool hasChanged, qint64 took);

    const ProxyServer &m_server;
    ServerLinks &m_links;
    const TrafficStatistics &m_statistics;
    const HeldBooksOptions m_options;
    std::map<QString, Book> m_books;
    quint64 m_looks = 0;
    QThreadPool m_pool;
};

} // namespace decoy::ui
