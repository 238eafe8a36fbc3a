// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/problem_finder.h"

#include <QElapsedTimer>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace decoy::ui {

class FrameStore;
class TrafficStatistics;

/// Looks for problems in a thread of its own, once a second while there is something new, and publishes what it found, and what others
/// found elsewhere. Belongs to the UI thread; store and statistics must outlive it.
class ProblemAnalyser : public QObject {
    Q_OBJECT

public:
    ProblemAnalyser(const FrameStore &frames, const TrafficStatistics &statistics, ProblemOptions options,
                    QObject *parent = nullptr);
    ~ProblemAnalyser() override;

    /// As of the last look: the gravest first.
    [[nodiscard]] const std::vector<Problem> &problems() const noexcept { return m_problems; }
    /// The frames' generation that problems() is about.
    [[nodiscard]] std::uint64_t generation() const noexcept { return m_generation; }

public Q_SLOTS:
    /// There are new frames, or they were cleared. Looks now, or as soon as the last look is a second ago.
    void noteFrames();
    /// Calls that are open when a capture ends stay open; nothing follows from that.
    void noteCapturing(bool capturing);
    /// Problems that stand in no frame: what clients hold. The others stay.
    void setLeaks(std::vector<Problem> leaks);

Q_SIGNALS:
    void problemsChanged();

private:
    struct Found {
        std::vector<Problem> problems;
        std::uint64_t generation = 0;
        bool lookAgain = false;
    };
    void look();
    void accept(Found found);
    void publish();

    const FrameStore &m_frames;
    const TrafficStatistics &m_statistics;
    std::unique_ptr<ProblemFinder> m_finder; ///< used by one look at a time
    std::vector<Problem> m_found;
    std::vector<Problem> m_leaks;
    std::vector<Problem> m_problems; ///< both
    std::uint64_t m_generation = 0;
    bool m_running = false;
    bool m_again = false; ///< something came while a look ran
    bool m_captureEnded = false;
    QElapsedTimer m_sinceLook;
    QTimer m_timer;
    QThreadPool m_pool;
};

} // namespace decoy::ui
