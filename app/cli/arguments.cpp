// SPDX-License-Identifier: BSD-3-Clause
#include "arguments.h"

#include "errors.h"

#include <decoy/json.h>

#include <cmath>

namespace decoy::cli {

Value jsonArgument(std::string_view text, std::string_view what)
{
    try {
        return fromJson(text);
    } catch (const ArgumentError &error) {
        throw UsageError(std::string(what) + " is not JSON: " + error.what()
                         + " (a string is written with its quotes: '\"" + (text.empty() ? "text" : std::string(text))
                         + "\"')");
    }
}

std::vector<Value> jsonArguments(const std::vector<std::string> &texts)
{
    std::vector<Value> values;
    for (const std::string &text : texts)
        values.push_back(jsonArgument(text, "argument " + std::to_string(values.size() + 1) + ", " + text + ","));
    return values;
}

std::vector<std::pair<std::string, Value>> keywordArguments(const std::vector<std::string> &texts)
{
    std::vector<std::pair<std::string, Value>> values;
    for (const std::string &text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos)
            throw UsageError("--kw takes NAME=JSON, not " + text);
        const std::string name = text.substr(0, equals);
        values.emplace_back(name, jsonArgument(std::string_view(text).substr(equals + 1), "the value of " + name));
    }
    return values;
}

std::chrono::milliseconds secondsArgument(double seconds, std::string_view option)
{
    constexpr double day = 24 * 60 * 60;
    if (!(seconds > 0 && seconds <= day))
        throw UsageError(std::string(option) + " takes a number of seconds above 0 and up to 86400");
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

} // namespace decoy::cli
