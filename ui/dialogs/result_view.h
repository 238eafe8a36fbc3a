// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QWidget>

class QBoxLayout;
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
    /// JSON beyond this many bytes is not shown, only saved: a huge result must not stop the window.
    static constexpr qsizetype longestJson = 256 * 1024;

    explicit ResultView(QWidget *parent = nullptr);

    void clear();
    /// `call` names it: "counter.add".
    void showOutcome(const QString &call, const CallOutcome &outcome);
    /// A line without a result: waiting, cancelled.
    void showMessage(const QString &text);

    /// The tools below the status instead of beside it, and the result without its types.
    void setNarrow(bool isNarrow);

    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString jsonText() const;
    /// One more line below the status, in place of the one that was added before: what became of a call after its end.
    void addToStatus(const QString &text);
    /// Offers to show the frames of the call that is shown.
    void setHasFrames(bool hasFrames);
    /// What the text page shows, cut where it is too long.
    [[nodiscard]] QString shownText() const;
    /// Writes the whole result as JSON. What went wrong, for the person; empty if all is well.
    QString saveTo(const QString &path) const;

    [[nodiscard]] QPushButton *openButton() const noexcept { return m_open; }
    [[nodiscard]] QPushButton *framesButton() const noexcept { return m_frames; }

Q_SIGNALS:
    /// The person wants to keep the proxy that the call returned.
    void openRequested(const decoy::Value &value);
    /// The person wants to see the frames that the call made.
    void framesRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeStatusLine();
    void showValue(const Value &value, const QByteArray &json);
    void showFailure(const QString &call, const Failure &failure, std::chrono::nanoseconds duration);
    void showStatus(const QString &text, bool failed);
    void styleStatus();
    void save();

    QBoxLayout *m_statusLines = nullptr;
    QLabel *m_status = nullptr;
    QPushButton *m_open = nullptr;
    QPushButton *m_frames = nullptr;
    QToolButton *m_asJson = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
    QStackedWidget *m_pages = nullptr;
    QTreeView *m_tree = nullptr;
    QPlainTextEdit *m_text = nullptr;
    ValueTreeModel *m_model = nullptr;
    QByteArray m_json; ///< whole, whatever is shown of it
    Value m_value;
    QString m_statusText; ///< without what was added
    bool m_failed = false;
};

} // namespace decoy::ui
