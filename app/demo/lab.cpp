// SPDX-License-Identifier: BSD-3-Clause
#include "lab.h"

#include <decoy/error.h>

#include <chrono>

namespace decoy::demo {

std::vector<std::byte> Lab::blob(std::int64_t size) const
{
    if (size < 0 || size > largestBlob)
        throw ArgumentError("blob() gives 0 to " + std::to_string(largestBlob) + " bytes, not " + std::to_string(size));
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i & 0xff);
    return bytes;
}

std::vector<Value> Lab::map(const std::function<Value(Value)> &f, const std::vector<Value> &values) const
{
    if (!f)
        throw ArgumentError("map() needs something to call");
    std::vector<Value> answers;
    for (const Value &value : values)
        answers.push_back(f(value));
    return answers;
}

void Lab::sleep(double seconds)
{
    // Written so that NaN is refused too.
    if (!(seconds >= 0 && seconds <= longestSleep))
        throw ArgumentError("sleep() takes 0 to " + std::to_string(static_cast<int>(longestSleep)) + " seconds");
    std::unique_lock lock(m_mutex);
    ++m_sleeps;
    if (m_closing.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return m_closed; }))
        throw LabFailure("the lab is closing");
}

std::int64_t Lab::sleeps() const
{
    const std::lock_guard lock(m_mutex);
    return m_sleeps;
}

void Lab::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_closing.notify_all();
}

} // namespace decoy::demo
