// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/selection.h"

namespace decoy::ui {

void Selection::selectObject(const ObjectRef &object)
{
    if (object == m_object)
        return;
    m_object = object;
    Q_EMIT objectSelected(m_object);
}

void Selection::selectMethod(const ObjectRef &object, const QString &method)
{
    selectObject(object);
    Q_EMIT methodSelected(object, method);
}

void Selection::selectFrame(Row row)
{
    if (row == m_frame)
        return;
    m_frame = row;
    Q_EMIT frameSelected(m_frame);
}

} // namespace decoy::ui
