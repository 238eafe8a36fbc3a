// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <exception>
#include <string_view>

#include <unistd.h>

namespace decoy::cli {

/// The reader of our output has gone away. Not a failure: it ends the command quietly.
class OutputClosed : public std::exception {
public:
    [[nodiscard]] const char *what() const noexcept override { return "the output was closed"; }
};

/// Whole lines on a descriptor, each there at once for whoever reads it. One thread at a time.
class Output {
public:
    explicit Output(int descriptor = STDOUT_FILENO) noexcept : m_descriptor(descriptor) {}

    /// Writes `text` and ends the line. Throws OutputClosed, std::system_error. SIGPIPE has to be ignored.
    void line(std::string_view text);

    /// Whether colours make sense: a terminal, and the person has not set NO_COLOR.
    [[nodiscard]] bool wantsColour() const;

private:
    int m_descriptor;
};

} // namespace decoy::cli
