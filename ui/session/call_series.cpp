// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_series.h"

#include "theme/fonts.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

double SeriesSummary::callsPerSecond() const noexcept
{
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return seconds > 0 ? made / seconds : 0;
}

QString SeriesSummary::line() const
{
    const QString calls = made < wanted
        ? u"%1 of %2 calls"_s.arg(groupedNumber(quint64(made)), groupedNumber(quint64(wanted)))
        : u"%1 calls"_s.arg(groupedNumber(quint64(made)));
    const QString failed = errors == 1 ? u"1 error"_s : u"%1 errors"_s.arg(groupedNumber(quint64(errors)));
    QString text = u"%1, %2"_s.arg(calls, failed);
    if (succeeded() > 0)
        text += u", p50 %1, p99 %2"_s.arg(durationText(p50.count()), durationText(p99.count()));
    return text;
}

SeriesTimes::SeriesTimes(int wanted)
{
    m_summary.wanted = wanted;
    m_durations.reserve(static_cast<std::size_t>(wanted));
}

void SeriesTimes::addFailure(const Failure &failure)
{
    ++m_summary.errors;
    if (!m_summary.firstFailure)
        m_summary.firstFailure = failure;
}

std::chrono::nanoseconds SeriesTimes::percentile(double share) const
{
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(m_durations.size())));
    return m_durations.at(std::max<std::size_t>(rank, 1) - 1);
}

SeriesSummary SeriesTimes::summary(std::chrono::nanoseconds elapsed)
{
    m_summary.made = made();
    m_summary.elapsed = elapsed;
    std::ranges::sort(m_durations);
    if (!m_durations.empty()) {
        m_summary.p50 = percentile(0.50);
        m_summary.p90 = percentile(0.90);
        m_summary.p99 = percentile(0.99);
        m_summary.longest = m_durations.back();
    }
    return m_summary;
}

} // namespace decoy::ui
