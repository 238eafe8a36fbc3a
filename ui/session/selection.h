// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <QMetaType>
#include <QObject>
#include <QString>

namespace decoy::ui {

/// Names one object of one server. An id of 0 with a server name stands for the server itself.
struct ObjectRef {
    QString server;
    quint64 id = 0;

    [[nodiscard]] bool isNull() const noexcept { return server.isEmpty(); }
    [[nodiscard]] bool isServer() const noexcept { return !server.isEmpty() && id == 0; }
    friend bool operator==(const ObjectRef &, const ObjectRef &) = default;
};

/// The one selection that every view shows and changes, so that a click anywhere moves all of them.
///
/// Setting what is already selected is silent, which is what keeps two views that follow each other from looping.
class Selection : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] const ObjectRef &object() const noexcept { return m_object; }
    /// noRow for none.
    [[nodiscard]] Row frame() const noexcept { return m_frame; }

    void selectObject(const ObjectRef &object);
    /// Also selects the object. Nothing stays selected of it: the next object has other methods.
    void selectMethod(const ObjectRef &object, const QString &method);
    void selectFrame(Row row);

Q_SIGNALS:
    void objectSelected(const decoy::ui::ObjectRef &object);
    void methodSelected(const decoy::ui::ObjectRef &object, const QString &method);
    void frameSelected(decoy::ui::Row row);

private:
    ObjectRef m_object;
    Row m_frame = noRow;
};

} // namespace decoy::ui

Q_DECLARE_METATYPE(decoy::ui::ObjectRef)
