// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/statistics_view.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "trace/frame_store.h"
#include "trace/narrowed_statistics.h"
#include "trace/traffic_statistics.h"
#include "views/empty_state.h"
#include "views/flat_table.h"
#include "views/latency_chart.h"
#include "views/rate_chart.h"

#include <QAction>
#include <QHeaderView>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <chrono>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr qint64 rateIntervalMs = 1000;
/// Rows change their places less often than their numbers: one must be able to follow them.
constexpr qint64 orderIntervalMs = 3000;
constexpr int countWidth = 72;
constexpr int timeWidth = 68;

std::int64_t nowSecond()
{
    using namespace std::chrono;
    return duration_cast<seconds>(steady_clock::now().time_since_epoch()).count();
}

/// Whatever is selected keeps its row; the first column says by which the rows are sorted at first.
void sortBy(FlatTable &table, int column)
{
    table.setSortingEnabled(true);
    table.sortByColumn(column, Qt::DescendingOrder);
}

} // namespace

StatisticsView::StatisticsView(const TrafficStatistics &statistics, const FrameNames &names, QWidget *parent)
    : QWidget(parent), m_statistics(statistics), m_names(names), m_snapshot(std::make_shared<StatisticsSnapshot>()),
      m_methodModel(makeMethodTable(this)), m_talkerModel(makeTalkerTable(this)), m_errorModel(makeErrorTable(this))
{
    setAccessibleName(u"Statistics"_s);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeCharts());
    splitter->addWidget(makeTables());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    m_content = splitter;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_empty = new EmptyState(this);
    setEmptyState(u"Nothing to count yet"_s, u"As soon as a client uses an object, its calls are counted here."_s);
    m_nothingMatches = new EmptyState(this);
    m_nothingMatches->setTexts(u"No call matches the filter"_s,
                               u"Change it above, or clear it, to see numbers again."_s);
    makeActions();
    m_timer.setInterval(numbersIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &StatisticsView::look);
    showSnapshot();
}

StatisticsView::~StatisticsView() = default;

QWidget *StatisticsView::makeCharts()
{
    m_rates = new RateChart;
    m_latency = new LatencyChart;
    auto *charts = new QWidget;
    auto *layout = new QHBoxLayout(charts);
    layout->setContentsMargins({});
    layout->setSpacing(gridUnit);
    layout->addWidget(m_rates, 1);
    layout->addWidget(m_latency, 1);
    return charts;
}

QWidget *StatisticsView::makeTables()
{
    m_methods = new FlatTable(m_methodModel, u"Methods"_s,
                              {104, 176, countWidth, countWidth, countWidth, timeWidth, timeWidth, timeWidth, timeWidth,
                               timeWidth, timeWidth, timeWidth});
    m_talkers = new FlatTable(m_talkerModel, u"Clients"_s, {144, 72, 88, 88, 88, 72, 96, 80});
    m_errors = new FlatTable(m_errorModel, u"Errors"_s, {184, 176, countWidth, 88, 120, 240});
    // The name takes what is left; of the numbers, those that say least beside the others give way first.
    m_methods->fitColumns(
        {.stretched = methodColumns::method,
         .narrowest = 144,
         .leastFirst = {methodColumns::min, methodColumns::p999, methodColumns::mean, methodColumns::p90,
                        methodColumns::max, methodColumns::p50, methodColumns::callsPerSecond},
         .hidden = {}});
    m_talkers->fitColumns({.stretched = talkerColumns::client,
                           .narrowest = 128,
                           .leastFirst = {talkerColumns::channel, talkerColumns::bytes, talkerColumns::calls,
                                          talkerColumns::objectsGot, talkerColumns::released},
                           .hidden = {}});
    m_errors->fitColumns({.stretched = errorColumns::message,
                          .narrowest = 160,
                          .leastFirst = {errorColumns::lastFrame, errorColumns::lastClient},
                          .hidden = {}});
    sortBy(*m_methods, methodColumns::calls);
    sortBy(*m_talkers, talkerColumns::frames);
    sortBy(*m_errors, errorColumns::count);
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_methods, u"Methods"_s);
    m_tabs->addTab(m_talkers, u"Clients"_s);
    m_tabs->addTab(m_errors, u"Errors"_s);
    connect(m_tabs, &QTabWidget::currentChanged, this, &StatisticsView::updateActions);
    connect(m_methods->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &StatisticsView::showLatency);
    for (FlatTable *table : tables())
        connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &StatisticsView::updateActions);
    // A new capture begins with the busiest method chosen, so that the histogram is never empty without a reason.
    connect(m_methodModel, &QAbstractItemModel::modelReset, this, &StatisticsView::showLatency);
    return m_tabs;
}

void StatisticsView::makeActions()
{
    m_filter = new QAction(u"Show only these frames"_s, this);
    m_filter->setIconText(u"Show only these"_s);
    m_goToFrame = new QAction(u"Go to frame"_s, this);
    m_copy = new QAction(u"Copy row"_s, this);
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut); // the table itself answers the key; here it is only shown
    connect(m_filter, &QAction::triggered, this, &StatisticsView::requestFilter);
    connect(m_goToFrame, &QAction::triggered, this, &StatisticsView::requestFrame);
    connect(m_copy, &QAction::triggered, this, [this] { currentTable()->copySelection(); });
    for (FlatTable *table : tables())
        addActionsTo(*table);

    auto *corner = new QWidget;
    auto *layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 0, halfUnit, 0);
    layout->setSpacing(halfUnit);
    for (QAction *action : {m_filter, m_goToFrame}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text());
        layout->addWidget(button);
    }
    m_tabs->setCornerWidget(corner);
    setFilterAvailable(false);
}

void StatisticsView::addActionsTo(FlatTable &table)
{
    table.setContextMenuPolicy(Qt::ActionsContextMenu);
    table.addActions({m_filter, m_goToFrame, m_copy});
    connect(&table, &QAbstractItemView::activated, this, [this] {
        if (m_filter->isEnabled())
            requestFilter();
        else
            requestFrame();
    });
}

void StatisticsView::setCapturing(bool capturing)
{
    m_capturing = capturing;
    look();
}

void StatisticsView::setEmptyState(const QString &cause, const QString &advice, QAction *action)
{
    m_empty->setTexts(cause, advice, action);
}

void StatisticsView::setFilterAvailable(bool available)
{
    m_filterAvailable = available;
    m_filter->setVisible(available);
    updateActions();
}

QTableView *StatisticsView::methods() const noexcept { return m_methods; }
QTableView *StatisticsView::talkers() const noexcept { return m_talkers; }
QTableView *StatisticsView::errors() const noexcept { return m_errors; }

void StatisticsView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    // Nobody was reading, so nothing jumps: the best moment to put the rows in order again.
    m_sinceOrder.invalidate();
    putInOrder();
    m_timer.start();
}

void StatisticsView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
    m_interval = {}; // a rate over the time away would not be one of the last second
}

void StatisticsView::putInOrder()
{
    if (m_sinceOrder.isValid() && m_sinceOrder.elapsed() < orderIntervalMs)
        return;
    m_sinceOrder.start();
    // Not below the hand of somebody who is about to click.
    if (!m_methods->underMouse())
        m_methodModel->sortAgain();
    if (!m_talkers->underMouse())
        m_talkerModel->sortAgain();
    if (!m_errors->underMouse())
        m_errorModel->sortAgain();
}

void StatisticsView::setMatches(const FrameStore &store, std::shared_ptr<const RowSet> matches)
{
    m_store = &store;
    m_matches = std::move(matches);
    const bool isNarrowed = m_matches != nullptr;
    if (isNarrowed == (m_narrowed != nullptr))
        return; // the timer looks: rows become known more often than numbers can be read
    m_narrowed = isNarrowed ? std::make_unique<NarrowedStatistics>(m_statistics) : nullptr;
    look();
}

/// Only while somebody looks: a snapshot keeps memory that the store has given up.
void StatisticsView::follow()
{
    if (m_narrowed && isVisible())
        m_narrowed->follow(m_store->snapshot(), m_matches);
}

const TrafficStatistics &StatisticsView::source() const noexcept
{
    return m_narrowed ? m_narrowed->statistics() : m_statistics;
}

void StatisticsView::look()
{
    if (!isVisible())
        return;
    follow();
    const bool hasNews = source().frames() != m_snapshot->frames || source().generation() != m_snapshot->generation;
    if (hasNews || endSecond() != m_shownEnd)
        refresh();
}

void StatisticsView::refresh()
{
    follow();
    m_snapshot = source().snapshot();
    measureRates();
    showSnapshot();
}

void StatisticsView::measureRates()
{
    const bool isFirst = !m_interval.to || m_interval.to->generation != m_snapshot->generation;
    if (!isFirst && m_sinceInterval.elapsed() < rateIntervalMs)
        return;
    m_interval = {.from = isFirst ? nullptr : m_interval.to,
                  .to = m_snapshot,
                  .seconds = isFirst ? 0 : static_cast<double>(m_sinceInterval.nsecsElapsed()) / 1e9};
    m_sinceInterval.start();
}

std::int64_t StatisticsView::endSecond() const
{
    return m_capturing ? nowSecond() : m_snapshot->firstSecond + static_cast<std::int64_t>(m_snapshot->seconds.size());
}

void StatisticsView::showSnapshot()
{
    const bool isEmpty = m_snapshot->frames == 0;
    m_content->setVisible(!isEmpty);
    m_empty->setVisible(isEmpty && !m_matches);
    m_nothingMatches->setVisible(isEmpty && m_matches);
    m_shownEnd = endSecond();
    m_rates->setSeconds(*m_snapshot, m_shownEnd);
    m_methodModel->setRows(methodRows(*m_snapshot, m_interval), m_snapshot->generation);
    m_talkerModel->setRows(talkerRows(*m_snapshot, m_names), m_snapshot->generation);
    m_errorModel->setRows(errorRows(*m_snapshot, m_names), m_snapshot->generation);
    if (!m_methods->currentIndex().isValid() && m_methodModel->rowCount() > 0) {
        m_methodModel->sortAgain();
        m_methods->selectRow(0);
    }
    putInOrder();
    showLatency();
    showTitles();
    updateActions();
}

void StatisticsView::showTitles()
{
    const auto title = [](const QString &name, int count) {
        return count == 0 ? name : u"%1 (%2)"_s.arg(name, groupedNumber(static_cast<quint64>(count)));
    };
    m_tabs->setTabText(0, title(u"Methods"_s, m_methodModel->rowCount()));
    m_tabs->setTabText(1, title(u"Clients"_s, m_talkerModel->rowCount()));
    m_tabs->setTabText(2, title(u"Errors"_s, m_errorModel->rowCount()));
}

void StatisticsView::showLatency()
{
    const QModelIndex current = m_methods->currentIndex();
    const auto source = current.isValid() ? static_cast<std::size_t>(m_methodModel->sourceOf(current.row())) : 0;
    if (!current.isValid() || source >= m_snapshot->methods.size()) {
        m_latency->clear(u"Select a method to see how long its calls took"_s);
        return;
    }
    const MethodRow &row = m_methodModel->row(current.row());
    const LatencyHistogram &latency = m_snapshot->methods[source].latency;
    if (latency.isEmpty())
        m_latency->clear(u"%1 has no results"_s.arg(row.name()));
    else
        m_latency->setLatency(row.name(), latency);
}

FlatTable *StatisticsView::currentTable() const
{
    return m_tabs->currentIndex() == 0 ? m_methods : m_tabs->currentIndex() == 1 ? m_talkers : m_errors;
}

int StatisticsView::currentPlace() const
{
    const QModelIndex current = currentTable()->currentIndex();
    return current.isValid() ? current.row() : -1;
}

QString StatisticsView::currentFilter() const
{
    const int place = currentPlace();
    if (place < 0)
        return {};
    if (currentTable() == m_methods)
        return m_methodModel->row(place).filter();
    return currentTable() == m_talkers ? m_talkerModel->row(place).filter() : QString();
}

Row StatisticsView::currentFrame() const
{
    const int place = currentPlace();
    if (place < 0)
        return noRow;
    if (currentTable() == m_methods) {
        const MethodRow &method = m_methodModel->row(place);
        return method.slowest != noRow ? method.slowest : method.last;
    }
    return currentTable() == m_talkers ? m_talkerModel->row(place).numbers.lastRow
                                       : m_errorModel->row(place).numbers.lastRow;
}

void StatisticsView::updateActions()
{
    m_filter->setEnabled(m_filterAvailable && !currentFilter().isEmpty());
    m_goToFrame->setEnabled(currentFrame() != noRow);
    m_goToFrame->setText(currentTable() == m_methods ? u"Go to the slowest call"_s : u"Go to the last frame"_s);
    m_goToFrame->setIconText(currentTable() == m_methods ? u"Slowest call"_s : u"Last frame"_s);
    m_copy->setEnabled(currentPlace() >= 0);
}

void StatisticsView::requestFilter()
{
    if (const QString filter = currentFilter(); !filter.isEmpty())
        Q_EMIT filterRequested(filter);
}

void StatisticsView::requestFrame()
{
    if (const Row row = currentFrame(); row != noRow)
        Q_EMIT frameRequested(row);
}

} // namespace decoy::ui
