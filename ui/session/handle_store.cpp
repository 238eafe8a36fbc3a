// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/handle_store.h"

#include <algorithm>

namespace decoy::ui {

void HandleStore::keep(Handle handle)
{
    const auto same = std::ranges::find(m_handles, handle.object, &Handle::object);
    if (same != m_handles.end())
        *same = std::move(handle);
    else
        m_handles.push_back(std::move(handle));
    Q_EMIT changed();
}

void HandleStore::release(const ObjectRef &object)
{
    if (std::erase_if(m_handles, [&object](const Handle &handle) { return handle.object == object; }) > 0)
        Q_EMIT changed();
}

void HandleStore::releaseAll(const QString &server)
{
    if (std::erase_if(m_handles, [&server](const Handle &handle) { return handle.object.server == server; }) > 0)
        Q_EMIT changed();
}

const Handle *HandleStore::find(const ObjectRef &object) const noexcept
{
    const auto found = std::ranges::find(m_handles, object, &Handle::object);
    return found == m_handles.end() ? nullptr : &*found;
}

} // namespace decoy::ui
