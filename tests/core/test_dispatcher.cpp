// SPDX-License-Identifier: BSD-3-Clause
#include "dispatcher.h"
#include "event_stream.h"
#include "support/raw_client.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace decoy;
using namespace decoy::test;

namespace {

/// Counts what is borrowed of it, and has nothing.
class CountingLender final : public PackLender {
public:
    CountingLender() : PackLender(1) {} // nearly all is large
    [[nodiscard]] std::unique_ptr<PackSpace> lend() noexcept override
    {
        ++asked;
        return nullptr;
    }
    int asked = 0;
};

/// A client without a process.
class Client final : public object::Caller::Answers {
public:
    explicit Client(const ServedObjects &served)
        : caller(std::make_shared<object::Caller>(served.takeConnectionNumber(), PeerCredentials{}, Lane::Native,
                                                  served.table, served.limits, *this))
    {
        caller->addRoot(served.directory, -1);
    }
    bool sendResult(std::uint64_t, std::span<const std::byte> frame) override
    {
        results.emplace_back(frame.begin(), frame.end());
        return true;
    }
    [[nodiscard]] PackLender *lender() noexcept override { return &lent; }
    [[nodiscard]] Frame result() const { return Frame::parse(std::span(results.back()).subspan(framePrefixSize)); }

    CountingLender lent;
    std::vector<std::vector<std::byte>> results;
    std::shared_ptr<object::Caller> caller;
};

class NoWatch final : public CallWatch {
public:
    void callBegins(const IncomingCall &) noexcept override {}
    void callEnds() noexcept override {}
    void callDeferred(const IncomingCall &, std::weak_ptr<void>) override {}
};

/// A target that has nothing to say.
class Silent : public Target {
public:
    [[nodiscard]] std::string_view typeName() const noexcept override { return "Silent"; }
    [[nodiscard]] Description describe() const override { return {}; }
    void get(std::string_view, Reply &reply) override { reply.none(); }
    void set(std::string_view, const msgpack::object &, Reply &reply) override { reply.none(); }
    void call(std::string_view, const Arguments &, Reply &reply) override { reply.none(); }
};

/// Hands an object out later, and changes its mind.
class Undecided final : public Silent {
public:
    void call(std::string_view, const Arguments &, Reply &reply) override
    {
        const std::shared_ptr<Reply> later = reply.defer();
        later->object(other);
        later->fail({ErrorKind::CallTimeout, {}, "too late", {}});
        later->object(std::make_shared<Silent>());
    }
    std::shared_ptr<Target> other = std::make_shared<Silent>();
};

/// Has any event that somebody subscribes to, and never tells of one.
class Telling final : public Silent {
public:
    std::shared_ptr<void> subscribe(std::string_view, std::shared_ptr<EventSink>) override
    {
        return std::make_shared<int>(0);
    }
};

} // namespace

/// What the dispatcher does with requests and answers, without any lane.
class TestDispatcher : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_served = std::make_shared<ServedObjects>(Limits(), 7, 16);
        m_dispatcher = std::make_unique<Dispatcher>(m_served);
    }

    void nothingIsBorrowedOfAClientWhoseRequestIsDone();
    void aSecondAnswerChangesNothing();
    void aClientThatGoesWhileItSubscribesLeavesNothing();

private:
    void handle(Client &client, std::uint64_t callId, std::uint64_t object, const std::string &method,
                const std::vector<Value> &arguments = {}, bool isOnResult = false)
    {
        const std::vector<std::byte> frame = frameBytes(
            Frame(ProxyOpCode::Execute,
                  {Value(object), Value(method), Value(arguments), Value(std::map<std::string, Value>())}));
        IncomingCall call{client.caller, callId, false, frame};
        call.isOnResult = isOnResult;
        m_dispatcher->handle(std::move(call), m_workspace);
    }

    std::shared_ptr<ServedObjects> m_served;
    std::unique_ptr<Dispatcher> m_dispatcher;
    NoWatch m_watch;
    Workspace m_workspace{m_watch};
};

void TestDispatcher::nothingIsBorrowedOfAClientWhoseRequestIsDone()
{
    Client gone(*m_served);
    Client other(*m_served);
    // A request on the result of a call that there was not. Ids that large are written as they are replaced.
    handle(gone, 1, std::uint64_t{1} << 60, "child", {}, true);
    QCOMPARE(gone.results.size(), std::size_t{1});
    const int asked = gone.lent.asked;
    handle(other, 2, 0, "__cancel__", {Value(7)});
    QCOMPARE(other.result().payload().at(1).as<bool>(), false);
    QCOMPARE(gone.lent.asked, asked);
    QVERIFY(other.lent.asked > 0);
}

void TestDispatcher::aSecondAnswerChangesNothing()
{
    Client client(*m_served);
    const auto undecided = std::make_shared<Undecided>();
    const auto entry = m_served->table->publish("undecided", undecided);
    client.caller->addRoot(entry, 0);
    handle(client, 1, entry->id, "decide");
    QCOMPARE(client.results.size(), std::size_t{1});
    const auto objects = m_served->table->snapshot();
    QCOMPARE(objects.size(), std::size_t{2}); // the published one and the first answer
    const auto held = client.caller->find(objects.back().id);
    QVERIFY(held && held->entry->target == undecided->other); // which its client has got, and can use
}

void TestDispatcher::aClientThatGoesWhileItSubscribesLeavesNothing()
{
    const auto entry = m_served->table->publish("telling", std::make_shared<Telling>());
    const auto reference = std::make_shared<object::HeldReference>(entry, m_served->table, true);
    for (int round = 0; round < 3000; ++round) {
        Client client(*m_served);
        std::atomic<bool> begins{false};
        std::thread leaving([&] {
            while (!begins.load()) {}
            client.caller->dismiss();
        });
        begins = true;
        try {
            EventStream::open(*m_served, client.caller, reference, "told", 1);
        } catch (const ProxyError &) {
            // It was gone before.
        }
        leaving.join();
        QCOMPARE(entry->subscriptions.size(), std::size_t{0});
    }
}

QTEST_GUILESS_MAIN(TestDispatcher)
#include "test_dispatcher.moc"
