// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/value.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace decoy::demo {

/// What Lab::fail() throws; clients see it as a RemoteError of this type.
class LabFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A place for experiments with large, slow and failing calls. Thread-safe: its calls run side by side.
class Lab {
public:
    /// The longest sleep() and the largest blob() that a client may ask of this process.
    static constexpr double longestSleep = 60;
    static constexpr std::int64_t largestBlob = 64 * 1024 * 1024;

    [[nodiscard]] Value echo(Value value) const { return value; }

    /// `size` bytes: 0, 1, ... 255, 0, ... Throws ArgumentError outside 0 to largestBlob.
    [[nodiscard]] std::vector<std::byte> blob(std::int64_t size) const;

    /// What `f`, which may be the client's own, answers to each value in turn.
    [[nodiscard]] std::vector<Value> map(const std::function<Value(Value)> &f, const std::vector<Value> &values) const;

    /// Returns after `seconds`. Throws ArgumentError outside 0 to longestSleep, LabFailure when the lab closes.
    void sleep(double seconds);
    /// Calls of sleep() that have begun since the lab was opened.
    [[nodiscard]] std::int64_t sleeps() const;

    /// Throws LabFailure with this message.
    void fail(const std::string &message) const { throw LabFailure(message); }

    /// Wakes everyone who sleeps and lets nobody sleep again, so that a server can stop at once.
    void close();

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_closing;
    std::int64_t m_sleeps = 0;
    bool m_closed = false;
};

} // namespace decoy::demo
