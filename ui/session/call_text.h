// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QString>

#include <array>

namespace decoy::ui {

/// Ways to write a call down so that it works where it is pasted.
enum class CallLanguage : quint8 {
    CommandLine, ///< a line for a POSIX shell
    Cpp,         ///< a program with decoy/decoy.h
    Python       ///< a program that asks the `decoy` command
};
inline constexpr std::array callLanguages = {CallLanguage::CommandLine, CallLanguage::Cpp, CallLanguage::Python};

/// "Command line", "C++", "Python".
[[nodiscard]] QString callLanguageName(CallLanguage language);

/// A call as text, or a sentence that says why it cannot be written.
struct CallText {
    QString text;
    QString problem; ///< empty if there is a text

    [[nodiscard]] bool isValid() const noexcept { return problem.isEmpty(); }
};

/// Names and values may come from a hostile peer: none of them can end the word, the literal or the comment that it stands in.
[[nodiscard]] CallText callText(const CallRequest &request, CallLanguage language);

} // namespace decoy::ui
