// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/series_view.h"

#include "session/call_runner.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::array captions = {u"p50", u"p90", u"p99", u"longest", u"errors", u"calls/s"};
constexpr std::array meanings = {u"Half of the calls took no longer than this",
                                 u"90 % of the calls took no longer than this",
                                 u"99 % of the calls took no longer than this",
                                 u"The slowest call that succeeded",
                                 u"Calls that failed; their times are not in the percentiles",
                                 u"Calls for each second, one after the other"};

} // namespace

SeriesView::SeriesView(QWidget *parent) : QWidget(parent), m_title(new QLabel), m_problem(new QLabel)
{
    m_title->setWordWrap(true);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel *label : {m_title, m_problem})
        label->setMinimumWidth(gridUnit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_title);
    m_grid = new QGridLayout;
    m_grid->setHorizontalSpacing(gridUnit * 4);
    m_grid->setVerticalSpacing(0);
    layout->addLayout(m_grid);
    layout->addWidget(m_problem);
    layout->addStretch();
    makeFigures();
    setNarrow(false);
}

void SeriesView::makeFigures()
{
    QFont large = tabularFont();
    large.setPointSizeF(large.pointSizeF() + 4);
    for (int figure = 0; figure < FigureCount; ++figure) {
        const auto at = std::size_t(figure);
        m_figures[at] = new QLabel;
        m_figures[at]->setFont(large);
        m_figures[at]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_figures[at]->setAccessibleName(QString::fromUtf16(captions[at]));
        m_captions[at] = new QLabel(QString::fromUtf16(captions[at]));
        m_captions[at]->setForegroundRole(QPalette::PlaceholderText);
        for (QLabel *label : {m_figures[at], m_captions[at]})
            label->setToolTip(QString::fromUtf16(meanings[at]));
    }
}

void SeriesView::setNarrow(bool isNarrow)
{
    const int perLine = isNarrow ? FigureCount / 2 : FigureCount;
    for (int figure = 0; figure < FigureCount; ++figure) {
        const int line = figure / perLine * 2;
        m_grid->addWidget(m_figures[std::size_t(figure)], line, figure % perLine);
        m_grid->addWidget(m_captions[std::size_t(figure)], line + 1, figure % perLine);
    }
    m_grid->setHorizontalSpacing(gridUnit * (isNarrow ? 2 : 4));
    m_grid->setColumnStretch(FigureCount, 1);
}

void SeriesView::showOutcome(const QString &call, const SeriesOutcome &outcome)
{
    const SeriesSummary &summary = outcome.summary;
    const auto time = [&summary](std::chrono::nanoseconds value) {
        return summary.succeeded() > 0 ? durationText(value.count()) : u"–"_s;
    };
    const QString made = groupedNumber(quint64(summary.made));
    const QString elapsed = durationText(summary.elapsed.count());
    m_title->setText(summary.made < summary.wanted ? u"%1: stopped after %2 of %3 calls, in %4"_s.arg(
                         call, made, groupedNumber(quint64(summary.wanted)), elapsed)
                                                   : u"%1: %2 calls in %3"_s.arg(call, made, elapsed));
    m_figures[P50]->setText(time(summary.p50));
    m_figures[P90]->setText(time(summary.p90));
    m_figures[P99]->setText(time(summary.p99));
    m_figures[Longest]->setText(time(summary.longest));
    m_figures[Errors]->setText((summary.errors > 0 ? u"✕ "_s : QString()) + groupedNumber(quint64(summary.errors)));
    m_figures[Pace]->setText(groupedNumber(quint64(summary.callsPerSecond() + 0.5)));
    const std::optional<Failure> &failure = outcome.failure ? outcome.failure : summary.firstFailure;
    m_hasErrors = failure.has_value();
    m_problem->setText(failure ? u"✕ %1"_s.arg(QString::fromStdString(failure->text())) : QString());
    m_problem->setVisible(m_hasErrors);
    styleProblem();
}

QString SeriesView::text() const
{
    QStringList lines = {m_title->text()};
    for (std::size_t figure = 0; figure < FigureCount; ++figure)
        lines += QString::fromUtf16(captions[figure]) + u' ' + m_figures[figure]->text();
    lines += m_problem->text();
    return lines.join(u'\n');
}

void SeriesView::styleProblem()
{
    QPalette colours = palette();
    if (m_hasErrors)
        colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_problem->setPalette(colours);
    m_figures[Errors]->setPalette(colours);
}

void SeriesView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_figures[Errors])
        styleProblem();
}

} // namespace decoy::ui
