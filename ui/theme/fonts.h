// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QGuiApplication>
#include <QString>

namespace decoy::ui {

/// The application's font as it is at first: Inter where it is installed, else the system's. TextZoom changes the size.
[[nodiscard]] QFont interfaceFont();

/// For bytes, names and values. The same size to the eye as `base`.
[[nodiscard]] QFont monospaceFont(const QFont &base = QGuiApplication::font());

/// The same where what is typed must be seen as it is: without ligatures, which make one sign of `==` and `!=`.
[[nodiscard]] QFont codeFont(const QFont &base = QGuiApplication::font());

/// For numbers that change: `base` if its digits are all of one width (Inter's are not), else the monospace font.
[[nodiscard]] QFont tabularFont(const QFont &base = QGuiApplication::font());

/// 1234567 -> "1 234 567", with a narrow no-break space.
[[nodiscard]] QString groupedNumber(quint64 number);

/// 340 -> "340 ns", 12345 -> "12.3 µs", 5e6 -> "5.00 ms". Three significant digits, the unit always shown.
[[nodiscard]] QString durationText(qint64 nanoseconds);

/// 512 -> "512 B", 65536 -> "64.0 KiB".
[[nodiscard]] QString sizeText(quint64 bytes);

} // namespace decoy::ui
