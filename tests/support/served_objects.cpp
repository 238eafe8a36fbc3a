// SPDX-License-Identifier: BSD-3-Clause
#include "served_objects.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace decoy::test {

void Gates::pass(const std::string &gate)
{
    std::unique_lock lock(m_mutex);
    Gate &place = m_gates[gate];
    ++place.waiting;
    m_opened.wait(lock, [&place] { return place.isOpen; });
    --place.waiting;
}

void Gates::open(const std::string &gate)
{
    const std::lock_guard lock(m_mutex);
    m_gates[gate].isOpen = true;
    m_opened.notify_all();
}

int Gates::waiting(const std::string &gate) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_gates.find(gate);
    return found == m_gates.end() ? 0 : found->second.waiting;
}

class Lab::Inside {
public:
    explicit Inside(Lab &lab) : m_lab(lab)
    {
        if (m_lab.m_inside.fetch_add(1) != 0)
            ++m_lab.m_overlaps;
    }
    ~Inside() { --m_lab.m_inside; }
    Inside(const Inside &) = delete;
    Inside &operator=(const Inside &) = delete;

private:
    Lab &m_lab;
};

void Lab::fail(int kind, const std::string &message) const
{
    Failure{static_cast<ErrorKind>(kind), "Broken", message, "somewhere"}.raise();
}

Bytes Lab::waitAt(const std::string &gate, std::size_t size)
{
    const Inside inside(*this);
    m_gates.pass(gate);
    return blob(size, 1);
}

void Lab::linger(int microseconds) const
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
    while (std::chrono::steady_clock::now() < end) {}
}

void Lab::note(int number)
{
    const Inside inside(*this);
    const std::lock_guard lock(m_mutex);
    m_notes.push_back(number);
}

std::vector<int> Lab::notes() const
{
    const std::lock_guard lock(m_mutex);
    return m_notes;
}

std::shared_ptr<Node> Node::child()
{
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<Node> child = m_child.lock();
    if (!child)
        m_child = child = std::make_shared<Node>("child");
    return child;
}

Future<int> Later::number(const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    return m_promises[name].emplace_back().future();
}

Future<void> Later::nothing(const std::string &name)
{
    return number(name).then([](int) {});
}

Future<std::shared_ptr<Node>> Later::fresh(const std::string &name)
{
    return number(name).then([](int) { return std::make_shared<Node>("fresh"); });
}

Future<int> Later::sum(std::string one, std::string other)
{
    const int first = co_await number(one);
    co_return first + co_await number(other);
}

std::vector<Promise<int>> Later::take(const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    auto promises = m_promises.extract(name);
    return promises.empty() ? std::vector<Promise<int>>() : std::move(promises.mapped());
}

void Later::keep(const std::string &name, int number)
{
    std::thread([promises = take(name), number]() mutable {
        for (Promise<int> &promise : promises)
            promise.set(number);
    }).join();
}

void Later::giveUp(const std::string &name) { take(name).clear(); }

int Later::awaited(const std::string &name) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_promises.find(name);
    if (found == m_promises.end())
        return 0;
    return static_cast<int>(
        std::ranges::count_if(found->second, [](const Promise<int> &promise) { return !promise.isAbandoned(); }));
}

int Probe::descriptors() const
{
    int count = -1; // the one that lists them
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

int Probe::watched() const
{
    int count = 0;
    for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);)
            count += line.starts_with("tfd:") ? 1 : 0;
    }
    return count;
}

void Bell::ringOnce(const std::string &text)
{
    const std::lock_guard lock(m_mutex);
    rang(++rung, text);
}

void Bell::ring(int times)
{
    for (int i = 0; i < times; ++i)
        ringOnce("ding");
}

void Bell::ringLoudly(std::size_t size) { ringOnce(std::string(size, 'o')); }

void Bell::ringTogether(int threads, int times)
{
    std::vector<std::jthread> ringers;
    for (int i = 0; i < threads; ++i)
        ringers.emplace_back([this, times] { ring(times); });
}

std::uint64_t Probe::references() const
{
    std::uint64_t count = 0;
    for (const ObjectInfo &object : m_server.objects())
        count += object.references;
    return count;
}

std::uint64_t Probe::calls(std::uint64_t id) const
{
    const std::vector<ObjectInfo> objects = m_server.objects();
    const auto found = std::ranges::find(objects, id, &ObjectInfo::id);
    return found == objects.end() ? 0 : found->calls;
}

std::int64_t Probe::cpuTime() const
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

namespace {

template <class T>
Class<T> labClass(std::string name)
{
    return Class<T>(std::move(name))
        .property("value", &T::value)
        .property("text", &T::text)
        .property("constant", &T::constant)
        .method("echo", &T::echo, arg("thing"))
        .method("blob", &T::blob, arg("size"), arg("fill") = 0)
        .method("length", &T::length, arg("bytes"))
        .method("digits", &T::digits, arg("a"), arg("b") = 2, arg("c") = 3)
        .method("nothing", &T::nothing)
        .method("linger", &T::linger, arg("microseconds"))
        .method("fail", &T::fail, arg("kind"), arg("message"))
        .method("throwInteger", &T::throwInteger)
        .method("waitAt", &T::waitAt, arg("gate"), arg("size") = 0)
        .method("open", &T::open, arg("gate"))
        .method("waiting", &T::waiting, arg("gate"))
        .method("note", &T::note, arg("number"))
        .method("notes", &T::notes)
        .method("overlaps", &T::overlaps);
}

} // namespace

ServedTestObjects::ServedTestObjects(ProxyServer &server) : probe(server)
{
    Node::gates = &gates;
    server.bind(labClass<Lab>("Lab").threading(Threading::Concurrent));
    server.bind(labClass<Till>("Till"));
    server.bind(Class<Node>("Node")
                    .property("name", &Node::name)
                    .method("fresh", &Node::fresh)
                    .method("child", &Node::child)
                    .method("itself", [](Node &self) -> Node & { return self; })
                    .method("waitAt", &Node::waitAt, arg("gate")));
    server.bind(Class<Later>("Later")
                    .method("number", &Later::number, arg("name"))
                    .method("nothing", &Later::nothing, arg("name"))
                    .method("fresh", &Later::fresh, arg("name"))
                    .method("sum", &Later::sum, arg("one"), arg("other"))
                    .method("keep", &Later::keep, arg("name"), arg("number"))
                    .method("giveUp", &Later::giveUp, arg("name"))
                    .method("awaited", &Later::awaited, arg("name")));
    server.bind(Class<Probe>("Probe")
                    .method("living", [](Probe &) { return Node::living(); })
                    .method("descriptors", &Probe::descriptors)
                    .method("watched", &Probe::watched)
                    .method("references", &Probe::references)
                    .method("calls", &Probe::calls, arg("id"))
                    .method("objects", &Probe::objects)
                    .method("connections", &Probe::connections)
                    .method("cpuTime", &Probe::cpuTime)
                    .method("withdraw", &Probe::withdraw, arg("name"))
                    .method("stop", &Probe::stop)
                    .threading(Threading::Concurrent));
    server.bind(Class<Bell>("Bell")
                    .property("rung", [](Bell &object) { return object.rung.load(); })
                    .property("isWanted", &Bell::isWanted)
                    .method("ring", &Bell::ring, arg("times"))
                    .method("ringLoudly", &Bell::ringLoudly, arg("size"))
                    .method("ringTogether", &Bell::ringTogether, arg("threads"), arg("times"))
                    .event("rang", &Bell::rang, arg("number"), arg("text"), notifies("rung"), "At each ring.")
                    .threading(Threading::Concurrent));
    server.publish("lab", lab);
    server.publish("till", till);
    server.publish("node", node);
    server.publish("later", later);
    server.publish("probe", probe);
    server.publish("bell", bell);
}

} // namespace decoy::test
