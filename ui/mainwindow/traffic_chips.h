// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/traffic_rates.h"

#include <QTimer>
#include <QWidget>

class QLabel;

namespace decoy::ui {

class Session;
class TrafficView;

/// How busy the traffic is and what became of it: frames/s, calls/s, captured, shown, dropped, waiting, not recorded. Each of
/// fixed width and at most four changes a second, so that nothing moves and every number can be read. Where there is little
/// room, the less important ones go first.
class TrafficChips : public QWidget {
    Q_OBJECT

public:
    TrafficChips(Session &session, const TrafficView &view, QWidget *parent = nullptr);

    enum Which : quint8 { FrameRate, CallRate, Captured, Displayed, Dropped, Lag, Skipped, ChipCount };
    [[nodiscard]] QString text(Which chip) const;
    [[nodiscard]] bool isShown(Which chip) const;

    /// The width at which every number is shown.
    [[nodiscard]] int roomForAll() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// From now on the oldest frames are given up; `why` says what bounds them. Once for each time the store was cleared.
    void framesGivenUp(const QString &why);
    /// Frames came that were not recorded, or their number was cleared.
    void skippedChanged();
    /// roomForAll() is another one now.
    void roomChanged();

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Chip {
        QWidget *column = nullptr;
        QLabel *value = nullptr;
        QLabel *caption = nullptr;
        QString widest = {};
    };
    Chip addChip(const QString &caption, const QString &widest, const QString &meaning);
    void showNumbers();
    void showStorage();
    void showSkipped(std::uint64_t skipped);
    void fit();
    void measure();
    void setNumber(Which which, const QString &text);

    Session &m_session;
    const TrafficView &m_view;
    TrafficRates m_rates;
    QTimer m_timer;
    Chip m_chips[ChipCount];
    bool m_saidGivenUp = false;
    bool m_hasSkipped = false; ///< whether the number of those that are not recorded is wanted
    std::uint64_t m_skipped = 0;
};

} // namespace decoy::ui
