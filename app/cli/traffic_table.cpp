// SPDX-License-Identifier: BSD-3-Clause
#include "traffic_table.h"

#include "text.h"

#include <array>
#include <cstdio>
#include <utility>

namespace decoy::cli {

namespace {

/// How an opcode looks: a word, so that colour is never the only sign.
struct OpcodeStyle {
    const char *word;
    const char *colour; ///< an SGR parameter
};

OpcodeStyle styleOf(const FrameEvent &event) noexcept
{
    switch (static_cast<ProxyOpCode>(event.opcode)) {
    case ProxyOpCode::Get: return {"GET", "36"};
    case ProxyOpCode::Set: return {"SET", "33"};
    case ProxyOpCode::Execute: return {"EXECUTE", "34"};
    case ProxyOpCode::ResponsePending: return {"PENDING", "2"};
    case ProxyOpCode::ExecutionResult:
        return event.isFailed() ? OpcodeStyle{"ERROR", "31"} : OpcodeStyle{"RESULT", "32"};
    case ProxyOpCode::Event: return {"EVENT", "35"};
    }
    return {"UNKNOWN", "31"};
}

const char *laneName(Lane lane) noexcept
{
    switch (lane) {
    case Lane::Native: return "native";
    case Lane::Duck: return "duck";
    case Lane::Network: return "network";
    }
    return "?";
}

template <class... Args>
std::string formatted(const char *format, Args... args)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, args...);
    return text.data();
}

/// Where a frame goes: a call and its answer run over one pair of arrows, a callback and its answer over the other.
const char *directionOf(const FrameEvent &event) noexcept
{
    if (event.isOfCallback())
        return event.isFromServer() ? "<= client" : "=> server";
    return event.isFromServer() ? "<- client" : "-> server";
}

std::string duration(std::int64_t nanoseconds)
{
    const auto ns = static_cast<double>(nanoseconds);
    if (nanoseconds < 1'000'000)
        return formatted("%.1f µs", ns / 1e3);
    if (nanoseconds < 1'000'000'000)
        return formatted("%.1f ms", ns / 1e6);
    return formatted("%.2f s", ns / 1e9);
}

struct Row {
    std::string time, process, lane, direction, opcode, text, size, latency;

    [[nodiscard]] std::string toString() const
    {
        return rightAligned(time, 10) + "  " + leftAligned(process, 15) + "  " + leftAligned(lane, 7) + "  "
            + leftAligned(direction, 9) + "  " + opcode + "  " + leftAligned(text, 70) + "  " + rightAligned(size, 8)
            + "  " + rightAligned(latency, 9);
    }
};

std::string opcodeCell(const FrameEvent &event, bool inColour)
{
    const OpcodeStyle style = styleOf(event);
    const std::string word = leftAligned(style.word, 7);
    return inColour ? std::string("\x1b[") + style.colour + "m" + word + "\x1b[0m" : word;
}

} // namespace

TrafficTable::TrafficTable(Output &output, TrafficText text, std::unordered_map<std::int32_t, std::string> processNames,
                           std::int64_t start)
    : m_output(output), m_text(std::move(text)), m_processNames(std::move(processNames)), m_start(start),
      m_colour(output.wantsColour())
{}

void TrafficTable::printHeader()
{
    m_output.line(
        Row{"TIME (s)", "PROCESS", "LANE", "DIRECTION", "OPCODE ", "OBJECT AND MEMBER -> RESULT", "SIZE", "LATENCY"}
            .toString());
}

void TrafficTable::print(const FrameEvent &event, std::span<const std::byte> bytes, bool isWanted)
{
    const std::string text = m_text.describe(event, bytes); // remembers what later frames refer to
    if (!isWanted)
        return;
    const Row row{formatted("%.6f", static_cast<double>(event.time - m_start) / 1e9),
                  processName(event.process),
                  laneName(event.lane),
                  directionOf(event),
                  opcodeCell(event, m_colour),
                  printable(text),
                  formatted("%u B", event.size),
                  event.latency > 0 ? duration(event.latency) : ""};
    m_output.line(row.toString());
}

std::string TrafficTable::processName(std::int32_t process) const
{
    const auto name = m_processNames.find(process);
    return (name == m_processNames.end() ? "" : name->second + " ") + std::to_string(process);
}

} // namespace decoy::cli
