// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <chrono>
#include <memory>

class QBoxLayout;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace decoy::ui {

struct SeriesProgress;

/// Below the arguments of a call: how long to wait, how often to call, Send and Cancel, and meanwhile how long it takes.
class CallBar : public QWidget {
    Q_OBJECT

public:
    explicit CallBar(QWidget *parent = nullptr);

    [[nodiscard]] std::chrono::milliseconds timeout() const;
    [[nodiscard]] int repetitions() const;
    void setTimeout(std::chrono::milliseconds timeout);
    void setRepetitions(int repetitions);

    /// Two lines, one below the other, instead of one.
    void setNarrow(bool isNarrow);

    /// Counts the time from now; `progress` is null for a single call.
    void showRunning(std::shared_ptr<const SeriesProgress> progress);
    void showIdle(bool canSend);
    /// Since showRunning().
    [[nodiscard]] std::chrono::nanoseconds elapsed() const;

    [[nodiscard]] QDoubleSpinBox *timeoutInput() const noexcept { return m_timeout; }
    [[nodiscard]] QSpinBox *repetitionInput() const noexcept { return m_repetitions; }
    [[nodiscard]] QPushButton *sendButton() const noexcept { return m_send; }
    [[nodiscard]] QPushButton *cancelButton() const noexcept { return m_cancel; }

Q_SIGNALS:
    void sendRequested();
    void cancelRequested();

private:
    void makeInputs();
    void makeButtons();
    void showElapsed();

    QBoxLayout *m_lines = nullptr;
    QLabel *m_repeatCaption = nullptr;
    QDoubleSpinBox *m_timeout = nullptr;
    QSpinBox *m_repetitions = nullptr;
    QLabel *m_elapsed = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_send = nullptr;
    QElapsedTimer m_since;
    QTimer m_ticking;
    std::shared_ptr<const SeriesProgress> m_progress;
};

} // namespace decoy::ui
