// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1String>
#include <QSize>

class QMainWindow;

namespace decoy::ui {

class ObjectPanel;
class StatisticsView;
class TrafficView;

/// Raise it when docks or toolbars change: a layout saved by another version is not restored, rather than half of it.
inline constexpr int layoutVersion = 7;

/// What suits the screen: all columns of the object tree where there is room, never less than one can work with.
[[nodiscard]] QSize firstWindowSize();

/// The docks' names in the saved layout; never change one without raising the version.
namespace dockNames {
inline constexpr QLatin1String objects{"objects"};
inline constexpr QLatin1String inspector{"inspector"};
inline constexpr QLatin1String invoke{"invoke"};
inline constexpr QLatin1String details{"details"};
inline constexpr QLatin1String workers{"workers"};
inline constexpr QLatin1String problems{"problems"};
inline constexpr QLatin1String conversation{"conversation"};
inline constexpr QLatin1String calls{"calls"};
inline constexpr QLatin1String held{"held"};
inline constexpr QLatin1String learn{"learn"};
} // namespace dockNames

/// Gives the docks their first places and sizes.
void arrangeDocks(QMainWindow &window);
/// The sizes alone, which depend on how large the window is.
void sizeDocks(QMainWindow &window);

/// Keeps size, docks and columns between sessions.
void saveLayout(const QMainWindow &window, const TrafficView &traffic, const ObjectPanel &objects,
                const StatisticsView &statistics);
void restoreLayout(QMainWindow &window, TrafficView &traffic, ObjectPanel &objects, StatisticsView &statistics);

} // namespace decoy::ui
