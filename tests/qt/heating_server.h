// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/connection.h>
#include <decoy/error.h>
#include <decoy/json.h>
#include <decoy/proxy_server.h>
#include <decoy/qt/qobject_target.h>

#include <QEventLoop>
#include <QString>
#include <QThread>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

/// What tests need whose own thread has to answer: clients in other threads, and a server.
namespace decoy::test {

/// Runs `client` in a thread of its own, and this thread's event loop until it is done. Throws what it throws.
template <class Client>
void runClient(Client client)
{
    std::exception_ptr failure;
    QEventLoop loop;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        try {
            client();
        } catch (...) {
            failure = std::current_exception();
        }
    }));
    QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    loop.exec();
    thread->wait();
    if (failure)
        std::rethrow_exception(failure);
}

/// "KIND: message" of the error that `client` gets; "no error" if none.
template <class Client>
QString errorOf(Client client)
{
    QString text = QStringLiteral("no error");
    runClient([&] {
        try {
            client();
        } catch (const RemoteError &error) {
            text = QString::fromStdString("RemoteError: " + error.type() + ": " + error.message() + " in "
                                          + error.where());
        } catch (const ProxyError &error) {
            text = QString::fromStdString(std::string(errorKindName(error.kind())) + ": " + error.what());
        }
    });
    return text;
}

/// A running server with an object that lives in this thread: a `Heater` of the test's own.
template <class Heater>
struct HeatingServer {
    ProxyServer server{"heating"};
    std::unique_ptr<Heater> heater = std::make_unique<Heater>();
    Proxy proxy;

    HeatingServer()
    {
        publish(server, "heater", heater.get());
        server.run();
        proxy = decoy::connect("heating")["heater"];
    }
    [[nodiscard]] QString json(std::string_view attribute) const
    {
        std::string text;
        runClient([&] { text = toJson(proxy.get(attribute)); });
        return QString::fromStdString(text);
    }
    template <class... Args>
    [[nodiscard]] QString call(std::string_view method, const Args &...args) const
    {
        std::string text;
        runClient([&] { text = toJson(proxy.call(method, args...)); });
        return QString::fromStdString(text);
    }
};

} // namespace decoy::test
