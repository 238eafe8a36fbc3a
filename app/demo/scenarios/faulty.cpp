// SPDX-License-Identifier: BSD-3-Clause
#include "../node.h"
#include "../scenarios.h"

#include <decoy/class.h>
#include <decoy/proxy_server.h>

#include <array>
#include <unistd.h>
#include <vector>

namespace decoy::demo {

namespace {

/// One way to go wrong. `commit` throws the expected kind of error, if all is well.
struct Fault {
    std::string_view what;
    ErrorKind expected;
    void (*commit)(const Connection &server);
};

// ---- what the demo server refuses ----

void readUnknownAttribute(const Connection &server) { (void)server["counter"].get("b"); }
void writeReadOnlyAttribute(const Connection &server) { server["account"].set("balance", 1'000'000); }
void callUnknownMethod(const Connection &server) { server["account"].call("rob"); }
void leaveOutArgument(const Connection &server) { server["account"].call("deposit"); }
void giveOneArgumentTooMany(const Connection &server) { server["counter"].call("add", 1, 2); }
void nameUnknownArgument(const Connection &server) { server["account"].call("deposit", 1, kw("note", "?")); }
void passWrongType(const Connection &server) { server["counter"].call("add", "five"); }
void withdrawTooMuch(const Connection &server) { server["account"].call("withdraw", 1'000'000'000); }
void failOnPurpose(const Connection &server) { server["lab"].call("fail", "an experiment that went wrong"); }
void askForUnknownObject(const Connection &server) { (void)server["nobody"]; }

void guessAnId(const Connection &server)
{
    server["counter"].getResponse(Frame(ProxyOpCode::Get, {std::uint64_t{987'654'321}, "a"}));
}

void climbTooHigh(const Connection &server)
{
    for (Proxy node = server["node"];;)
        node = node.call<Proxy>("child");
}

void sendTooMuch(const Connection &server) { server["lab"].call("echo", std::string(server.limits().bufsize, 'x')); }
void askForTooMuch(const Connection &server) { server["lab"].call("blob", server.limits().bufsize); }

void waitTooShort(const Connection &server)
{
    server["lab"].withTimeout(std::chrono::milliseconds(20)).call("sleep", 0.2);
}

// ---- what this side refuses ----

void useClosedProxy(const Connection &server)
{
    Proxy counter = server["counter"];
    counter.close();
    (void)counter.get("a");
}

void takeTextForNumber(const Connection &server) { (void)server["account"].get<int>("owner"); }
void passProxyAsArgument(const Connection &server) { server["lab"].call("echo", Value(server["node"])); }

void readEmptyMailbox(const Connection &)
{
    const std::array<std::byte, 64> mailbox{};
    (void)readFrame(mailbox);
}

void connectToNobody(const Connection &server) { (void)connect(server.serverName() + ".nobody"); }

// ---- what servers refuse; some in this process, made to be refused by ----

[[nodiscard]] std::string privateName() { return "faulty-" + std::to_string(::getpid()); }

void takeNameOfLiveServer(const Connection &server) { ProxyServer(server.serverName()).run(); }

void runTwice(const Connection &)
{
    ProxyServer server(privateName());
    server.run();
    server.run();
}

void publishUnboundClass(const Connection &)
{
    Node node;
    ProxyServer(privateName()).publish("node", node);
}

void connectWithoutRight(const Connection &)
{
    ServerOptions options;
    options.authorise = [](const PeerCredentials &) { return false; };
    ProxyServer server(privateName(), options);
    server.run();
    (void)connect(privateName());
}

void callDeadServer(const Connection &)
{
    std::vector<int> numbers{1, 2, 3};
    ProxyServer server(privateName());
    server.publish("numbers", numbers);
    server.run();
    const Proxy proxy = connect(privateName())["numbers"];
    server.stop();
    proxy.call("__len__");
}

void changeWhileIterating(const Connection &)
{
    std::vector<int> numbers(itemsPerBatch + 1);
    ProxyServer server(privateName());
    server.publish("numbers", numbers);
    server.run();
    const Proxy proxy = connect(privateName())["numbers"];
    for ([[maybe_unused]] const Value &number : proxy)
        proxy[0] = 1;
}

void holdTooMany(const Connection &)
{
    Node root;
    ServerOptions options;
    options.limits.referencesPerClient = 2;
    ProxyServer server(privateName(), options);
    server.bind(Class<Node>("Node").method("child", &Node::child));
    server.publish("node", root);
    server.run();
    std::vector<Proxy> held{connect(privateName())["node"]};
    for (int i = 0; i < options.maxChainLevel; ++i)
        held.push_back(held.back().call<Proxy>("child"));
}

constexpr Fault faults[] = {
    {"read an unknown attribute", ErrorKind::AttributeNotFound, readUnknownAttribute},
    {"write a read-only attribute", ErrorKind::AttributeNotFound, writeReadOnlyAttribute},
    {"call an unknown method", ErrorKind::AttributeNotFound, callUnknownMethod},
    {"leave out an argument", ErrorKind::ArgumentError, leaveOutArgument},
    {"give one argument too many", ErrorKind::ArgumentError, giveOneArgumentTooMany},
    {"name an unknown argument", ErrorKind::ArgumentError, nameUnknownArgument},
    {"pass the wrong type", ErrorKind::ArgumentError, passWrongType},
    {"withdraw too much", ErrorKind::RemoteError, withdrawTooMuch},
    {"fail on purpose", ErrorKind::RemoteError, failOnPurpose},
    {"ask for an unknown object", ErrorKind::ProxyObjectNotFound, askForUnknownObject},
    {"guess an id", ErrorKind::ProxyObjectNotFound, guessAnId},
    {"use a closed proxy", ErrorKind::ProxyObjectNotFound, useClosedProxy},
    {"climb too high", ErrorKind::LimitedProxyChaining, climbTooHigh},
    {"send too much", ErrorKind::DataTooBigError, sendTooMuch},
    {"ask for too much", ErrorKind::DataTooBigError, askForTooMuch},
    {"wait too short", ErrorKind::CallTimeout, waitTooShort},
    {"take text for a number", ErrorKind::DataDecodeError, takeTextForNumber},
    {"pass a proxy as an argument", ErrorKind::DataEncodeError, passProxyAsArgument},
    {"read an empty mailbox", ErrorKind::EmptyData, readEmptyMailbox},
    {"connect to nobody", ErrorKind::ServerNotFound, connectToNobody},
    {"take the name of a live server", ErrorKind::NameTaken, takeNameOfLiveServer},
    {"run a server twice", ErrorKind::AlreadyRunning, runTwice},
    {"publish an unbound class", ErrorKind::ProxyError, publishUnboundClass},
    {"connect without the right to", ErrorKind::AccessDenied, connectWithoutRight},
    {"call a dead server", ErrorKind::PeerDied, callDeadServer},
    {"hold too many objects", ErrorKind::LimitExceeded, holdTooMany},
    {"change what is being iterated over", ErrorKind::ConcurrentModification, changeWhileIterating},
};

/// Logs the error that came. Throws ProxyError if it was another one than expected, or none.
void commit(const Fault &fault, const ScenarioRun &run)
{
    const std::string expected = std::string(fault.what) + ": expected " + std::string(errorKindName(fault.expected));
    try {
        fault.commit(run.server());
    } catch (const ProxyError &error) {
        if (error.kind() != fault.expected)
            throw ProxyError(expected + ", got " + errorText(error));
        run.log(fault.what, error);
        return;
    }
    throw ProxyError(expected + ", got no error");
}

/// One round commits every fault.
void play(ScenarioRun &run)
{
    while (run.nextRound()) {
        for (const Fault &fault : faults) {
            commit(fault, run);
            if (!run.pace())
                return;
        }
    }
}

} // namespace

constinit const Scenario faulty{"faulty", "Makes every error there is, one after the other.", 2, play};

} // namespace decoy::demo
