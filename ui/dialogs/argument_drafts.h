// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace decoy::ui {

/// What a person has typed for one method.
struct ArgumentDraft {
    struct Field {
        std::string parameter;
        QString text;
        int notation = -1; ///< index among the notations of bytes; -1 for other types
    };
    std::vector<Field> fields;   ///< those that differ from what was there at first
    std::optional<QString> json; ///< where the arguments are written as JSON

    [[nodiscard]] bool isEmpty() const { return fields.empty() && (!json || json->trimmed().isEmpty()); }
    [[nodiscard]] qsizetype size() const;
};

/// The drafts of many methods, so that looking at another object costs nobody what was typed. Bounded: the oldest is forgotten.
class ArgumentDrafts {
public:
    static constexpr std::size_t most = 64;
    static constexpr qsizetype mostCharacters = 4 * 1024 * 1024; ///< of all drafts, unless a single one is longer

    /// Replaces what was kept for this method; forgets it if nothing is typed there now.
    void keep(const std::string &type, const std::string &method, ArgumentDraft draft);
    /// Null if nothing was typed for it. Valid until something is kept.
    [[nodiscard]] const ArgumentDraft *find(const std::string &type, const std::string &method) const;
    [[nodiscard]] std::size_t count() const noexcept { return m_drafts.size(); }

private:
    struct Kept {
        std::string type;
        std::string method;
        ArgumentDraft draft;
    };
    [[nodiscard]] std::deque<Kept>::const_iterator place(const std::string &type, const std::string &method) const;

    std::deque<Kept> m_drafts; ///< the oldest first
    qsizetype m_characters = 0;
};

} // namespace decoy::ui
