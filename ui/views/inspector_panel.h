// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QListWidget;
class QPushButton;
class QTableView;
class QToolButton;

namespace decoy {
struct Description;
struct Failure;
class Value;
} // namespace decoy

namespace decoy::ui {

class AttributeChanges;
class AttributeModel;
class AttributePoller;
class ElidedLabel;
class EmptyState;
class EventPane;
class Session;
struct CallOutcome;

/// The selected object: what it is, its attributes with their live values, edited in place, its methods, and its events.
class InspectorPanel : public QWidget {
    Q_OBJECT

public:
    explicit InspectorPanel(Session &session, QWidget *parent = nullptr);

    [[nodiscard]] QTableView *attributes() const noexcept { return m_attributes; }
    [[nodiscard]] QListWidget *methods() const noexcept { return m_methods; }
    [[nodiscard]] EventPane *events() const noexcept { return m_events; }
    /// Whether another tab of the dock lies over the panel: then nothing is asked for that nobody sees.
    void setCovered(bool isCovered);
    /// Brings an attribute of the selected object into view, as soon as the object has said that it has it.
    void showAttribute(const QString &name);
    [[nodiscard]] bool isLive() const;
    void setLive(bool live);
    /// Sets back what was set here last.
    [[nodiscard]] QAction *undoAction() const noexcept { return m_undo; }

Q_SIGNALS:
    /// Something that the person should know and that has no place here.
    void announced(const QString &text);
    /// `method` is empty if the person did not say which.
    void invokeRequested(const decoy::ui::ObjectRef &object, const QString &method);
    /// The person wants to see what waits.
    void heldRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHeader();
    QWidget *makeAttributes();
    QWidget *makeMethods();
    void linkPoller();
    void linkChanges();
    void offerUndo();
    void inspect(const ObjectRef &object);
    void follow();
    void showFacts();
    void showServerFacts();
    void showHeld();
    void showDescription(const Description &description);
    void showProblem(const QString &problem);
    void updatePolling();

    Session &m_session;
    AttributePoller *m_poller;
    AttributeModel *m_model;
    AttributeChanges *m_changes;
    QAction *m_undo = nullptr;
    EmptyState *m_empty = nullptr;
    QWidget *m_content = nullptr;
    QWidget *m_members = nullptr;
    ElidedLabel *m_title = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_doc = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_invoke = nullptr;
    QPushButton *m_release = nullptr;
    QPushButton *m_held = nullptr;
    QToolButton *m_refresh = nullptr;
    QCheckBox *m_live = nullptr;
    QTableView *m_attributes = nullptr;
    QListWidget *m_methods = nullptr;
    EventPane *m_events = nullptr;
    QString m_wantedAttribute;
    bool m_reachable = false;
    bool m_isCovered = false;
};

} // namespace decoy::ui
