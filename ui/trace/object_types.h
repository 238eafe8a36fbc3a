// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace decoy::ui {

/// A hash that finds a std::string by a std::string_view, so that looking allocates nothing.
struct TextHash {
    using is_transparent = void;
    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>()(text);
    }
};

/// Which type an object has, for as many objects as matter: chained ones come and go without end, so the table is bounded and
/// forgets the one that was not used for longest. One thread at a time.
class ObjectTypes {
public:
    using Type = std::uint32_t; ///< a number instead of a name
    static constexpr Type unknown = 0;
    static constexpr Type directory = 1; ///< object 0, which every server has

    ObjectTypes();

    void learn(std::uint64_t object, std::string_view type);
    [[nodiscard]] Type typeOf(std::uint64_t object) noexcept;
    /// Empty for unknown.
    [[nodiscard]] const std::string &name(Type type) const { return m_names[type]; }

private:
    struct Slot {
        std::uint64_t object = 0; ///< 0: free
        std::uint64_t lastUse = 0;
        Type type = unknown;
    };
    [[nodiscard]] Type number(std::string_view type);

    std::vector<Slot> m_slots;
    std::uint64_t m_uses = 0;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, Type, TextHash, std::equal_to<>> m_numbers;
};

} // namespace decoy::ui
