// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QApplication;

namespace decoy::ui {

/// The size of all text, in steps that the person chooses and that last until the next start.
class TextZoom : public QObject {
    Q_OBJECT

public:
    static constexpr int smallest = -3;
    static constexpr int largest = 8;

    /// Applies what was chosen last time. The application's usual font must be set already.
    explicit TextZoom(QApplication &application, QObject *parent = nullptr);

    /// Points more (or less, if negative) than usual.
    [[nodiscard]] int steps() const noexcept { return m_steps; }
    void setSteps(int steps);
    void grow() { setSteps(m_steps + 1); }
    void shrink() { setSteps(m_steps - 1); }
    void reset() { setSteps(0); }

Q_SIGNALS:
    void changed(int steps);

private:
    void apply(int from, int to);

    const qreal m_usualSize;
    int m_steps = 0;
};

} // namespace decoy::ui
