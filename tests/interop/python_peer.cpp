// SPDX-License-Identifier: BSD-3-Clause
#include "python_peer.h"

#include <QJsonDocument>

#include <stdexcept>

namespace decoy::test {

namespace {

/// A value on its own, which QJsonDocument cannot be.
QByteArray toText(const QJsonValue &value)
{
    const QByteArray inArray = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return inArray.mid(1, inArray.size() - 2);
}

} // namespace

PythonPeer::PythonPeer(const QString &program, const QStringList &arguments)
    : m_process(DECOY_PYTHON, QStringList{QStringLiteral(DECOY_DUCK_PEER "/") + program} + arguments)
{}

QJsonObject PythonPeer::read()
{
    const QByteArray line = m_process.readLine();
    const QJsonDocument document = QJsonDocument::fromJson(line);
    if (document.isObject())
        return document.object();
    m_process.send(9);
    throw std::runtime_error("a Python peer said \"" + line.toStdString()
                             + "\": " + m_process.waitForEnd().errors.toStdString());
}

Outcome PythonPeer::end()
{
    m_process.closeInput();
    return m_process.waitForEnd();
}

QByteArray PythonAnswer::text() const
{
    if (isError())
        return (m_object["kind"].toString() + ": " + m_object["error"].toString()).toUtf8();
    if (m_object.contains("value"))
        return m_object["type"].toString().toUtf8() + " " + toText(m_object["value"]);
    if (m_object.contains("callable"))
        return "callable " + m_object["callable"].toString().toUtf8();
    if (m_object.contains("proxy"))
        return "proxy " + proxy()["type"].toString().toUtf8();
    return QJsonDocument(m_object).toJson(QJsonDocument::Compact);
}

std::uint64_t PythonAnswer::id() const { return static_cast<std::uint64_t>(proxy()["id"].toInteger()); }

int PythonAnswer::level() const { return proxy()["level"].toInt(); }

PythonClient::PythonClient(const DuckAddress &address, const QStringList &options)
    : PythonPeer("client_driver.py", optionsFor(address) + QStringList{"--timeout", "30"} + options)
{}

PythonAnswer PythonClient::ask(const QString &what, QJsonObject more)
{
    more["do"] = what;
    say(QJsonDocument(more).toJson(QJsonDocument::Compact));
    return PythonAnswer(read());
}

PythonAnswer PythonClient::get(const QString &attribute, QJsonObject more)
{
    more["attr"] = attribute;
    return ask("get", std::move(more));
}

PythonAnswer PythonClient::set(const QString &attribute, const QJsonValue &value, QJsonObject more)
{
    more["attr"] = attribute;
    more["value"] = value;
    return ask("set", std::move(more));
}

PythonAnswer PythonClient::call(const QString &method, const QJsonArray &arguments, QJsonObject more)
{
    more["method"] = method;
    more["args"] = arguments;
    return ask("call", std::move(more));
}

PythonAnswer PythonClient::execute(const QString &method, const QJsonArray &arguments, QJsonObject more)
{
    more["direct"] = true;
    return call(method, arguments, std::move(more));
}

PythonServer::PythonServer(std::uint32_t bufsize, const QStringList &options)
    : PythonPeer("server_driver.py", QStringList{"--bufsize", QString::number(bufsize)} + options)
{
    for (QJsonObject line = read(); !line.contains("ready"); line = read()) {
        DuckAddress &address = m_addresses[line["object"].toString().toStdString()];
        address.id = static_cast<std::uint64_t>(line["id"].toInteger());
        address.segment = line["segment"].toString().toStdString();
        address.bufsize = static_cast<std::uint32_t>(line["bufsize"].toInteger());
        address.process = line["pid"].toInt();
    }
}

int PythonServer::objects()
{
    say("objects");
    return read()["objects"].toInt();
}

QStringList optionsFor(const DuckAddress &address)
{
    return {
        "--segment", QString::fromStdString(address.segment), "--id",        QString::number(address.id),
        "--bufsize", QString::number(address.bufsize),        "--max-level", QString::number(address.maxChainLevel)};
}

} // namespace decoy::test
