// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialogs/argument_drafts.h"
#include "session/call_record.h"
#include "session/call_runner.h"

#include <QWidget>

#include <optional>
#include <string>
#include <utility>
#include <vector>

class QAction;
class QBoxLayout;
class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

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

/// Calls any method of any object that the monitor can reach. It is in a dock of the main window, and in the Invoke dialog; its parts
/// stand side by side or, where it is narrow, one below the other.
class InvokePanel : public QWidget {
    Q_OBJECT

public:
    explicit InvokePanel(Session &session, QWidget *parent = nullptr);

    /// Shows an object, and one of its methods once it has said which it has; the first one if `method` is empty.
    void setObject(const ObjectRef &object, const QString &method = {});
    /// From now on shows the object that is selected, whenever it can be called and the panel is seen.
    void followSelection();
    /// Whether another tab of the dock lies over the panel: then nothing is asked for that nobody sees.
    void setCovered(bool isCovered);
    /// Whether a person can see it.
    [[nodiscard]] bool isInView() const { return isVisible() && !m_isCovered; }
    /// Offers one more command beside "Copy as" and "Save call".
    void addTool(QAction *action);
    /// Puts the cursor where the first argument is typed, or onto Send if there is none; as soon as the object has said which.
    void focusForm();
    /// Fills in a remembered call, as far as its object and its method are still there.
    void load(const CallRecord &call);

    /// The object that is shown; null if there is none.
    [[nodiscard]] ObjectRef object() const;
    [[nodiscard]] bool isNarrow() const noexcept { return m_isNarrow; }
    [[nodiscard]] QComboBox *objects() const noexcept { return m_objects; }
    [[nodiscard]] QListWidget *methods() const noexcept { return m_methods; }
    /// Takes the name of any method, also of one that the object does not list.
    [[nodiscard]] QLineEdit *methodName() const noexcept { return m_methodName; }
    /// The list and the name in one, where there is no room for both.
    [[nodiscard]] QComboBox *methodChoice() const noexcept { return m_methodChoice; }
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

    [[nodiscard]] QSize minimumSizeHint() const override;

public Q_SLOTS:
    void send();
    /// Stops waiting. Says truthfully that the method may go on.
    void cancel();

Q_SIGNALS:
    /// The person wants to see the frames of a call; this is its request.
    void frameRequested(decoy::ui::Row row);
    /// "Invoke – counter"
    void titleChanged(const QString &title);

protected:
    bool event(QEvent *event) override;
    /// Ctrl+Enter sends. Esc stops waiting; if nothing is waited for, it is for whoever holds the panel.
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void makeLayout();
    void setNarrow(bool isNarrow);
    QWidget *makeChooser();
    QWidget *makeCallPane();
    QWidget *makeRequestPane();
    void listObjects();
    void fillObjects(const ObjectRef &always);
    void showSelected();
    void chooseMethod(const QString &method);
    void chooseRow(int row);
    void chooseTyped();
    void chooseUnlisted(const QString &name);
    void acceptNames(QLineEdit *edit);
    void describe();
    void showMethods(const DescribeOutcome &outcome);
    void showMethod();
    void showMethodName();
    void resetForm();
    void keepDraft();
    [[nodiscard]] QString signatureText() const;
    [[nodiscard]] QString unlistedText() const;
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
    [[nodiscard]] bool canCall(const ObjectRef &object) const;
    /// What can be called, as far as it is listed; `always` in any case.
    [[nodiscard]] std::vector<ObjectRef> callableObjects(const ObjectRef &always) const;
    [[nodiscard]] int indexOf(const ObjectRef &wanted) const;
    [[nodiscard]] const MethodDescription *method() const;
    [[nodiscard]] CallRequest request(bool showProblems, QWidget **firstBad);

    Session &m_session;
    Description m_description;
    std::optional<MethodDescription>
        m_unlisted; ///< the method that is shown, if its name was typed and is not in m_description
    ArgumentDrafts m_drafts;
    std::optional<std::pair<std::string, std::string>> m_formOf; ///< type and method that the form is about
    QString m_wantedMethod;
    quint64 m_describing = 0;
    quint64 m_running = 0; ///< the call that Cancel is about; 0 if none
    quint64 m_shown = 0;   ///< the call whose result, or whatever became of it, is shown; always the newest
    bool m_isCancelled = false;
    bool m_follows = false;    ///< the selection
    bool m_wantsFocus = false; ///< as soon as there is something to type
    bool m_isCovered = false;
    bool m_isNarrow = false;
    CallRequest m_sent;                  ///< its object and name are those that are shown
    QString m_call;                      ///< "counter.add": the call that runs or ran last
    QString m_waited;                    ///< how long, until it was cancelled
    std::optional<CallRecord> m_loading; ///< its arguments wait until the object has said what it can do

    QSplitter *m_parts = nullptr;
    QWidget *m_chooser = nullptr;
    QComboBox *m_objects = nullptr;
    QLabel *m_methodCaption = nullptr;
    QListWidget *m_methods = nullptr;
    QLineEdit *m_methodName = nullptr;
    QComboBox *m_methodChoice = nullptr;
    QLabel *m_leftOut = nullptr;
    QWidget *m_callPane = nullptr;
    QLabel *m_signature = nullptr;
    QLabel *m_doc = nullptr;
    ArgumentForm *m_form = nullptr;
    QCheckBox *m_raw = nullptr;
    QBoxLayout *m_toolLines = nullptr;
    std::vector<QToolButton *> m_tools;
    QToolButton *m_showSaved = nullptr;
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
