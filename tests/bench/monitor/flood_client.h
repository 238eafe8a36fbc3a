// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>

#include <string>

namespace decoy::bench {

/// What the client process does: reads an attribute of `server` in a loop, at most `callsPerSecond` times (0: as often as it
/// can), until its input ends; then says how many calls that were.
int runFloodClient(const std::string &server, double callsPerSecond);

/// This program, started again as a client.
class FloodClient {
public:
    FloodClient(const std::string &server, double callsPerSecond);
    ~FloodClient();
    /// How many calls it has made since it began; ends it.
    [[nodiscard]] std::uint64_t finish();

private:
    QProcess m_process;
};

} // namespace decoy::bench
