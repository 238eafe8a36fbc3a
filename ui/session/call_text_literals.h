// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/value.h>

#include <string>
#include <string_view>

namespace decoy::ui {

/// One word of a POSIX shell's command line, quoted where it has to be.
[[nodiscard]] std::string shellWord(std::string_view text);

/// A string literal; one with zero bytes becomes a std::string.
[[nodiscard]] std::string cppString(std::string_view text);
/// An expression that decoy::Proxy::call() takes.
[[nodiscard]] std::string cppValue(const Value &value);

[[nodiscard]] std::string pythonString(std::string_view text);
/// A literal whose json.dumps() the `decoy` command reads as this value.
[[nodiscard]] std::string pythonValue(const Value &value);

/// False for text that is not UTF-8: JSON would say something else.
[[nodiscard]] bool isExactAsJson(const Value &value);

} // namespace decoy::ui
