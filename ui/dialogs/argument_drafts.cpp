// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/argument_drafts.h"

#include <algorithm>

namespace decoy::ui {

qsizetype ArgumentDraft::size() const
{
    qsizetype characters = json ? json->size() : 0;
    for (const Field &field : fields)
        characters += field.text.size();
    return characters;
}

std::deque<ArgumentDrafts::Kept>::const_iterator ArgumentDrafts::place(const std::string &type,
                                                                       const std::string &method) const
{
    return std::ranges::find_if(m_drafts, [&](const Kept &kept) { return kept.type == type && kept.method == method; });
}

void ArgumentDrafts::keep(const std::string &type, const std::string &method, ArgumentDraft draft)
{
    if (const auto old = place(type, method); old != m_drafts.end()) {
        m_characters -= old->draft.size();
        m_drafts.erase(old);
    }
    if (draft.isEmpty())
        return;
    m_characters += draft.size();
    m_drafts.push_back({type, method, std::move(draft)});
    while (m_drafts.size() > most || (m_characters > mostCharacters && m_drafts.size() > 1)) {
        m_characters -= m_drafts.front().draft.size();
        m_drafts.pop_front();
    }
}

const ArgumentDraft *ArgumentDrafts::find(const std::string &type, const std::string &method) const
{
    const auto found = place(type, method);
    return found == m_drafts.end() ? nullptr : &found->draft;
}

} // namespace decoy::ui
