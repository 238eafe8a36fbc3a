// SPDX-License-Identifier: BSD-3-Clause
#include "addressed_object.h"

#include "arguments.h"
#include "errors.h"

#include <decoy/connection.h>
#include <decoy/duck.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cctype>
#include <memory>
#include <utility>

namespace decoy::cli {

namespace {

constexpr const char *mailboxGroup = "An object in a mailbox";

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> namesOf(const std::vector<AddressedObject::Operand> &operands)
{
    std::vector<std::string> names;
    names.reserve(operands.size());
    for (const AddressedObject::Operand &operand : operands)
        names.push_back(operand.mayBeMissing ? "[" + operand.name + "]" : operand.name);
    return names;
}

/// Shows both ways to name the object, which CLI11 would show as one with everything optional.
class UsageOfBothWays : public CLI::Formatter {
public:
    explicit UsageOfBothWays(std::string operands) : m_operands(std::move(operands)) {}

    std::string make_usage(const CLI::App *, std::string name) const override
    {
        return "Usage: " + name + " [OPTIONS] SERVER OBJECT " + m_operands + "\n       " + name
            + " [OPTIONS] --segment NAME --id ID --bufsize BYTES " + m_operands + "\n";
    }

private:
    std::string m_operands;
};

/// Shows an operand in the help. It takes none, see words(); as long as one is wanted, CLI11 leaves all that follows `--` to us.
void addHelp(CLI::App &command, const AddressedObject::Operand &operand, const char *type = "")
{
    const auto refuse = [](const std::string &) { return std::string("is taken by words()"); };
    command.add_option(operand.name)->description(operand.description)->check(refuse, "")->type_name(type);
}

/// For what CLI11 would take for a very large number.
std::string checkNotNegative(const std::string &text)
{
    return text.starts_with('-') ? "0 or more is needed, not " + text : "";
}

/// Negative numbers are JSON.
bool looksLikeOption(const std::string &word)
{
    return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1]));
}

} // namespace

void AddressedObject::addTo(CLI::App &command, std::vector<Operand> operands, std::optional<Operand> more)
{
    m_command = &command;
    m_operands = std::move(operands);
    m_takesMore = more.has_value();
    command.allow_extras()->validate_positionals();
    command.formatter(std::make_shared<UsageOfBothWays>(joined(namesOf(m_operands))
                                                        + (more ? " [" + more->name + " ...]" : std::string())));
    addHelp(command, {"SERVER", "Name of the server"});
    addHelp(command, {"OBJECT", "Name of a published object"});
    for (const Operand &operand : m_operands)
        addHelp(command, operand);
    if (more)
        addHelp(command, *more, "...");
    addOptions(command);
}

void AddressedObject::addOptions(CLI::App &command)
{
    command.add_option("--timeout", m_timeout, "How long to wait for the result; 30 unless told otherwise")
        ->type_name("SECONDS");
    const auto addMailboxOption = [&command](const char *name, auto &value, const char *description, const char *type) {
        return command.add_option(name, value, description)->type_name(type)->group(mailboxGroup);
    };
    addMailboxOption("--segment", m_segment, "Name of the mailbox's shared memory", "NAME");
    addMailboxOption("--id", m_id, "The object's id", "ID")->check(checkNotNegative);
    addMailboxOption("--bufsize", m_bufsize, "Size of the shared memory", "BYTES");
    addMailboxOption("--max-level", m_maxLevel, "How many proxies a chain may have; 7 unless told otherwise", "N");
}

std::vector<std::string> AddressedObject::operands() const
{
    std::vector<std::string> given = words();
    checkOptions();
    const std::vector<std::string> wanted = wantedWords();
    const bool isLastNeeded = m_operands.empty() || !m_operands.back().mayBeMissing;
    if (given.size() < wanted.size() - (isLastNeeded ? 0 : 1))
        reject(wanted[given.size()] + " is missing");
    if (given.size() > wanted.size() && !m_takesMore)
        reject(given[wanted.size()] + " is one too many; it takes " + joined(wanted));
    given.erase(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(wanted.size() - m_operands.size()));
    return given;
}

Proxy AddressedObject::open() const
{
    const std::chrono::milliseconds timeout = deadline();
    if (m_segment)
        return openProxy({*m_id, *m_segment, *m_bufsize, m_maxLevel.value_or(defaultMaxChainLevel)}, timeout);
    const std::vector<std::string> names = words();
    return connect(names.at(0))[names.at(1)].withTimeout(timeout);
}

/// What is left when CLI11 has taken the options. It is not asked for operands, because how many there are depends on --segment,
/// and because it reads a list of them in a notation of its own, in which `[1,2]` are two values, `{}` is none and `-5` is an
/// option.
std::vector<std::string> AddressedObject::words() const
{
    std::vector<std::string> words;
    bool optionsAreOver = false;
    for (const std::string &word : m_command->remaining()) {
        if (!optionsAreOver && word == "--")
            optionsAreOver = true;
        else if (!optionsAreOver && looksLikeOption(word))
            reject("there is no option " + word);
        else
            words.push_back(word);
    }
    return words;
}

std::vector<std::string> AddressedObject::wantedWords() const
{
    std::vector<std::string> wanted = namesOf(m_operands);
    if (!m_segment)
        wanted.insert(wanted.begin(), {"SERVER", "OBJECT"});
    return wanted;
}

std::chrono::milliseconds AddressedObject::deadline() const
{
    return m_timeout ? secondsArgument(*m_timeout, "--timeout") : defaultCallTimeout;
}

void AddressedObject::checkOptions() const
{
    if (m_segment && !(m_id && m_bufsize))
        reject("--segment needs --id and --bufsize: together they say what to use");
    if (!m_segment && (m_id || m_bufsize || m_maxLevel))
        reject("--id, --bufsize and --max-level go with --segment; a server's object is named SERVER OBJECT");
    if (m_maxLevel && *m_maxLevel < 0)
        reject("--max-level takes 0 or more");
    (void)deadline(); // so that a bad one is reported before anything is opened
}

void AddressedObject::reject(const std::string &what) const
{
    throw UsageError(what + " (see decoy " + m_command->get_name() + " --help)");
}

} // namespace decoy::cli
