// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lane_costs.h"

#include <QWidget>

namespace decoy::ui {

/// What was measured of both lanes, as bars with numbers: a call's time, and the processor time of silence.
class CostBars : public QWidget {
    Q_OBJECT

public:
    explicit CostBars(QWidget *parent = nullptr);

    void showCosts(const LaneCosts &costs);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int paintGroup(QPainter &painter, int top, const QString &title, const QString &note,
                   std::chrono::nanoseconds waking, std::chrono::nanoseconds polling, const QString &wakingText,
                   const QString &pollingText) const;

    LaneCosts m_costs;
};

} // namespace decoy::ui
