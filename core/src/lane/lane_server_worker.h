// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/call_slot.h"
#include "lane/lane_server.h"
#include "lane/received_request.h"
#include "lane/watchdog.h"
#include "memory/backoff.h"

#include <memory>
#include <thread>
#include <utility>

namespace decoy::lane {

/// One server thread, and what others may know of it.
class LaneServer::Worker final : public CallWatch {
public:
    explicit Worker(Watchdog &watchdog) : workspace(*this), m_watchdog(watchdog) {}

    void callBegins(const IncomingCall &call) noexcept override
    {
        slot.begin(call);
        m_watchdog.ensureArmed();
    }
    void callEnds() noexcept override { slot.end(); }
    void callDeferred(const IncomingCall &call, std::weak_ptr<void> stillOpen) override
    {
        m_watchdog.addDeferred({call.caller, call.callId, call.trace}, std::move(stillOpen));
    }

    CallSlot slot;
    Workspace workspace;
    ReceivedRequest request;
    memory::Backoff backoff; // while it leads
    unsigned turns = 0;      // that it has given to channels
    int servedElsewhere = 0; // requests of clients on other cores that were served since this one was left to others
    bool owesCore = false;   // to clients that were answered since, and wait on it
    std::thread thread;      // not joinable for the thread that called serveHere()

private:
    Watchdog &m_watchdog;
};

} // namespace decoy::lane
