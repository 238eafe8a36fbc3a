// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/banner.h"

#include <QList>

namespace decoy::ui {

class FrameNames;
class TrafficHold;

/// Says above all views that requests are held: which, how many wait, and who. Hidden while nothing is held.
class HoldBanner : public Banner {
    Q_OBJECT

public:
    /// All of them must outlive this. The actions become its buttons.
    HoldBanner(const TrafficHold &hold, const FrameNames &names, const QList<QAction *> &actions,
               QWidget *parent = nullptr);

protected:
    void refresh() override;

private:
    [[nodiscard]] QString what() const;
    [[nodiscard]] QString which() const;
    [[nodiscard]] QString whoWaits() const;

    const TrafficHold &m_hold;
    const FrameNames &m_names;
};

} // namespace decoy::ui
