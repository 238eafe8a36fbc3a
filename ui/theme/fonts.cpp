// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/fonts.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QGuiApplication>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr qreal interfacePointSize = 10;

QString firstInstalled(std::initializer_list<QLatin1String> families)
{
    const QStringList installed = QFontDatabase::families();
    for (const QLatin1String family : families) {
        if (installed.contains(family))
            return family;
    }
    return {};
}

/// Three significant digits, so that a column of them lines up well enough to compare at a glance.
QString threeDigits(double value)
{
    const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return QString::number(value, 'f', decimals);
}

} // namespace

QFont interfaceFont()
{
    QFont font = QGuiApplication::font();
    static const QString family = firstInstalled({"Inter"_L1});
    if (!family.isEmpty())
        font.setFamilies({family});
    font.setPointSizeF(interfacePointSize);
    return font;
}

QFont monospaceFont(const QFont &base)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    // Looked for once: models ask for this font in every cell.
    static const QString family = firstInstalled(
        {"JetBrains Mono"_L1, "Cascadia Mono"_L1, "DejaVu Sans Mono"_L1, "Noto Sans Mono"_L1, "Liberation Mono"_L1});
    if (!family.isEmpty())
        font.setFamilies({family});
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setPointSizeF(base.pointSizeF());
    const qreal ratio = QFontMetricsF(base).xHeight() / std::max<qreal>(1, QFontMetricsF(font).xHeight());
    font.setPointSizeF(base.pointSizeF() * std::clamp(ratio, 0.85, 1.1));
    return font;
}

QFont codeFont(const QFont &base)
{
    QFont font = monospaceFont(base);
    font.setStyleStrategy(QFont::PreferNoShaping);
    return font;
}

QFont tabularFont(const QFont &base)
{
    const QFontMetricsF metrics(base);
    const qreal zero = metrics.horizontalAdvance(u'0');
    for (char16_t digit = u'1'; digit <= u'9'; ++digit) {
        if (std::abs(metrics.horizontalAdvance(QChar(digit)) - zero) > 0.01)
            return monospaceFont(base);
    }
    return base;
}

QString groupedNumber(quint64 number)
{
    QString text = QString::number(number);
    for (qsizetype place = text.size() - 3; place > 0; place -= 3)
        text.insert(place, QChar(0x202f));
    return text;
}

QString durationText(qint64 nanoseconds)
{
    const auto value = static_cast<double>(nanoseconds);
    if (nanoseconds < 1000)
        return QString::number(nanoseconds) + u" ns"_s;
    if (nanoseconds < 1'000'000)
        return threeDigits(value / 1e3) + u" µs"_s;
    if (nanoseconds < 1'000'000'000)
        return threeDigits(value / 1e6) + u" ms"_s;
    return threeDigits(value / 1e9) + u" s"_s;
}

QString sizeText(quint64 bytes)
{
    if (bytes < 1024)
        return QString::number(bytes) + u" B"_s;
    constexpr std::array units = {u" KiB", u" MiB", u" GiB", u" TiB"};
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return threeDigits(value) + QString::fromUtf16(units[unit]);
}

} // namespace decoy::ui
