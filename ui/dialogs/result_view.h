// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace decoy::ui {

class ValueTreeModel;

/// What a call came to: its value as a tree or as JSON, or its error, and how long it took.
class ResultView : public QWidget {
    Q_OBJECT

public:
    /// JSON beyond this many characters is not shown, only saved: a huge result must not stop the window.
    static constexpr qsizetype longestJson = 256 * 1024;

    explicit ResultView(QWidget *parent = nullptr);

    void clear();
    /// `call` names it: "counter.add".
    void showOutcome(const QString &call, const CallOutcome &outcome);
    /// A line without a result: waiting, cancelled.
    void showMessage(const QString &text);

    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString jsonText() const;
    [[nodiscard]] QPushButton *openButton() const noexcept { return m_open; }

Q_SIGNALS:
    /// The person wants to keep the proxy that the call returned.
    void openRequested(const decoy::Value &value);

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeStatusLine();
    void showValue(const Value &value);
    void showFailure(const QString &call, const Failure &failure, std::chrono::nanoseconds duration);
    void showStatus(const QString &text, bool failed);
    void save();

    QLabel *m_status = nullptr;
    QPushButton *m_open = nullptr;
    QToolButton *m_asJson = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
    QStackedWidget *m_pages = nullptr;
    QTreeView *m_tree = nullptr;
    QPlainTextEdit *m_text = nullptr;
    ValueTreeModel *m_model = nullptr;
    QString m_json; ///< whole, whatever is shown of it
    Value m_value;
    bool m_failed = false;
};

} // namespace decoy::ui
