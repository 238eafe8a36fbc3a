// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/filter_bar.h"

#include "session/frame_filter.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "views/elided_label.h"
#include "views/filter_edit.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QChar validSign = u'✓';
/// In a narrow window what is said beside it gives way.
constexpr int narrowestEdit = gridUnit * 32;

QString menuText(const QString &filter)
{
    QString text = QFontMetrics(monospaceFont()).elidedText(filter, Qt::ElideRight, gridUnit * 60);
    return text.replace(u'&', "&&"_L1);
}

} // namespace

FilterBar::FilterBar(FrameFilter &filter, const FrameStore &store, const FrameNames &names, QWidget *parent)
    : QWidget(parent), m_filter(filter), m_store(store), m_names(names), m_history(FilterHistory::load()),
      m_edit(new FilterEdit([this] { return FilterVocabulary::from(m_names, m_store.snapshot()); })),
      m_sign(new QLabel), m_status(new ElidedLabel), m_clear(makeButton("release"_L1, tr("Clear the filter"))),
      m_bookmark(makeButton("bookmark"_L1, tr("Keep this filter"))),
      m_recent(makeButton("history"_L1, tr("Filters used before")))
{
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setPlaceholderText(tr("Filter frames, as: opcode == EXECUTE && latency > 5ms"));
    m_edit->setToolTip(tr("Only frames that match are shown (Ctrl+/). Enter applies, ↓ shows what can be asked for, "
                          "↑ brings back filters used before."));
    m_edit->setHistory(m_history.recent());
    m_sign->setAlignment(Qt::AlignCenter);
    m_sign->setFixedWidth(doubleUnit);
    m_status->setAccessibleName(tr("What the filter does"));
    m_edit->setMinimumWidth(narrowestEdit);
    m_bookmark->setCheckable(true);
    makeHistoryMenu();

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    layout->setSpacing(halfUnit);
    layout->addWidget(m_edit, 3);
    layout->addWidget(m_clear);
    layout->addWidget(m_bookmark);
    layout->addWidget(m_recent);
    layout->addWidget(m_sign);
    layout->addWidget(m_status, 2);
    setFocusProxy(m_edit);

    m_counting.setInterval(numbersIntervalMs);
    connect(&m_counting, &QTimer::timeout, this, &FilterBar::showState);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterBar::followText);
    connect(m_edit, &FilterEdit::accepted, this, &FilterBar::apply);
    connect(m_edit, &FilterEdit::left, this, [this] {
        takeFilter(m_filter.text()); // what was typed and not applied is given up
        Q_EMIT left();
    });
    connect(m_clear, &QToolButton::clicked, this, &FilterBar::clear);
    connect(m_bookmark, &QToolButton::clicked, this, &FilterBar::toggleBookmark);
    connect(&m_filter, &FrameFilter::textChanged, this, &FilterBar::takeFilter);
    connect(&m_filter, &FrameFilter::rowsChanged, this, [this] {
        if (!m_counting.isActive() || m_isLooking) // at once, and then no faster than numbers can be read
            showState();
    });
    takeFilter(m_filter.text());
    followText();
}

FilterBar::~FilterBar() = default;

QToolButton *FilterBar::makeButton(QLatin1String iconName, const QString &text)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void FilterBar::makeHistoryMenu()
{
    auto *menu = new QMenu(m_recent);
    menu->setToolTipsVisible(true);
    m_recent->setMenu(menu);
    m_recent->setPopupMode(QToolButton::InstantPopup);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillHistoryMenu(*menu); });
}

void FilterBar::fillHistoryMenu(QMenu &menu)
{
    menu.clear();
    const auto add = [&](const QString &title, const QStringList &filters, const QString &nothing) {
        menu.addSection(title);
        for (const QString &filter : filters) {
            QAction *action = menu.addAction(menuText(filter), this, [this, filter] {
                m_edit->setText(filter);
                apply();
            });
            action->setToolTip(filter);
            action->setData(filter);
        }
        if (filters.isEmpty())
            menu.addAction(nothing)->setEnabled(false);
    };
    add(tr("Kept"), m_history.bookmarks(), tr("None yet: the bookmark button keeps a filter"));
    add(tr("Used before"), m_history.recent(), tr("None yet"));
}

void FilterBar::activate()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterBar::apply()
{
    if (!m_filter.apply(m_edit->text(), m_viewedRow ? m_viewedRow() : noRow))
        return showState();
    m_history.add(m_filter.text());
    m_history.save();
    m_edit->setHistory(m_history.recent());
    takeFilter(m_filter.text());
}

void FilterBar::clear()
{
    m_edit->clear();
    apply();
}

void FilterBar::merge(const QString &clause, FilterMerge how)
{
    m_edit->setText(mergedFilter(m_filter.text(), clause, how));
    if (how == FilterMerge::And)
        m_edit->setFocus(Qt::OtherFocusReason);
    else
        apply();
}

void FilterBar::toggleBookmark()
{
    const QString filter = m_edit->text().trimmed();
    if (m_parse.isValid())
        m_history.setBookmark(filter, !m_history.isBookmark(filter));
    m_history.save();
    showState();
}

void FilterBar::takeFilter(const QString &text)
{
    if (m_edit->text() != text)
        m_edit->setText(text);
    showState();
}

void FilterBar::followText()
{
    m_parse = parseFilter(m_edit->text());
    m_edit->underline(m_parse.error);
    showState();
}

QString FilterBar::countText() const
{
    const std::uint64_t captured = m_store.endRow();
    const std::uint64_t displayed = m_filter.rows() ? m_filter.rows()->size() : captured;
    return tr("%1 of %2").arg(groupedNumber(displayed), groupedNumber(captured));
}

void FilterBar::showState()
{
    m_isLooking = m_filter.isStarting();
    const QString typed = m_edit->text().trimmed();
    const State state = !m_parse.isValid()            ? State::Problem
        : typed == m_filter.text() && typed.isEmpty() ? State::Empty
        : typed != m_filter.text()                    ? State::Typed
                                                      : State::Active;
    const OpcodeStyle &good = opcodeStyle(FrameRole::Result, palette());
    const OpcodeStyle &bad = opcodeStyle(FrameRole::Error, palette());
    switch (state) {
    case State::Empty: showStatus({}, tr("All frames"), mutedColour(palette())); break;
    case State::Problem:
        showStatus(bad.sign, tr("At %1: %2").arg(m_parse.error->position + 1).arg(m_parse.error->message), bad.colour);
        break;
    case State::Typed:
        showStatus(validSign, typed.isEmpty() ? tr("Enter shows all frames") : tr("Valid, Enter applies it"),
                   good.colour);
        break;
    case State::Active:
        showStatus(m_isLooking ? QChar(u'…') : validSign,
                   (m_isLooking ? tr("Looking, %1 captured").arg(groupedNumber(m_store.endRow()))
                                : tr("%1 captured frames").arg(countText())),
                   good.colour);
        break;
    }
    markProblem(m_edit, state == State::Problem);
    markValid(m_edit, state == State::Typed || state == State::Active);
    m_clear->setEnabled(!typed.isEmpty() || m_filter.isActive());
    m_bookmark->setEnabled(m_parse.isValid() && !typed.isEmpty());
    m_bookmark->setChecked(m_history.isBookmark(typed));
    const bool counts = state == State::Active;
    if (counts != m_counting.isActive())
        counts ? m_counting.start() : m_counting.stop();
}

void FilterBar::showStatus(const QString &sign, const QString &text, const QColor &colour)
{
    if (m_sign->text() != sign)
        m_sign->setText(sign);
    if (m_status->text() != text) {
        m_status->setText(text);
        m_status->setToolTip(text);
    }
    for (QLabel *label : {m_sign, static_cast<QLabel *>(m_status)}) {
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText, colour);
        if (label->palette().color(QPalette::WindowText) != colour)
            label->setPalette(colours);
    }
}

QString FilterBar::statusText() const { return m_sign->text() + u' ' + m_status->text(); }

void FilterBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        followText();
}

} // namespace decoy::ui
