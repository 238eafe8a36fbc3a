// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/opcode_style.h"

#include <decoy/frame.h>

#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::size_t roleCount = 8;
using StyleTable = std::array<OpcodeStyle, roleCount>;

struct RoleColours {
    QRgb light;
    QRgb dark;
};

// Eight hues that stay apart for the common kinds of colour blindness, each checked against Base, AlternateBase and
// Highlight of its palette (tests/ui); the sign says the same for those who see none of them.
constexpr std::array<RoleColours, roleCount> roleColours = {{
    {0xff1a5fb4, 0xff7ab8ff}, // GET: reading, blue
    {0xff8a5200, 0xfff0b45a}, // SET: changing, amber
    {0xff7438b0, 0xffcda6f7}, // EXECUTE: doing, violet
    {0xff1b6e35, 0xff7bd88f}, // RESULT: done, green
    {0xff5c6570, 0xffadb6bf}, // PENDING: nothing yet, grey
    {0xffb81824, 0xffff8a82}, // ERROR: red
    {0xff5a6100, 0xffcbd65a}, // EVENT: news, olive
    {0xff8f2f66, 0xfff09cc4}, // UNKNOWN: pink
}};

// Characters without an emoji form, so that no font turns them into pictures.
constexpr std::array<QStringView, roleCount> signs = {u"↓", u"↑", u"►", u"◄", u"…", u"✕", u"♪", u"?"};
constexpr std::array<QStringView, roleCount> words = {u"GET",     u"SET",   u"EXECUTE", u"RESULT",
                                                      u"PENDING", u"ERROR", u"EVENT",   u"UNKNOWN"};

StyleTable makeTable(bool dark)
{
    StyleTable table;
    for (std::size_t role = 0; role < roleCount; ++role) {
        OpcodeStyle &style = table[role];
        style.sign = signs[role].toString();
        style.word = words[role].toString();
        style.colour = QColor::fromRgb(dark ? roleColours[role].dark : roleColours[role].light);
        style.tint = style.colour;
        style.tint.setAlphaF(dark ? 0.18F : 0.10F);
        style.dimmed = role == static_cast<std::size_t>(FrameRole::Pending);
    }
    return table;
}

double linearChannel(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double relativeLuminance(const QColor &colour)
{
    return 0.2126 * linearChannel(colour.redF()) + 0.7152 * linearChannel(colour.greenF())
        + 0.0722 * linearChannel(colour.blueF());
}

} // namespace

FrameRole frameRole(int opcode, bool failed) noexcept
{
    if (failed)
        return FrameRole::Error;
    switch (opcode) {
    case static_cast<int>(ProxyOpCode::Get): return FrameRole::Get;
    case static_cast<int>(ProxyOpCode::Set): return FrameRole::Set;
    case static_cast<int>(ProxyOpCode::Execute): return FrameRole::Execute;
    case static_cast<int>(ProxyOpCode::ExecutionResult): return FrameRole::Result;
    case static_cast<int>(ProxyOpCode::ResponsePending): return FrameRole::Pending;
    case static_cast<int>(ProxyOpCode::Event): return FrameRole::Event;
    default: return FrameRole::Unknown;
    }
}

const OpcodeStyle &opcodeStyle(FrameRole role, const QPalette &palette)
{
    static const StyleTable lightTable = makeTable(false);
    static const StyleTable darkTable = makeTable(true);
    return (isDark(palette) ? darkTable : lightTable)[static_cast<std::size_t>(role)];
}

bool isDark(const QPalette &palette) noexcept { return palette.color(QPalette::Base).lightnessF() < 0.5F; }

double contrastRatio(const QColor &one, const QColor &other) noexcept
{
    const double first = relativeLuminance(one);
    const double second = relativeLuminance(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace decoy::ui
