// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_text.h"

#include "session/call_text_literals.h"

#include <decoy/json.h>

#include <algorithm>
#include <cctype>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Linux's MAX_ARG_STRLEN: one word of a command line cannot be longer.
constexpr std::size_t longestWord = 128 * 1024 - 1;

using Words = std::vector<std::string>;

std::string verb(CallKind kind) { return kind == CallKind::Get ? "get" : kind == CallKind::Set ? "set" : "call"; }

std::string secondsText(std::chrono::milliseconds time)
{
    return QByteArray::number(static_cast<double>(time.count()) / 1000, 'g', 12).toStdString();
}

std::string joined(const Words &words, std::string_view separator)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? std::string() : std::string(separator)) + word;
    return text;
}

/// -5 is an argument; -v would be taken for an option.
bool looksLikeOption(const std::string &word)
{
    return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1]));
}

Words operandsOf(const CallRequest &request)
{
    Words words = {request.object.server.toStdString(), request.name, request.member};
    for (const Value &value : request.positional)
        words.push_back(toJson(value));
    return words;
}

std::string commandLine(const CallRequest &request)
{
    Words options;
    if (request.timeout != defaultInvokeTimeout)
        options.insert(options.end(), {"--timeout", secondsText(request.timeout)});
    for (const auto &[name, value] : request.keywords) {
        const std::string word = name + "=" + toJson(value);
        if (name.starts_with('-')) {
            options.push_back("--kw=" + word);
        } else {
            options.emplace_back("--kw");
            options.push_back(word);
        }
    }
    Words operands = operandsOf(request);
    Words line = {"decoy", verb(request.kind)};
    const bool needsEnd = std::ranges::any_of(operands, looksLikeOption) || request.object.server.startsWith(u'-');
    if (needsEnd) {
        line.insert(line.end(), options.begin(), options.end());
        line.emplace_back("--");
        options.clear();
    }
    line.insert(line.end(), operands.begin(), operands.end());
    line.insert(line.end(), options.begin(), options.end());
    for (std::string &word : line)
        word = shellWord(word);
    return joined(line, " ");
}

std::string cppExpression(const CallRequest &request)
{
    const std::string member = cppString(request.member);
    if (request.kind == CallKind::Get)
        return "const decoy::Value result = object.get(" + member + ");";
    if (request.kind == CallKind::Set)
        return "object.set(" + member + ", " + cppValue(request.positional.at(0))
            + ");\n        const decoy::Value result;";
    Words arguments = {member};
    for (const Value &value : request.positional)
        arguments.push_back(cppValue(value));
    for (const auto &[name, value] : request.keywords)
        arguments.push_back("decoy::kw(" + cppString(name) + ", " + cppValue(value) + ")");
    return "const decoy::Value result = object.call(" + joined(arguments, ", ") + ");";
}

std::string cppProgram(const CallRequest &request)
{
    return "// In CMake: find_package(Decoy), link decoy::core.\n"
           "#include <decoy/decoy.h>\n"
           "\n"
           "#include <chrono>\n"
           "#include <cstdint>\n"
           "#include <iostream>\n"
           "#include <limits>\n"
           "#include <string>\n"
           "\n"
           "int main()\n"
           "{\n"
           "    try {\n"
           "        const decoy::Proxy object = decoy::connect("
        + cppString(request.object.server.toStdString()) + ")[" + cppString(request.name)
        + "].withTimeout(std::chrono::milliseconds(" + std::to_string(request.timeout.count())
        + "));\n"
          "        "
        + cppExpression(request)
        + "\n"
          "        std::cout << result.toString() << '\\n';\n"
          "    } catch (const decoy::ProxyError &error) {\n"
          "        std::cerr << decoy::errorKindName(error.kind()) << \": \" << error.what() << '\\n';\n"
          "        return 1;\n"
          "    }\n"
          "    return 0;\n"
          "}\n";
}

/// Through the `decoy` command, because that works for every object of every server: no Python client speaks the native lane, and
/// a Duck mailbox is there only if the server has opened one for that very process, which pasted text cannot make it do.
std::string pythonProgram(const CallRequest &request)
{
    Words arguments;
    for (const Value &value : request.positional)
        arguments.push_back(pythonValue(value));
    Words keywords;
    for (const auto &[name, value] : request.keywords)
        keywords.push_back(pythonString(name) + ": " + pythonValue(value));
    const bool isCall = request.kind == CallKind::Execute;
    const std::string names = pythonString(request.object.server.toStdString()) + ", " + pythonString(request.name)
        + ", " + pythonString(request.member);
    return "#!/usr/bin/env python3\n"
           "# Asks the `decoy` command, which must be in the PATH. Values travel as JSON; bytes are {\"$bytes\": \"base64\"}.\n"
           "import json\n"
           "import subprocess\n"
           "import sys\n"
           "\n"
           "arguments = ["
        + joined(arguments, ", ") + "]\n" + (isCall ? "keywords = {" + joined(keywords, ", ") + "}\n" : std::string())
        + "\n"
          "command = [\"decoy\", \""
        + verb(request.kind) + "\", \"--timeout=" + secondsText(request.timeout) + "\"]\n"
        + (isCall ? "command += [f\"--kw={name}={json.dumps(value)}\" for name, value in keywords.items()]\n" : "")
        + "command += [\"--\", " + names
        + "]\n"
          "command += [json.dumps(value) for value in arguments]\n"
          "call = subprocess.run(command, capture_output=True, encoding=\"utf-8\")\n"
          "if call.returncode != 0:\n"
          "    sys.exit(call.stderr.strip())\n"
          "result = json.loads(call.stdout)\n"
          "print(result)\n";
}

QString problemOf(const CallRequest &request, CallLanguage language)
{
    if (request.name.empty())
        return u"Only a published object has a name by which another process finds it; this one was handed out by a call."_s;
    std::vector<std::string> words = operandsOf(request);
    for (const auto &[name, value] : request.keywords)
        words.push_back(name + "=" + toJson(value));
    for (const Value &value : request.positional) {
        if (!isExactAsJson(value))
            return u"An argument holds text that is not UTF-8, which JSON cannot say."_s;
    }
    for (const auto &[name, value] : request.keywords) {
        if (!isExactAsJson(value))
            return u"An argument holds text that is not UTF-8, which JSON cannot say."_s;
    }
    if (language == CallLanguage::Cpp)
        return {};
    for (const std::string &word : words) {
        if (word.size() > longestWord)
            return u"An argument is longer than a command line takes (128 KiB)."_s;
        if (word.find('\0') != std::string::npos)
            return u"A name holds a zero byte, which no command line can carry."_s;
    }
    return {};
}

} // namespace

QString callLanguageName(CallLanguage language)
{
    switch (language) {
    case CallLanguage::CommandLine: return u"Command line"_s;
    case CallLanguage::Cpp: return u"C++"_s;
    case CallLanguage::Python: return u"Python"_s;
    }
    return {};
}

CallText callText(const CallRequest &request, CallLanguage language)
{
    if (QString problem = problemOf(request, language); !problem.isEmpty())
        return {{}, std::move(problem)};
    switch (language) {
    case CallLanguage::CommandLine: return {QString::fromStdString(commandLine(request)), {}};
    case CallLanguage::Cpp: return {QString::fromStdString(cppProgram(request)), {}};
    case CallLanguage::Python: return {QString::fromStdString(pythonProgram(request)), {}};
    }
    return {};
}

} // namespace decoy::ui
