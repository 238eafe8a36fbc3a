// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace decoy::bench {

/// How long events had to wait until the UI thread got to them, in milliseconds.
struct Stalls {
    std::vector<double> waits; ///< sorted
    [[nodiscard]] double percentile(double part) const;
    [[nodiscard]] double max() const { return waits.empty() ? 0 : waits.back(); }
};

/// Posts an event to the UI thread every 5 ms, whatever became of those before, and measures how long each waits: what a key
/// press at a random moment would have waited. So a stall of 100 ms counts as twenty late events, not as one.
class StallWatchdog : public QObject {
    Q_OBJECT

public:
    StallWatchdog();
    ~StallWatchdog() override;

    /// What was measured since the last time.
    [[nodiscard]] Stalls take();

protected:
    void customEvent(QEvent *event) override;

private:
    void watch();

    std::vector<double> m_waits;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
};

} // namespace decoy::bench
