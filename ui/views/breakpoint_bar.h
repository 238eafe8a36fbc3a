// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QSpinBox;

namespace decoy::ui {

class ElidedLabel;
class FilterEdit;
class FrameNames;
class FrameStore;
class TrafficHold;

/// Where a breakpoint is typed, in the language of the filter, and how long a request waits at most.
class BreakpointBar : public QWidget {
    Q_OBJECT

public:
    /// All must outlive this.
    BreakpointBar(TrafficHold &hold, const FrameNames &names, const FrameStore &frames, QWidget *parent = nullptr);

    [[nodiscard]] FilterEdit *edit() const noexcept { return m_edit; }
    [[nodiscard]] QSpinBox *timeout() const noexcept { return m_timeout; }
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString typed() const;

    /// Makes the typed text the breakpoint. False if it cannot be one; then the cursor is there, and beside it what is wrong.
    bool apply();
    /// As if the person had typed it and pressed Enter.
    bool setBreakpoint(const QString &text);

protected:
    void changeEvent(QEvent *event) override;

private:
    void takeSettings();
    void showState();

    TrafficHold &m_hold;
    FilterEdit *m_edit;
    QLabel *m_sign;
    ElidedLabel *m_status;
    QSpinBox *m_timeout;
};

} // namespace decoy::ui
