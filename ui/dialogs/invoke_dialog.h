// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"
#include "session/call_runner.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace decoy::ui {

class ArgumentForm;
class CallBar;
class CopyCallMenu;
class HexView;
class ResultView;
class SavedCallList;
class SeriesView;
class Session;
struct FrameRequest;

/// Calls any method of any object that the monitor can reach. Not modal: the traffic of the call is seen behind it.
class InvokeDialog : public QDialog {
    Q_OBJECT

public:
    explicit InvokeDialog(Session &session, QWidget *parent = nullptr);

    /// Shows an object, and one of its methods once it has said which it has; the first one if `method` is empty.
    void setObject(const ObjectRef &object, const QString &method = {});
    /// Fills in a remembered call, as far as its object and its method are still there.
    void load(const CallRecord &call);

    [[nodiscard]] QComboBox *objects() const noexcept { return m_objects; }
    [[nodiscard]] QListWidget *methods() const noexcept { return m_methods; }
    [[nodiscard]] ArgumentForm *form() const noexcept { return m_form; }
    [[nodiscard]] CallBar *callBar() const noexcept { return m_bar; }
    [[nodiscard]] QDoubleSpinBox *timeout() const noexcept;
    [[nodiscard]] QPushButton *sendButton() const noexcept;
    [[nodiscard]] QPushButton *cancelButton() const noexcept;
    [[nodiscard]] CopyCallMenu *copyMenu() const noexcept { return m_copy; }
    [[nodiscard]] SavedCallList *savedCalls() const noexcept { return m_saved; }
    [[nodiscard]] SeriesView *series() const noexcept { return m_series; }
    [[nodiscard]] ResultView *result() const noexcept { return m_result; }
    [[nodiscard]] QByteArray encodedRequest() const;

public Q_SLOTS:
    void send();
    /// Stops waiting. Says truthfully that the method may go on.
    void cancel();

Q_SIGNALS:
    /// The person wants to see the frames of a call; this is its request.
    void frameRequested(decoy::ui::Row row);

protected:
    /// Esc stops waiting, and closes the dialog only if nothing is waited for.
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeChooser();
    QWidget *makeCallPane();
    QWidget *makeRequestPane();
    void listObjects();
    void describe();
    void showMethods(const DescribeOutcome &outcome);
    void showMethod();
    void showRequest();
    void showLoaded();
    void linkCalls();
    void finish(quint64 number, const CallOutcome &outcome);
    void finishSeries(quint64 number, const SeriesOutcome &outcome);
    void follow(quint64 number);
    void showCancelled();
    void showFrames();
    void saveCall();
    void open(const Value &value);
    void showState();
    [[nodiscard]] QWidget *makeRequestTools();
    [[nodiscard]] FrameRequest wholeRequest();
    [[nodiscard]] QString title() const;
    [[nodiscard]] ObjectRef object() const;
    [[nodiscard]] const MethodDescription *method() const;
    [[nodiscard]] CallRequest request(bool showProblems, QWidget **firstBad);

    Session &m_session;
    Description m_description;
    QString m_wantedMethod;
    quint64 m_describing = 0;
    quint64 m_running = 0; ///< the call that Cancel is about; 0 if none
    quint64 m_shown = 0;   ///< the call whose result, or whatever became of it, is shown; always the newest
    bool m_isCancelled = false;
    CallRequest m_sent;                  ///< its object and name are those that are shown
    QString m_call;                      ///< "counter.add": the call that runs or ran last
    QString m_waited;                    ///< how long, until it was cancelled
    std::optional<CallRecord> m_loading; ///< its arguments wait until the object has said what it can do

    QComboBox *m_objects = nullptr;
    QListWidget *m_methods = nullptr;
    QLabel *m_signature = nullptr;
    QLabel *m_doc = nullptr;
    ArgumentForm *m_form = nullptr;
    QCheckBox *m_raw = nullptr;
    QLabel *m_requestTitle = nullptr;
    HexView *m_hex = nullptr;
    CopyCallMenu *m_copy = nullptr;
    SavedCallList *m_saved = nullptr;
    CallBar *m_bar = nullptr;
    QStackedWidget *m_results = nullptr;
    ResultView *m_result = nullptr;
    SeriesView *m_series = nullptr;
};

} // namespace decoy::ui
