// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_parser.h"
#include "filter/filter_run.h"
#include "trace/frame_store.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace decoy::ui {

/// The one filter that every view shows and changes: its text, and the rows that it leaves. UI thread only; store and names
/// must outlive it.
class FrameFilter : public QObject {
    Q_OBJECT

public:
    FrameFilter(const FrameStore &store, const FrameNames &names, QObject *parent = nullptr);

    /// Makes `text` the filter; nothing but spaces is none. False, and nothing changes, if it is not understood: problem()
    /// says why. `startNear` is the row that the person looks at; noRow for the newest.
    bool apply(const QString &text, Row startNear = noRow);
    void clear() { apply({}); }

    [[nodiscard]] const QString &text() const noexcept { return m_text; }
    [[nodiscard]] bool isActive() const noexcept { return !m_text.isEmpty(); }
    /// Why the last apply() was refused.
    [[nodiscard]] const std::optional<FilterError> &problem() const noexcept { return m_problem; }

    /// The rows to show, as far as they are known; null: all. Still those of the filter before while a new one starts.
    [[nodiscard]] const std::shared_ptr<const MatchingRows> &rows() const noexcept { return m_run.rows(); }
    /// Whether there are frames that were not looked at yet.
    [[nodiscard]] bool isRunning() const noexcept { return m_run.isRunning(); }
    [[nodiscard]] bool isStarting() const noexcept { return m_run.isStarting(); }

    /// Works on these frames, whatever comes, until thaw(): for a view that the person keeps as it is.
    void freeze(const FrameSnapshot &frames);
    void thaw();

public Q_SLOTS:
    /// The store has changed.
    void refresh();
    /// FrameNames knows more.
    void learnNames();

Q_SIGNALS:
    void textChanged(const QString &text);
    void rowsChanged();

private:
    const FrameStore &m_store;
    const FrameNames &m_names;
    FilterRun m_run;
    QString m_text;
    std::optional<FilterError> m_problem;
    bool m_isFrozen = false;
};

} // namespace decoy::ui
