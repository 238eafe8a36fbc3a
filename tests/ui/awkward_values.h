// SPDX-License-Identifier: GPL-3.0-or-later
// In a file of its own, because moc stumbles over it too.
#pragma once

#include <decoy/json.h>
#include <decoy/value.h>

#include <limits>
#include <string>
#include <vector>

/// Everything that some shell, compiler or parser has ever stumbled over.
inline std::vector<decoy::Value> awkwardValues()
{
    using decoy::Value;
    return {Value(std::string("it's \"quoted\" `here` $HOME ! \\ \\n %s")),
            Value(std::string("two\nlines\ttab \x01\x7f")),
            Value(std::string("Zürich ☃ 😀 \u2028")),
            Value(std::string("what?"
                              "?/ */ // )json\" null true")),
            Value(std::string("-v")),
            Value(std::string("--")),
            Value(std::string()),
            Value(std::string("a\0b", 3)),
            Value(-5),
            Value(std::numeric_limits<std::int64_t>::min()),
            Value(std::numeric_limits<std::int64_t>::max()),
            Value(std::numeric_limits<std::uint64_t>::max()),
            Value(std::numeric_limits<std::int32_t>::min()),
            Value(2.0),
            Value(-1e300),
            Value(0.1),
            Value(std::numeric_limits<double>::infinity()),
            Value(true),
            Value(),
            Value(std::vector<unsigned char>{0, 255, 10}),
            decoy::fromJson(R"([1, [null, true, false], {"null": "it's", "b": [2.0]}, {"$map": [[1, 2]]}])")};
}
