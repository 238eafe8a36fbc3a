// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/sampling_banner.h"

#include "theme/fonts.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Shorter, and the numbers would tell of single runs of taken calls instead of the traffic.
constexpr int measureMs = 1000;

QString shareText(double share)
{
    const double percent = 100 * share;
    return percent < 1 ? u"less than 1 %"_s : u"%1 %"_s.arg(percent, 0, 'f', 0);
}

} // namespace

SamplingBanner::SamplingBanner(const TrafficCollector &collector, QWidget *parent)
    : Banner(parent), m_collector(collector), m_timer(this)
{
    setAccessibleName(u"A part of the traffic is recorded"_s);
    setTextName(u"How much is recorded"_s);
    setToolTip(
        u"The frames come faster than they can be kept. So that the server keeps its speed, only whole conversations are "
        "recorded, as many as fit; the others count as dropped."_s);
    m_timer.setInterval(measureMs);
    connect(&m_timer, &QTimer::timeout, this, &SamplingBanner::measure);
    connect(&m_collector, &TrafficCollector::samplingChanged, this, &SamplingBanner::follow);
    follow();
}

void SamplingBanner::follow()
{
    const bool isSampling = m_collector.isSampling();
    setVisible(isSampling);
    if (!isSampling)
        return m_timer.stop();
    m_before = m_collector.counts();
    m_emittedPerSecond = 0;
    m_timer.start();
    refresh();
}

void SamplingBanner::measure()
{
    const CaptureCounts counts = m_collector.counts();
    if (counts.emitted < m_before.emitted) // cleared
        m_before = {};
    const auto emitted = static_cast<double>(counts.emitted - m_before.emitted);
    const auto dropped = static_cast<double>(counts.dropped - m_before.dropped);
    m_emittedPerSecond = emitted * 1000 / measureMs;
    m_share = emitted > dropped ? 1 - dropped / emitted : 0;
    m_before = counts;
    refresh();
}

void SamplingBanner::refresh()
{
    say("record-partial"_L1, u"Sampling"_s,
        m_emittedPerSecond == 0 ? u"a part of the frames is recorded, in whole conversations"_s
                                : u"%1 of %2 frames/s are recorded, in whole conversations"_s.arg(
                                    shareText(m_share), groupedNumber(static_cast<quint64>(m_emittedPerSecond))));
}

} // namespace decoy::ui
