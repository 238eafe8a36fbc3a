// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <cstdint>

class QLabel;

namespace decoy {
struct HeldRequest;
}

namespace decoy::ui {

class ElidedLabel;
class FrameNames;
class TrafficHold;

/// The head of a dialog about a request that waits: whose it is, what it asks for, and when it goes on by itself.
///
/// While it is there the request has more time than usual: somebody is at it.
class HeldRequestInfo : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive this.
    HeldRequestInfo(TrafficHold &hold, const FrameNames &names, const HeldRequest &request, QWidget *parent = nullptr);
    ~HeldRequestInfo() override;

    [[nodiscard]] bool isWaiting() const noexcept { return m_isWaiting; }

Q_SIGNALS:
    /// It waits no longer: it has gone on, was answered, or its client is gone.
    void ended();

private:
    void refresh();

    TrafficHold &m_hold;
    const std::uint64_t m_id;
    bool m_isWaiting = true;
    ElidedLabel *m_call;
    QLabel *m_time;
    QTimer m_counting;
};

} // namespace decoy::ui
