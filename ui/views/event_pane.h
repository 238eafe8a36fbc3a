// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QListWidget;
class QPushButton;

namespace decoy {
struct EventDescription;
}

namespace decoy::ui {

class CallRunner;
class EventListener;

/// The events of one object, and what it has told since the person subscribed. Hidden if it has none.
class EventPane : public QWidget {
    Q_OBJECT

public:
    explicit EventPane(CallRunner &calls, QWidget *parent = nullptr);

    /// Another object: what was subscribed to before ends. `name` is a published object's, else empty.
    void setObject(const ObjectRef &object, const std::string &name, const std::vector<EventDescription> &events);
    void clear() { setObject({}, {}, {}); }

    [[nodiscard]] QPushButton *subscribeButton() const noexcept { return m_subscribe; }
    /// The signatures of the events.
    [[nodiscard]] QListWidget *events() const noexcept { return m_events; }
    /// What was heard, the newest last.
    [[nodiscard]] QListWidget *heard() const noexcept { return m_heard; }

Q_SIGNALS:
    /// Why it does not listen any more, where the person has not ended it.
    void failed(const QString &problem);

private:
    void makeLists();
    void toggle(bool wanted);
    void showHeard();
    void showListening(bool isListening, const QString &reason);

    EventListener *const m_listener;
    ObjectRef m_object;
    std::string m_name;
    std::vector<std::string> m_names;
    quint64 m_shown = 0; ///< of those that were heard
    QLabel *m_count = nullptr;
    QPushButton *m_subscribe = nullptr;
    QListWidget *m_events = nullptr;
    QListWidget *m_heard = nullptr;
};

} // namespace decoy::ui
