// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/statistics_tables.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <array>
#include <memory>

class QAction;
class QTabWidget;
class QTableView;

namespace decoy::ui {

class EmptyState;
class FlatTable;
class FrameNames;
class FrameStore;
class LatencyChart;
class NarrowedStatistics;
class RateChart;
class RowSet;
class TrafficStatistics;

/// Statistics of all captured frames: rates over time, the latency of the selected method, and tables of methods, clients and
/// errors. Looks four times a second at most, and only while it can be seen. Statistics and names must outlive it.
class StatisticsView : public QWidget {
    Q_OBJECT

public:
    StatisticsView(const TrafficStatistics &statistics, const FrameNames &names, QWidget *parent = nullptr);
    ~StatisticsView() override;

    /// While a capture runs the charts end now; otherwise with the last frame.
    void setCapturing(bool capturing);
    /// Looks now. Otherwise it does so by itself.
    void refresh();

    /// What is shown while there are no frames; `action` may be null.
    void setEmptyState(const QString &cause, const QString &advice, QAction *action = nullptr);
    /// Counts only the calls that have one of these frames; null: all. `store` must outlive this.
    void setMatches(const FrameStore &store, std::shared_ptr<const RowSet> matches);
    /// Whether somebody answers filterRequested(): without, nothing offers it.
    void setFilterAvailable(bool available);

    /// Methods, clients and errors.
    [[nodiscard]] std::array<FlatTable *, 3> tables() const noexcept { return {m_methods, m_talkers, m_errors}; }
    [[nodiscard]] QTableView *methods() const noexcept;
    [[nodiscard]] QTableView *talkers() const noexcept;
    [[nodiscard]] QTableView *errors() const noexcept;
    [[nodiscard]] const RateChart &rates() const noexcept { return *m_rates; }
    [[nodiscard]] const LatencyChart &latency() const noexcept { return *m_latency; }

Q_SIGNALS:
    /// The person wants to see the frames of a method or client; a text in the filter language.
    void filterRequested(const QString &filter);
    void frameRequested(decoy::ui::Row row);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeCharts();
    QWidget *makeTables();
    void makeActions();
    void addActionsTo(FlatTable &table);
    void look();
    void follow();
    [[nodiscard]] const TrafficStatistics &source() const noexcept;
    void measureRates();
    void showSnapshot();
    void showLatency();
    void putInOrder();
    void showTitles();
    void updateActions();
    void requestFilter();
    void requestFrame();
    [[nodiscard]] FlatTable *currentTable() const;
    [[nodiscard]] int currentPlace() const; ///< the selected row of the current table, or -1
    [[nodiscard]] QString currentFilter() const;
    [[nodiscard]] Row currentFrame() const;
    [[nodiscard]] std::int64_t endSecond() const;

    const TrafficStatistics &m_statistics;
    const FrameNames &m_names;
    const FrameStore *m_store = nullptr;
    std::shared_ptr<const RowSet> m_matches;
    std::unique_ptr<NarrowedStatistics> m_narrowed; ///< while there is a filter
    std::shared_ptr<const StatisticsSnapshot> m_snapshot;
    StatisticsInterval m_interval; ///< of the rates that are shown
    QElapsedTimer m_sinceInterval; ///< since its end
    QElapsedTimer m_sinceOrder;
    std::int64_t m_shownEnd = 0;
    bool m_capturing = false;
    bool m_filterAvailable = false;
    QTimer m_timer;

    RateChart *m_rates = nullptr;
    LatencyChart *m_latency = nullptr;
    QTabWidget *m_tabs = nullptr;
    MethodTable *m_methodModel = nullptr;
    TalkerTable *m_talkerModel = nullptr;
    ErrorTable *m_errorModel = nullptr;
    FlatTable *m_methods = nullptr;
    FlatTable *m_talkers = nullptr;
    FlatTable *m_errors = nullptr;
    QAction *m_filter = nullptr;
    QAction *m_goToFrame = nullptr;
    QAction *m_copy = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
    EmptyState *m_nothingMatches = nullptr;
};

} // namespace decoy::ui
