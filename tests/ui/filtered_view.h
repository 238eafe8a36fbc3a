// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bytes.h"

#include "session/frame_filter.h"
#include "trace/frame_names.h"
#include "trace/frame_store.h"
#include "views/filter_bar.h"
#include "views/filter_candidates.h"
#include "views/filter_edit.h"
#include "views/traffic_view.h"

#include <QPushButton>
#include <QTest>
#include <QVBoxLayout>

/// A bar and a table of stored frames, joined as the window joins them.
struct Filtered {
    explicit Filtered(std::uint64_t frameCount = 0) : filter(store, names)
    {
        frames::fill(store, frameCount);
        names.learnProcess(4711, QStringLiteral("teller"));
        bar = new decoy::ui::FilterBar(filter, store, names);
        view = new decoy::ui::TrafficView(store, names);
        bar->setViewedRow([this] { return view->viewedRow(); });
        auto *layout = new QVBoxLayout(&window);
        layout->addWidget(bar);
        layout->addWidget(view, 1);
        window.resize(1000, 600);
        QObject::connect(&filter, &decoy::ui::FrameFilter::rowsChanged, view,
                         [this] { view->setMatches(filter.rows()); });
        QObject::connect(view, &decoy::ui::TrafficView::filterRequested, bar, &decoy::ui::FilterBar::merge);
        QObject::connect(view, &decoy::ui::TrafficView::filterClearRequested, bar, &decoy::ui::FilterBar::clear);
        QObject::connect(view, &decoy::ui::TrafficView::frozenChanged, &filter,
                         [this](bool frozen) { frozen ? filter.freeze(view->frames()) : filter.thaw(); });
        window.show();
        window.activateWindow();
        view->refresh();
    }
    void add(std::uint64_t count)
    {
        frames::fill(store, count);
        filter.refresh();
        view->refresh();
    }
    void type(const QString &text) const
    {
        bar->activate();
        bar->edit()->clear();
        QTest::keyClicks(bar->edit(), text);
    }
    /// Types a filter and waits until it has run.
    void use(const QString &text)
    {
        type(text);
        bar->edit()->candidates().hide();
        QTest::keyClick(bar->edit(), Qt::Key_Return);
        QTRY_VERIFY(isDone());
    }
    [[nodiscard]] bool isDone() const { return !filter.isRunning() && !filter.isStarting(); }
    [[nodiscard]] std::uint64_t shown() const { return view->shownRows().size(); }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(view, static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] QPushButton *notice() const
    {
        for (auto *button : view->viewport()->findChildren<QPushButton *>()) {
            if (button->text().startsWith(QChar(u'≠')))
                return button;
        }
        return nullptr;
    }

    decoy::ui::FrameStore store;
    decoy::ui::FrameNames names;
    decoy::ui::FrameFilter filter;
    QWidget window;
    decoy::ui::FilterBar *bar = nullptr;
    decoy::ui::TrafficView *view = nullptr;
};
