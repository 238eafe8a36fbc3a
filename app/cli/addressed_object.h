// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>
#include <decoy/proxy.h>

#include <CLI/App.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace decoy::cli {

/// The object that a command is about, as the command line names it: SERVER OBJECT, or the mailbox of a server of ours or of the
/// reference. Get, set and call are the same for both.
class AddressedObject {
public:
    struct Operand {
        std::string name;
        std::string description;
        bool mayBeMissing = false; ///< only the last one
    };

    /// Adds what names the object and says how long to wait for it. `operands` are what the command takes behind it, `more` what
    /// may follow those any number of times.
    void addTo(CLI::App &command, std::vector<Operand> operands, std::optional<Operand> more = {});

    /// What stands behind the object's name, in the order of the command line: at least all that must be there.
    /// Throws UsageError for options that do not go together, and for what is missing or too much.
    [[nodiscard]] std::vector<std::string> operands() const;

    /// Connects; every call waits as long as --timeout says. Throws UsageError, and what connect() and openProxy() throw.
    [[nodiscard]] Proxy open() const;

private:
    void addOptions(CLI::App &command);
    [[nodiscard]] std::vector<std::string> words() const;
    [[nodiscard]] std::vector<std::string> wantedWords() const;
    [[nodiscard]] std::chrono::milliseconds deadline() const;
    void checkOptions() const;
    [[noreturn]] void reject(const std::string &what) const;

    const CLI::App *m_command = nullptr; // has the words, see words()
    std::vector<Operand> m_operands;
    bool m_takesMore = false;

    std::optional<std::string> m_segment;
    std::optional<std::uint64_t> m_id;
    std::optional<std::uint32_t> m_bufsize;
    std::optional<int> m_maxLevel;
    std::optional<double> m_timeout;
};

} // namespace decoy::cli
