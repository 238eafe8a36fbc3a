// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_pass.h"

#include <QObject>
#include <QThreadPool>

#include <map>
#include <memory>

namespace decoy::ui {

/// Runs one filter over all frames, in threads of its own, and keeps up with those that come. The newest filter wins: what
/// an older one still does is dropped. Nothing here waits for it, except the destructor, for a moment.
///
/// Rows become known near `startNear` first. While a new filter has found none yet, rows() stays what it was.
/// Belongs to the UI thread.
class FilterRun : public QObject {
    Q_OBJECT

public:
    /// `threads`: how many work at once; 0: one for each processor.
    explicit FilterRun(int threads = 0, QObject *parent = nullptr);
    ~FilterRun() override;

    /// Runs another filter from now on; null for none. `startNear` is what the person looks at; noRow for the newest.
    void setPredicate(std::shared_ptr<const FilterPredicate> predicate, Row startNear = noRow);
    /// There are more frames, or others after a clear.
    void setFrames(const FrameSnapshot &frames);
    /// More names are known; only what they may change is looked at again.
    void setNames(const FrameNames &names);

    /// What is known to match; null while there is no filter, and until the first one has something to show.
    [[nodiscard]] const std::shared_ptr<const MatchingRows> &rows() const noexcept { return m_rows; }
    /// Whether rows() still says nothing about the newest filter.
    [[nodiscard]] bool isStarting() const noexcept { return m_predicate && !m_showsPredicate; }
    /// Whether frames wait to be looked at.
    [[nodiscard]] bool isRunning() const noexcept { return m_pass != nullptr; }

Q_SIGNALS:
    void rowsChanged();

private:
    using Known = std::map<Row, std::shared_ptr<const ChunkMatches>>; ///< by the chunk's first row

    void startPass();
    [[nodiscard]] std::vector<FilterTask> tasks() const;
    void startNearFirst(std::vector<FilterTask> &tasks) const;
    void takeResults(const std::shared_ptr<FilterPass> &pass);
    void dropPass();
    void startOver();
    void forgetDiscarded();
    void reconsiderNames();
    void publish();

    QThreadPool m_pool;
    std::shared_ptr<const FilterPredicate> m_predicate;
    FrameSnapshot m_frames;
    FrameNames m_names;
    Row m_startNear = noRow;

    std::uint64_t m_rule = 0; ///< counts the predicates
    Known m_known;
    Row m_seenEnd = 0;             ///< frames before have been looked at
    bool m_isFirstPass = true;     ///< of this predicate over these frames
    bool m_showsPredicate = false; ///< rows() is about m_predicate
    bool m_hasNews = false;        ///< some of m_known are to be looked at again
    bool m_hasNames = false;       ///< names became known since
    bool m_hasRenames = false;
    std::shared_ptr<FilterPass> m_pass;
    std::shared_ptr<const MatchingRows> m_rows;
};

} // namespace decoy::ui
