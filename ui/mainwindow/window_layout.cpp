// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/window_layout.h"

#include "theme/metrics.h"
#include "views/flat_table.h"
#include "views/object_columns.h"
#include "views/object_panel.h"
#include "views/statistics_view.h"
#include "views/traffic_view.h"

#include <QDockWidget>
#include <QGuiApplication>
#include <QMainWindow>
#include <QScreen>
#include <QSettings>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QLatin1String geometryKey{"window/geometry"};
constexpr QLatin1String layoutKey{"window/layout"};
constexpr QLatin1String versionKey{"window/layoutVersion"};
constexpr QLatin1String columnsKey{"traffic/columns"};
constexpr QLatin1String objectColumnsKey{"objects/columns"};

constexpr QSize smallestSize{1280, 800};
constexpr QSize largestSize{1600, 1000};

QString columnsKeyOf(const FlatTable &table) { return u"statistics/columns"_s + table.accessibleName(); }

QDockWidget *dock(const QMainWindow &window, const QString &name) { return window.findChild<QDockWidget *>(name); }

} // namespace

QSize firstWindowSize()
{
    const QScreen *screen = QGuiApplication::primaryScreen();
    const QSize available = screen ? screen->availableSize() : smallestSize;
    return available.expandedTo(smallestSize).boundedTo(largestSize);
}

void sizeDocks(QMainWindow &window)
{
    const int leftWidth = std::clamp(window.width() * 34 / 100 - 14 * gridUnit, 264, 440);
    const int rightWidth = std::clamp(window.width() * 21 / 100, 248, 344);
    window.resizeDocks({dock(window, dockNames::objects), dock(window, dockNames::inspector)}, {leftWidth, rightWidth},
                       Qt::Horizontal);
    const int bottomHeight = std::clamp(window.height() * 29 / 100, 184, 360);
    window.resizeDocks({dock(window, dockNames::workers)}, {bottomHeight}, Qt::Vertical);
}

void arrangeDocks(QMainWindow &window)
{
    window.tabifyDockWidget(dock(window, dockNames::details), dock(window, dockNames::conversation));
    window.tabifyDockWidget(dock(window, dockNames::conversation), dock(window, dockNames::workers));
    window.tabifyDockWidget(dock(window, dockNames::workers), dock(window, dockNames::calls));
    window.tabifyDockWidget(dock(window, dockNames::workers), dock(window, dockNames::problems));
    window.tabifyDockWidget(dock(window, dockNames::problems), dock(window, dockNames::held));
    window.tabifyDockWidget(dock(window, dockNames::inspector), dock(window, dockNames::invoke));
    window.tabifyDockWidget(dock(window, dockNames::invoke), dock(window, dockNames::learn));
    sizeDocks(window);
    dock(window, dockNames::workers)->raise();
    dock(window, dockNames::inspector)->raise();
}

void saveLayout(const QMainWindow &window, const TrafficView &traffic, const ObjectPanel &objects,
                const StatisticsView &statistics)
{
    QSettings settings;
    settings.setValue(geometryKey, window.saveGeometry());
    settings.setValue(layoutKey, window.saveState(layoutVersion));
    settings.setValue(versionKey, layoutVersion);
    settings.setValue(columnsKey, traffic.saveColumns());
    settings.setValue(objectColumnsKey, objects.columns()->save());
    for (const FlatTable *table : statistics.tables())
        settings.setValue(columnsKeyOf(*table), table->saveColumns());
}

void restoreLayout(QMainWindow &window, TrafficView &traffic, ObjectPanel &objects, StatisticsView &statistics)
{
    const QSettings settings;
    if (settings.value(versionKey).toInt() != layoutVersion)
        return;
    window.restoreGeometry(settings.value(geometryKey).toByteArray());
    window.restoreState(settings.value(layoutKey).toByteArray(), layoutVersion);
    if (const QByteArray columns = settings.value(columnsKey).toByteArray(); !columns.isEmpty())
        traffic.restoreColumns(columns);
    if (const QByteArray columns = settings.value(objectColumnsKey).toByteArray(); !columns.isEmpty())
        objects.columns()->restore(columns);
    for (FlatTable *table : statistics.tables()) {
        if (const QByteArray columns = settings.value(columnsKeyOf(*table)).toByteArray(); !columns.isEmpty())
            table->restoreColumns(columns);
    }
}

} // namespace decoy::ui
