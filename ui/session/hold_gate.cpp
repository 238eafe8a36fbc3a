// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/hold_gate.h"

#include <decoy/proxy_server.h>

#include <QCoreApplication>

namespace decoy::ui {

namespace {

/// Whoever asks for objects that there are not must not make the server list those that there are each time.
constexpr std::chrono::milliseconds restAfterVainLesson{10};

} // namespace

HoldGate::HoldGate(const ProxyServer &server)
    : m_server(server), m_ownProcess(static_cast<std::int32_t>(QCoreApplication::applicationPid())),
      m_breakpoint(std::make_shared<const Breakpoint>()), m_names(std::make_shared<const FrameNames>())
{}

void HoldGate::setBreakpoint(const Breakpoint &breakpoint)
{
    auto replacement = std::make_shared<const Breakpoint>(breakpoint);
    const std::scoped_lock lock(m_mutex);
    m_breakpoint.swap(replacement);
}

void HoldGate::setNames(const FrameNames &names)
{
    auto replacement = std::make_shared<const FrameNames>(names);
    const std::scoped_lock lock(m_mutex);
    m_names.swap(replacement);
}

bool HoldGate::holds(const FrameEvent &request, std::span<const std::byte> bytes)
{
    // The window reads what it shows over the same lane: held, it would wait for the person who waits for it.
    if (request.process == m_ownProcess)
        return false;
    std::shared_ptr<const Breakpoint> breakpoint;
    std::shared_ptr<const FrameNames> names;
    {
        const std::scoped_lock lock(m_mutex);
        breakpoint = m_breakpoint;
        names = m_names;
    }
    Breakpoint::Answer answer = breakpoint->matches(request, bytes, *names);
    if (answer == Breakpoint::Answer::UnknownObject && Clock::now() >= m_nextLesson.load()) {
        answer = breakpoint->matches(request, bytes, *learnObjects());
        if (answer == Breakpoint::Answer::UnknownObject)
            m_nextLesson = Clock::now() + restAfterVainLesson;
    }
    return answer == Breakpoint::Answer::Yes;
}

/// The window looks four times a second; an object that a result has just handed out is younger, and may not live as long.
std::shared_ptr<const FrameNames> HoldGate::learnObjects()
{
    std::shared_ptr<const FrameNames> names;
    {
        const std::scoped_lock lock(m_mutex);
        names = m_names;
    }
    auto more = std::make_shared<FrameNames>(*names);
    more->learnObjects(m_server.objects());
    const std::scoped_lock lock(m_mutex);
    m_names = more;
    return more;
}

} // namespace decoy::ui
