// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/traffic_rates.h"

#include <QTimer>
#include <QWidget>

class QLabel;

namespace decoy::ui {

class Session;
class TrafficView;

/// How busy the traffic is and what became of it: frames/s, calls/s, captured, shown, dropped, waiting. Of fixed width and
/// at most four changes a second, so that nothing beside them moves and every number can be read.
class TrafficChips : public QWidget {
    Q_OBJECT

public:
    TrafficChips(Session &session, const TrafficView &view, QWidget *parent = nullptr);

    [[nodiscard]] QString text(int chip) const;

Q_SIGNALS:
    /// From now on the oldest frames are given up; `why` says what bounds them. Once for each time the store was cleared.
    void framesGivenUp(const QString &why);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Chip {
        QWidget *column = nullptr;
        QLabel *value = nullptr;
        QLabel *caption = nullptr;
    };
    enum Which : quint8 { FrameRate, CallRate, Captured, Displayed, Dropped, Lag, ChipCount };

    Chip addChip(const QString &caption, const QString &widest, const QString &meaning);
    void showNumbers();
    void showStorage();
    void setNumber(Which which, const QString &text);

    Session &m_session;
    const TrafficView &m_view;
    TrafficRates m_rates;
    QTimer m_timer;
    Chip m_chips[ChipCount];
    bool m_saidGivenUp = false;
};

} // namespace decoy::ui
