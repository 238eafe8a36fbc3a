// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_record.h"

#include "session/call_text_literals.h"

#include <decoy/json.h>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Names of servers, objects and members: the protocol allows 255 bytes.
constexpr qsizetype longestName = 255;
constexpr double longestTimeoutMs = 24 * 3600 * 1000;
constexpr double mostRepetitions = 1'000'000;
constexpr double longestDuration = 9e18;

constexpr std::array stateNames = {"running"_L1,   "succeeded"_L1, "failed"_L1,
                                   "timed out"_L1, "cancelled"_L1, "unknown"_L1};
constexpr std::array kindNames = {"get"_L1, "set"_L1, "call"_L1};

QString jsonText(const Value &value) { return QString::fromStdString(toJson(value)); }

QString positionalText(const std::vector<Value> &values)
{
    QStringList members;
    for (const Value &value : values)
        members += jsonText(value);
    return u"[%1]"_s.arg(members.join(u", "_s));
}

QString keywordText(const std::vector<std::pair<std::string, Value>> &keywords)
{
    QStringList members;
    for (const auto &[name, value] : keywords)
        members += u"["_s + jsonText(Value(name)) + u", "_s + jsonText(value) + u"]"_s;
    return u"[%1]"_s.arg(members.join(u", "_s));
}

bool areExactAsJson(const CallRequest &request)
{
    return std::ranges::all_of(request.positional, isExactAsJson)
        && std::ranges::all_of(request.keywords, [](const auto &keyword) { return isExactAsJson(keyword.second); });
}

/// Throws for what is no list of arguments.
void readArguments(const CallRecord &record, CallRequest &request)
{
    const Value positional = fromJson(record.arguments.toStdString());
    const Value keywords = fromJson(record.keywords.toStdString());
    if (positional.object().type != msgpack::type::ARRAY || keywords.object().type != msgpack::type::ARRAY)
        throw ArgumentError("a list is needed");
    for (std::size_t index = 0; index < positional.size(); ++index)
        request.positional.push_back(positional.at(index));
    for (std::size_t index = 0; index < keywords.size(); ++index) {
        const Value pair = keywords.at(index);
        request.keywords.emplace_back(pair.at(0).as<std::string>(), pair.at(1));
    }
    if (request.kind == CallKind::Set && request.positional.size() != 1)
        throw ArgumentError("one value is needed");
}

template <std::size_t Count>
int indexIn(const std::array<QLatin1String, Count> &names, const QString &name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

bool isBetween(const QJsonValue &value, double least, double most)
{
    return value.isDouble() && value.toDouble() >= least && value.toDouble() <= most;
}

QString boundedText(const QJsonObject &json, QLatin1String key, qsizetype most)
{
    return json[key].toString().left(most);
}

} // namespace

QString callStateName(CallState state) { return stateNames.at(static_cast<std::size_t>(state)); }

CallRecord recordOf(const CallRequest &request, const QString &object, qsizetype mostArguments)
{
    CallRecord record;
    record.when = QDateTime::currentDateTimeUtc();
    record.server = request.object.server;
    record.object = object;
    record.name = QString::fromStdString(request.name);
    record.kind = request.kind;
    record.member = QString::fromStdString(request.member);
    record.timeoutMs = request.timeout.count();
    record.objectId = request.object.id;
    // Read back from a file, they would be other values if JSON could not say them exactly.
    record.arguments = positionalText(request.positional);
    record.keywords = keywordText(request.keywords);
    record.argumentsKept = record.arguments.size() + record.keywords.size() <= mostArguments && areExactAsJson(request);
    if (!record.argumentsKept) {
        record.arguments = u"[]"_s;
        record.keywords = u"[]"_s;
    }
    return record;
}

std::optional<CallRequest> requestOf(const CallRecord &record)
{
    if (!record.argumentsKept)
        return {};
    CallRequest request;
    request.object = {record.server, record.objectId};
    request.name = record.name.toStdString();
    request.kind = record.kind;
    request.member = record.member.toStdString();
    request.timeout = std::chrono::milliseconds(record.timeoutMs);
    try {
        readArguments(record, request);
    } catch (const ProxyError &) {
        return {}; // somebody has changed the file
    }
    return request;
}

QString argumentLine(const CallRecord &record)
{
    const std::optional<CallRequest> request = requestOf(record);
    if (!request)
        return u"…"_s;
    QStringList words;
    for (const Value &value : request->positional)
        words += jsonText(value);
    for (const auto &[name, value] : request->keywords)
        words += QString::fromStdString(name) + u"="_s + jsonText(value);
    return words.join(u", "_s);
}

QString callLine(const CallRecord &record)
{
    switch (record.kind) {
    case CallKind::Get: return record.member;
    case CallKind::Set: return record.member + u" = "_s + argumentLine(record);
    case CallKind::Execute: break;
    }
    return record.member + u"("_s + argumentLine(record) + u")"_s;
}

QJsonObject toJsonObject(const CallRecord &record)
{
    QJsonObject json = {{u"when"_s, record.when.toString(Qt::ISODateWithMs)},
                        {u"server"_s, record.server},
                        {u"object"_s, record.object},
                        {u"name"_s, record.name},
                        {u"kind"_s, QString(kindNames.at(static_cast<std::size_t>(record.kind)))},
                        {u"member"_s, record.member},
                        {u"timeout_ms"_s, record.timeoutMs},
                        {u"repetitions"_s, record.repetitions},
                        {u"state"_s, callStateName(record.state)},
                        {u"outcome"_s, record.outcome},
                        {u"duration_ns"_s, record.duration}};
    if (!record.id.isEmpty())
        json[u"id"_s] = record.id;
    // "Still running" would be a lie next week.
    if (!record.afterwards.isEmpty())
        json[u"afterwards"_s] = record.isSettled ? record.afterwards
                                                 : u"What became of it was not known when the monitor ended."_s;
    if (record.argumentsKept) {
        json[u"arguments"_s] = record.arguments;
        json[u"keywords"_s] = record.keywords;
    }
    return json;
}

std::optional<CallRecord> recordFromJson(const QJsonObject &json, qsizetype mostArguments)
{
    CallRecord record;
    const int kind = indexIn(kindNames, json["kind"_L1].toString());
    const int state = indexIn(stateNames, json["state"_L1].toString());
    record.when = QDateTime::fromString(json["when"_L1].toString(), Qt::ISODateWithMs);
    record.id = boundedText(json, "id"_L1, longestName);
    record.server = boundedText(json, "server"_L1, longestName);
    record.member = boundedText(json, "member"_L1, longestName);
    if (kind < 0 || state < 0 || !record.when.isValid() || record.server.isEmpty() || record.member.isEmpty()
        || !isBetween(json["timeout_ms"_L1], 1, longestTimeoutMs)
        || !isBetween(json["repetitions"_L1], 1, mostRepetitions)
        || !isBetween(json["duration_ns"_L1], 0, longestDuration))
        return {};
    record.kind = static_cast<CallKind>(kind);
    record.state = static_cast<CallState>(state);
    if (record.state == CallState::Running)
        record.state = CallState::Unknown;
    record.object = boundedText(json, "object"_L1, longestName);
    record.name = boundedText(json, "name"_L1, longestName);
    record.timeoutMs = json["timeout_ms"_L1].toInteger();
    record.repetitions = json["repetitions"_L1].toInt();
    record.duration = json["duration_ns"_L1].toInteger();
    record.outcome = boundedText(json, "outcome"_L1, longestKeptOutcome);
    record.afterwards = boundedText(json, "afterwards"_L1, longestKeptOutcome);
    record.isSettled = true;
    const QString arguments = json["arguments"_L1].toString();
    const QString keywords = json["keywords"_L1].toString();
    record.argumentsKept = !arguments.isEmpty() && !keywords.isEmpty()
        && arguments.size() + keywords.size() <= mostArguments;
    if (record.argumentsKept) {
        record.arguments = arguments;
        record.keywords = keywords;
        record.argumentsKept = requestOf(record).has_value();
    }
    return record;
}

} // namespace decoy::ui
