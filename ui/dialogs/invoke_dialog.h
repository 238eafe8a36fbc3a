// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace decoy::ui {

class ArgumentForm;
class HexView;
class ResultView;
class Session;

/// Calls any method of any object that the monitor can reach. Not modal: the traffic of the call is seen behind it.
class InvokeDialog : public QDialog {
    Q_OBJECT

public:
    explicit InvokeDialog(Session &session, QWidget *parent = nullptr);

    /// Shows an object, and one of its methods once it has said which it has; the first one if `method` is empty.
    void setObject(const ObjectRef &object, const QString &method = {});

    [[nodiscard]] QComboBox *objects() const noexcept { return m_objects; }
    [[nodiscard]] QListWidget *methods() const noexcept { return m_methods; }
    [[nodiscard]] ArgumentForm *form() const noexcept { return m_form; }
    [[nodiscard]] QDoubleSpinBox *timeout() const noexcept { return m_timeout; }
    [[nodiscard]] QPushButton *sendButton() const noexcept { return m_send; }
    [[nodiscard]] QPushButton *cancelButton() const noexcept { return m_cancel; }
    [[nodiscard]] ResultView *result() const noexcept { return m_result; }
    [[nodiscard]] QByteArray encodedRequest() const;

public Q_SLOTS:
    void send();
    /// Stops waiting. Says truthfully that the method may go on.
    void cancel();

private:
    QWidget *makeChooser();
    QWidget *makeCallPane();
    QWidget *makeRequestPane();
    void listObjects();
    void describe();
    void showMethods(const DescribeOutcome &outcome);
    void showMethod();
    void showRequest();
    void showElapsed();
    void finish(const CallOutcome &outcome);
    void open(const Value &value);
    void setRunning(quint64 call);
    [[nodiscard]] ObjectRef object() const;
    [[nodiscard]] const MethodDescription *method() const;
    [[nodiscard]] CallRequest request(bool showProblems, QWidget **firstBad);

    Session &m_session;
    Description m_description;
    QString m_wantedMethod;
    quint64 m_describing = 0;
    quint64 m_running = 0; ///< the call that Cancel is about; 0 if none
    CallRequest m_sent;    ///< its object and name are those that are shown
    QString m_call;        ///< "counter.add": the call that runs or ran last
    QElapsedTimer m_since;
    QTimer m_ticking;

    QComboBox *m_objects = nullptr;
    QListWidget *m_methods = nullptr;
    QLabel *m_signature = nullptr;
    QLabel *m_doc = nullptr;
    ArgumentForm *m_form = nullptr;
    QCheckBox *m_raw = nullptr;
    QDoubleSpinBox *m_timeout = nullptr;
    QLabel *m_requestTitle = nullptr;
    HexView *m_hex = nullptr;
    QPushButton *m_send = nullptr;
    QPushButton *m_cancel = nullptr;
    QLabel *m_elapsed = nullptr;
    ResultView *m_result = nullptr;
};

} // namespace decoy::ui
