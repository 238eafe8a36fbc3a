// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPalette>
#include <QString>

#include <optional>

class QApplication;

namespace decoy::ui {

enum class ThemeChoice : quint8 { System, Light, Dark };

/// "system", "light", "dark": the words of --theme and of the settings file.
[[nodiscard]] QString themeChoiceName(ThemeChoice choice);
[[nodiscard]] std::optional<ThemeChoice> themeChoiceFromName(QStringView name);

[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();

/// The one accent colour of a palette: focus, links, the primary action.
[[nodiscard]] QColor accentColour(const QPalette &palette);
/// Text that steps back: hints, units, empty states. Still 4.5:1.
[[nodiscard]] QColor mutedColour(const QPalette &palette);
/// The few thin lines that there are.
[[nodiscard]] QColor lineColour(const QPalette &palette);

/// Gives the application its style, font and palette, and changes the palette when the person chooses another.
class Theme : public QObject {
    Q_OBJECT

public:
    /// Remembers what the system prefers, so construct it before anything else sets a palette.
    explicit Theme(QApplication &application, QObject *parent = nullptr);

    void choose(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const noexcept { return m_choice; }
    [[nodiscard]] bool isDark() const noexcept;

Q_SIGNALS:
    void changed();

private:
    QApplication &m_application;
    const bool m_systemIsDark;
    ThemeChoice m_choice = ThemeChoice::System;
};

} // namespace decoy::ui
