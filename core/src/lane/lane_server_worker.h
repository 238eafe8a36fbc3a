// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/call_slot.h"
#include "lane/duty.h"
#include "lane/lane_server.h"
#include "lane/received_request.h"
#include "lane/watchdog.h"
#include "memory/backoff.h"
#include "memory/parting.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace decoy::lane {

/// One server thread, and what others may know of it.
class LaneServer::Worker final : public CallWatch, public Duty {
public:
    explicit Worker(LaneServer &server) : workspace(*this), m_server(server) {}

    void callBegins(const IncomingCall &call) noexcept override
    {
        slot.begin(call);
        if (isWatched && m_server.leads(*this))
            return;
        m_server.m_watchdog.ensureArmed();
        isWatched = true;
    }
    void callEnds() noexcept override { slot.end(); }
    void callDeferred(const IncomingCall &call, std::weak_ptr<void> stillOpen) override
    {
        m_server.m_watchdog.addDeferred({call.caller, call.callId, call.trace}, std::move(stillOpen));
    }

    /// Its client asks for something within the call: that takes another leader.
    void whileWaiting() noexcept override
    {
        if (channel && channel->hasUnread())
            m_server.passOnLead(*this);
    }
    void beforeSleep() noexcept override { m_server.passOnLead(*this); }

    /// Works for this client from here on.
    void serve(const std::shared_ptr<ServerChannel> &client)
    {
        if (channel == client)
            return;
        channel = client;
        caller = {client, &client->caller()};
    }
    void serveNobody() noexcept
    {
        channel.reset();
        caller.reset();
    }

    CallSlot slot;
    bool isWatched = false; // since it leads there was a call: ticks go on by themselves for as long as somebody leads
    // The client that it works for, from turn to turn: to let go of it and take hold of it again costs four locked operations.
    std::shared_ptr<ServerChannel> channel;
    std::shared_ptr<object::Caller> caller;
    Workspace workspace;
    ReceivedRequest request;
    memory::Backoff backoff; // while it leads
    memory::Parting parting; // from the only client there is
    bool isOurs = false;     // the thread, and not the user's, who has called serveHere()
    unsigned turns = 0;      // that it has given to channels
    int servedElsewhere = 0; // requests of clients on other cores that were served since this one was left to others
    int coreElsewhere = -1;  // of the last one of those
    bool owesCore = false;   // to clients that were answered since, and wait on it
    int loans = 0;           // of its core, in a row
    std::chrono::steady_clock::time_point staysUntil; // on this core, while a crowd waits there
    std::thread thread;                               // not joinable for the thread that called serveHere()

private:
    LaneServer &m_server;
};

} // namespace decoy::lane
