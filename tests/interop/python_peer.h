// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"

#include <decoy/duck.h>

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <string>

namespace decoy::test {

/// One of the programs of duck_peer/, which takes and gives JSON lines; killed, if it still runs, when this object goes.
class PythonPeer {
public:
    PythonPeer(const QString &program, const QStringList &arguments);

    [[nodiscard]] int id() const { return m_process.id(); }
    void send(int signal) const { m_process.send(signal); }
    [[nodiscard]] const Process &process() const noexcept { return m_process; }
    void say(const QByteArray &line) { m_process.writeLine(line); }
    /// What it says next. Throws if that is no JSON object, with what it said to a person.
    [[nodiscard]] QJsonObject read();
    /// Ends its input, and waits until it ends.
    Outcome end();
    /// Waits until it ends by itself.
    Outcome waitForEnd() { return m_process.waitForEnd(); }

private:
    Process m_process;
};

/// What a Python client got for one command.
class PythonAnswer {
public:
    explicit PythonAnswer(QJsonObject object) : m_object(std::move(object)) {}

    /// In one line: `int 5`, `NoneType null`, `callable echo`, `proxy Node`, `ProxyError: no such thing`; else the JSON itself.
    [[nodiscard]] QByteArray text() const;
    [[nodiscard]] bool isError() const { return m_object.contains("error"); }
    [[nodiscard]] const QJsonObject &object() const noexcept { return m_object; }
    /// Of a proxy.
    [[nodiscard]] std::uint64_t id() const;
    [[nodiscard]] int level() const;

private:
    [[nodiscard]] QJsonObject proxy() const { return m_object["proxy"].toObject(); }
    QJsonObject m_object;
};

/// A rude client: see client_driver.py. Its calls end after half a minute unless a command says otherwise.
class PythonClient : public PythonPeer {
public:
    explicit PythonClient(const DuckAddress &address, const QStringList &options = {});

    PythonAnswer ask(const QString &what, QJsonObject more = {});
    PythonAnswer get(const QString &attribute, QJsonObject more = {});
    PythonAnswer set(const QString &attribute, const QJsonValue &value, QJsonObject more = {});
    /// Two requests, as Python makes them: a GET of the method, then an EXECUTE.
    PythonAnswer call(const QString &method, const QJsonArray &arguments = {}, QJsonObject more = {});
    /// The EXECUTE alone.
    PythonAnswer execute(const QString &method, const QJsonArray &arguments = {}, QJsonObject more = {});
};

/// A rude server: see server_driver.py.
class PythonServer : public PythonPeer {
public:
    explicit PythonServer(std::uint32_t bufsize = 65536, const QStringList &options = {});

    /// Of its counter, tree, values or list.
    [[nodiscard]] const DuckAddress &address(const std::string &name) const { return m_addresses.at(name); }
    /// How many objects it holds.
    [[nodiscard]] int objects();

private:
    std::map<std::string, DuckAddress> m_addresses;
};

/// The options that name a mailbox to a Python program.
[[nodiscard]] QStringList optionsFor(const DuckAddress &address);

} // namespace decoy::test
