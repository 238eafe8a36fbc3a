// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/future.h>
#include <decoy/proxy_server.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// Objects that the tests of the lane use from other processes. Nothing in them sleeps: a call that has to last waits at a gate
/// until another call opens it.
namespace decoy::test {

using Bytes = std::vector<std::byte>;

/// Named places where calls wait.
class Gates {
public:
    void pass(const std::string &gate);
    void open(const std::string &gate);
    [[nodiscard]] int waiting(const std::string &gate) const;

private:
    struct Gate {
        bool isOpen = false;
        int waiting = 0;
    };
    mutable std::mutex m_mutex;
    std::condition_variable m_opened;
    std::map<std::string, Gate> m_gates;
};

/// Bound twice: as "lab", where calls may overlap, and as "till", where they may not.
class Lab {
public:
    explicit Lab(Gates &gates) : m_gates(gates) {}

    [[nodiscard]] Value echo(const Value &thing) const { return thing; }
    [[nodiscard]] Bytes blob(std::size_t size, int fill) const { return Bytes(size, static_cast<std::byte>(fill)); }
    [[nodiscard]] std::size_t length(const Bytes &bytes) const { return bytes.size(); }
    [[nodiscard]] int digits(int a, int b, int c) const { return 100 * a + 10 * b + c; }
    void nothing() const {}
    /// Keeps its thread busy for so long.
    void linger(int microseconds) const;

    /// Throws the library's error of that number, as if it had happened here.
    void fail(int kind, const std::string &message) const;
    void throwInteger() const { throw 7; }

    /// Waits until somebody opens the gate, then answers with `size` bytes.
    [[nodiscard]] Bytes waitAt(const std::string &gate, std::size_t size);
    void open(const std::string &gate) { m_gates.open(gate); }
    [[nodiscard]] int waiting(const std::string &gate) const { return m_gates.waiting(gate); }

    /// Writes a number down. Calls that overlap are counted.
    void note(int number);
    [[nodiscard]] std::vector<int> notes() const;
    [[nodiscard]] int overlaps() const { return m_overlaps; }

    int value = 100;
    std::string text = "plain";
    const int constant = 3;

private:
    class Inside;
    Gates &m_gates;
    std::atomic<int> m_inside{0};
    std::atomic<int> m_overlaps{0};
    mutable std::mutex m_mutex;
    std::vector<int> m_notes;
};
class Till : public Lab {
public:
    using Lab::Lab;
};

/// An object that hands out others and knows how many are alive.
class Node {
public:
    explicit Node(std::string name_ = "node") : name(std::move(name_)) { ++m_living; }
    ~Node() { --m_living; }
    Node(const Node &) = delete;
    Node &operator=(const Node &) = delete;

    /// A new object each time.
    [[nodiscard]] std::shared_ptr<Node> fresh() const { return std::make_shared<Node>("fresh"); }
    /// The same object as long as it lives.
    [[nodiscard]] std::shared_ptr<Node> child();
    /// Waits in a call on this object.
    void waitAt(const std::string &gate) const { gates->pass(gate); }
    [[nodiscard]] static int living() { return m_living; }

    std::string name;
    static inline Gates *gates = nullptr;

private:
    static inline std::atomic<int> m_living{0};
    std::mutex m_mutex;
    std::weak_ptr<Node> m_child;
};

/// Answers when another call says so.
class Later {
public:
    [[nodiscard]] Future<int> number(const std::string &name);
    [[nodiscard]] Future<void> nothing(const std::string &name);
    [[nodiscard]] Future<std::shared_ptr<Node>> fresh(const std::string &name);
    /// A coroutine that needs two numbers.
    [[nodiscard]] Future<int> sum(std::string one, std::string other);

    /// Keeps all promises of that name, in a thread of its own.
    void keep(const std::string &name, int number);
    void giveUp(const std::string &name);
    /// Promises of that name that somebody waits for.
    [[nodiscard]] int awaited(const std::string &name) const;

private:
    [[nodiscard]] std::vector<Promise<int>> take(const std::string &name);
    mutable std::mutex m_mutex;
    std::map<std::string, std::vector<Promise<int>>> m_promises;
};

/// An object that tells.
class Bell {
public:
    void ring(int times);
    void ringLoudly(std::size_t size);
    /// From several threads at once.
    void ringTogether(int threads, int times);
    [[nodiscard]] bool isWanted() const { return rang.isWanted(); }

    Event<std::int64_t, std::string> rang;
    std::atomic<std::int64_t> rung{0};

private:
    void ringOnce(const std::string &text);
    std::mutex m_mutex; // one number after the other
};

/// What a test wants to know about the process that serves.
class Probe {
public:
    explicit Probe(ProxyServer &server) : m_server(server) {}
    [[nodiscard]] int living() const { return Node::living(); }
    /// Open descriptors of this process.
    [[nodiscard]] int descriptors() const;
    /// What the epoll instances of this process watch.
    [[nodiscard]] int watched() const;
    [[nodiscard]] std::uint64_t references() const;
    /// Calls of the object with this id.
    [[nodiscard]] std::uint64_t calls(std::uint64_t id) const;
    [[nodiscard]] std::size_t objects() const { return m_server.objects().size(); }
    [[nodiscard]] std::size_t connections() const { return m_server.connections().size(); }
    /// Nanoseconds of all threads.
    [[nodiscard]] std::int64_t cpuTime() const;
    bool withdraw(const std::string &name) { return m_server.withdraw(name); }
    void stop() { m_server.stop(); }

private:
    ProxyServer &m_server;
};

/// The objects above, published as lab, till, node, later, bell and probe.
class ServedTestObjects {
public:
    explicit ServedTestObjects(ProxyServer &server);

    Gates gates;
    Lab lab{gates};
    Till till{gates};
    Node node{"root"};
    Later later;
    Bell bell;
    Probe probe;
};

} // namespace decoy::test
