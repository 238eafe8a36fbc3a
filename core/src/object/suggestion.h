// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace decoy::object {

/// Finds the name that somebody probably meant: the nearest one, if it is near enough. The names must outlive it.
class Suggestion {
public:
    explicit Suggestion(std::string_view wanted) noexcept;

    void consider(std::string_view candidate);

    /// `; did you mean 'balance'?`, or nothing.
    [[nodiscard]] std::string text() const;

private:
    std::string_view m_wanted;
    std::string_view m_best;
    std::size_t m_bestDistance;
};

} // namespace decoy::object
