// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/record_rules.h"

#include "trace/frame_peek.h"

#include <decoy/frame.h>

#include <utility>

namespace decoy::ui {

namespace {

constexpr std::string_view releaseName = "__del__";

} // namespace

void RecordFilter::setRules(RecordRules rules)
{
    m_rules = std::move(rules);
    if (!m_skipped && !m_rules.recordsEverything())
        m_skipped = std::make_unique<OpenCalls>();
}

void RecordFilter::beginCapture() noexcept
{
    if (m_skipped)
        m_skipped->clear();
}

bool RecordFilter::records(const FrameEvent &event, std::span<const std::byte> bytes) noexcept
{
    if (!m_skipped)
        return true;
    if (event.conversation == Conversation::Subscription)
        return m_rules.records(RecordRules::Events) && m_rules.recordsObject(event.object);
    const auto call = OpenCalls::Key::of(event);
    if (event.isAnswer()) {
        const bool isPending = event.opcode == static_cast<std::int8_t>(ProxyOpCode::ResponsePending);
        if (m_skipped->find(call) == noRow)
            return !isPending || m_rules.records(RecordRules::Pending);
        if (!isPending)
            m_skipped->forget(call);
        return false;
    }
    if (event.flags & FrameEvent::Edited) // the same call once more
        return m_skipped->find(call) == noRow;
    const bool isRecorded = recordsRequest(event, bytes);
    if (event.flags & FrameEvent::OneWay)
        return isRecorded;
    if (isRecorded)
        m_skipped->forget(call); // one of the same id whose result was lost
    else
        m_skipped->remember(call, ++m_skippedRequests);
    return isRecorded;
}

bool RecordFilter::recordsRequest(const FrameEvent &event, std::span<const std::byte> bytes) const noexcept
{
    if (event.isOfCallback()) // its object is none of the server's
        return m_rules.records(RecordRules::Callbacks);
    if (!m_rules.recordsObject(event.object))
        return false;
    switch (event.opcode) {
    case static_cast<std::int8_t>(ProxyOpCode::Get): return m_rules.records(RecordRules::Gets);
    case static_cast<std::int8_t>(ProxyOpCode::Set): return m_rules.records(RecordRules::Sets);
    case static_cast<std::int8_t>(ProxyOpCode::Execute): break;
    default: return true;
    }
    const bool calls = m_rules.records(RecordRules::Calls);
    const bool releases = m_rules.records(RecordRules::Releases);
    return calls == releases ? calls : (peekMember(bytes) == releaseName ? releases : calls);
}

} // namespace decoy::ui
