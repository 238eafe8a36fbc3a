// SPDX-License-Identifier: BSD-3-Clause
#include "trace/tap_hub.h"

#include "trace/open_tap.h"

#include <decoy/error.h>

#include <bit>
#include <string>

namespace decoy::trace {

std::unique_ptr<Tap> TapHub::open(const std::shared_ptr<TapHub> &hub, const TapOptions &options)
{
    const std::lock_guard lock(hub->m_mutex);
    const std::uint64_t watching = hub->m_watching.load(std::memory_order_relaxed);
    const int slot = std::countr_one(watching);
    if (slot == 64)
        throw LimitExceeded("64 taps watch this server already");
    const std::uint64_t bit = std::uint64_t{1} << slot;
    auto tap = std::make_unique<OpenTap>(hub, bit, options);
    hub->m_taps.push_back(tap.get());
    hub->m_taking.fetch_or(bit, std::memory_order_relaxed);
    hub->m_takingSingles.fetch_or(bit, std::memory_order_relaxed);
    hub->m_watching.fetch_or(bit, std::memory_order_relaxed);
    return tap;
}

std::uint64_t TapHub::takersOf(std::atomic<std::uint64_t> &taking,
                               bool (TapRing::*hasRoom)(std::size_t frameSize) noexcept, std::size_t frameSize) noexcept
{
    std::uint64_t takers = taking.load(std::memory_order_relaxed);
    for (OpenTap *tap : m_taps) {
        if ((takers & tap->bit()) && !(tap->ring().*hasRoom)(frameSize))
            takers &= ~tap->bit();
    }
    taking.store(takers, std::memory_order_relaxed);
    return takers;
}

std::uint64_t TapHub::write(std::uint64_t takers, const FrameEvent &event, std::span<const std::byte> frame) noexcept
{
    const std::uint64_t missed = m_missed.load(std::memory_order_relaxed);
    std::uint64_t refused = 0;
    for (OpenTap *tap : m_taps) {
        if (!tap->write((takers & tap->bit()) != 0, missed, event, frame))
            refused |= tap->bit();
    }
    return refused;
}

} // namespace decoy::trace
