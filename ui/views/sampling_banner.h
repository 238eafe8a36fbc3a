// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/traffic_collector.h"
#include "views/banner.h"

#include <QTimer>

namespace decoy::ui {

/// Says above all views that only a part of the traffic is recorded, and how large it is. Hidden while everything is.
class SamplingBanner : public Banner {
    Q_OBJECT

public:
    /// The collector must outlive this.
    explicit SamplingBanner(const TrafficCollector &collector, QWidget *parent = nullptr);

protected:
    void refresh() override;

private:
    void follow();
    void measure();

    const TrafficCollector &m_collector;
    QTimer m_timer; ///< while it is shown
    CaptureCounts m_before;
    double m_emittedPerSecond = 0;
    double m_share = 0; ///< of what was emitted
};

} // namespace decoy::ui
