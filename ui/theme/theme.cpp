// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/fonts.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"

#include <QApplication>
#include <QStyleFactory>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

struct Colours {
    QRgb window, base, alternate, text, muted, button, line, accent, highlight, disabled;
};

constexpr Colours light = {0xfff4f5f7, 0xffffffff, 0xfff8f9fa, 0xff1c2127, 0xff5b6470,
                           0xfffcfcfd, 0xffd9dde2, 0xff00706f, 0xffcfeae7, 0xff9aa2ab};
constexpr Colours dark = {0xff1d2126, 0xff15181c, 0xff1a1e22, 0xffe4e8ec, 0xffadb6bf,
                          0xff282d33, 0xff343a41, 0xff45c7be, 0xff1c4746, 0xff5f6871};

QPalette makePalette(const Colours &colours)
{
    const auto colour = [](QRgb rgb) { return QColor::fromRgb(rgb); };
    QPalette palette(colour(colours.button), colour(colours.window));
    const auto set = [&palette, &colour](QPalette::ColorRole role, QRgb rgb) { palette.setColor(role, colour(rgb)); };
    set(QPalette::Window, colours.window);
    set(QPalette::WindowText, colours.text);
    set(QPalette::Base, colours.base);
    set(QPalette::AlternateBase, colours.alternate);
    set(QPalette::Text, colours.text);
    set(QPalette::Button, colours.button);
    set(QPalette::ButtonText, colours.text);
    set(QPalette::BrightText, colours.accent);
    set(QPalette::PlaceholderText, colours.muted);
    set(QPalette::ToolTipBase, colours.button);
    set(QPalette::ToolTipText, colours.text);
    // A pale highlight with normal text on it: opcode colours stay readable in a selected row.
    set(QPalette::Highlight, colours.highlight);
    set(QPalette::HighlightedText, colours.text);
    set(QPalette::Link, colours.accent);
    set(QPalette::LinkVisited, colours.accent);
    set(QPalette::Mid, colours.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, colour(colours.disabled));
    return palette;
}

} // namespace

QString themeChoiceName(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light: return u"light"_s;
    case ThemeChoice::Dark: return u"dark"_s;
    case ThemeChoice::System: break;
    }
    return u"system"_s;
}

std::optional<ThemeChoice> themeChoiceFromName(QStringView name)
{
    for (const auto choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark}) {
        if (name == themeChoiceName(choice))
            return choice;
    }
    return {};
}

QPalette lightPalette() { return makePalette(light); }

QPalette darkPalette() { return makePalette(dark); }

QColor accentColour(const QPalette &palette) { return palette.color(QPalette::Active, QPalette::Link); }

QColor mutedColour(const QPalette &palette) { return palette.color(QPalette::Active, QPalette::PlaceholderText); }

QColor lineColour(const QPalette &palette) { return palette.color(QPalette::Active, QPalette::Mid); }

Theme::Theme(QApplication &application, QObject *parent)
    : QObject(parent), m_application(application), m_systemIsDark(ui::isDark(QApplication::palette()))
{
    QApplication::setStyle(new MonitorStyle);
    QApplication::setFont(interfaceFont());
    choose(ThemeChoice::System);
}

void Theme::choose(ThemeChoice choice)
{
    m_choice = choice;
    m_application.setPalette(isDark() ? darkPalette() : lightPalette());
    Q_EMIT changed();
}

bool Theme::isDark() const noexcept
{
    return m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemIsDark);
}

} // namespace decoy::ui
