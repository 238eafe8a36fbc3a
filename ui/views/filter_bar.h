// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_history.h"
#include "filter/filter_parser.h"
#include "views/filter_clause.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QMenu;
class QToolButton;

namespace decoy::ui {

class ElidedLabel;
class FilterEdit;
class FrameFilter;
class FrameNames;
class FrameStore;

/// Where the filter is typed, and where it says what it does: whether it is understood, what is wrong and where, and how
/// many frames it leaves.
class FilterBar : public QWidget {
    Q_OBJECT

public:
    /// All of them must outlive this.
    FilterBar(FrameFilter &filter, const FrameStore &store, const FrameNames &names, QWidget *parent = nullptr);
    ~FilterBar() override;

    /// Tells which row the person looks at, so that a new filter begins there; without it with the newest.
    void setViewedRow(std::function<Row()> viewedRow) { m_viewedRow = std::move(viewedRow); }

    [[nodiscard]] FilterEdit *edit() const noexcept { return m_edit; }
    /// The sign and words beside the text.
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] const FilterHistory &history() const noexcept { return m_history; }
    [[nodiscard]] QToolButton *bookmarkButton() const noexcept { return m_bookmark; }
    [[nodiscard]] QToolButton *historyButton() const noexcept { return m_recent; }

public Q_SLOTS:
    /// Puts the cursor into the text and selects it.
    void activate();
    /// Makes the typed text the filter, if it is understood.
    void apply();
    void clear();
    /// Takes a clause of a cell over. `And` only writes it, for the person to go on.
    void merge(const QString &clause, decoy::ui::FilterMerge how);
    void toggleBookmark();

Q_SIGNALS:
    /// The person wants to go on elsewhere.
    void left();

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class State : quint8 { Empty, Problem, Typed, Active };

    QToolButton *makeButton(QLatin1String iconName, const QString &text);
    void makeHistoryMenu();
    void fillHistoryMenu(QMenu &menu);
    void takeFilter(const QString &text);
    void followText();
    void showState();
    void showStatus(const QString &sign, const QString &text, const QColor &colour);
    [[nodiscard]] QString countText() const;

    FrameFilter &m_filter;
    const FrameStore &m_store;
    const FrameNames &m_names;
    std::function<Row()> m_viewedRow;
    FilterHistory m_history;
    FilterParse m_parse;
    FilterEdit *m_edit;
    QLabel *m_sign;
    ElidedLabel *m_status;
    QToolButton *m_clear;
    QToolButton *m_bookmark;
    QToolButton *m_recent;
    QTimer m_counting;
    bool m_isLooking = false; ///< the new filter has found nothing yet
};

} // namespace decoy::ui
