// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy_server.h>
#include <decoy/target.h>

#include <cstdint>
#include <memory>
#include <string>

class QObject;

namespace decoy {

/// Makes a QObject usable by other processes, by its meta-object alone: its properties (SCRIPTABLE false hides one), its public
/// slots and public Q_INVOKABLE methods, and its signals as events (Proxy::subscribe): a property with NOTIFY can be subscribed to by its
/// own name. What QObject itself declares, and methods and signals whose types the meta-type system does not know are left out.
///
/// Everything is done in the object's own thread, by its event loop: server threads post there and wait for nothing. A thread
/// that runs no event loop never answers; the caller's deadline ends the wait.
///
/// Overloads are chosen by the number of arguments, then by how well they fit; default arguments may be left out. Values are
/// what QVariant can hold: enums are ints, or their names; dates are ISO 8601 text; gadgets and associative containers are
/// dicts. A result that is a QObject becomes a chained proxy to it.
///
/// Docs come from the class: `Q_CLASSINFO("doc", "Keeps a room warm.")`, `Q_CLASSINFO("doc:boost", "Heats for a while.")`.
///
/// A signal is connected while somebody has subscribed to it, directly: an event has the values of the moment. Connecting takes place in
/// the object's thread too, after the calls that wait there; calls of the subscriber that come later find it done.
///
/// The object stays its owner's and may be destroyed at any time: from then on, and for calls that wait, clients get
/// ProxyObjectNotFound. Do not cut its destroyed() signal off with a wildcard disconnect().
///
/// `object` must not be null, and not be in destruction while this is called; any thread may call it.
[[nodiscard]] std::shared_ptr<Target> qobjectTarget(QObject *object);

/// Publishes a QObject under a name and returns its id; see qobjectTarget() and ProxyServer::publish().
std::uint64_t publish(ProxyServer &server, std::string name, QObject *object);

} // namespace decoy
