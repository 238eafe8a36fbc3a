// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/problems.h"

#include "theme/fonts.h"
#include "trace/frame_names.h"

#include <decoy/error.h>
#include <decoy/frame.h>

#include <QDateTime>

#include <chrono>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString number(std::int64_t value) { return groupedNumber(static_cast<quint64>(value)); }

/// The time of day of a moment of CLOCK_MONOTONIC, in ns.
QString clockText(std::int64_t moment)
{
    using namespace std::chrono;
    const auto age = steady_clock::now().time_since_epoch() - nanoseconds(moment);
    const QDateTime time = QDateTime::currentDateTime().addMSecs(-duration_cast<milliseconds>(age).count());
    return time.toString(age < 24h ? u"HH:mm:ss"_s : u"yyyy-MM-dd HH:mm"_s);
}

QString typeText(const std::string &type) { return type.empty() ? u"an object"_s : QString::fromStdString(type); }

ProblemText chattyReads(const Problem &problem, const QString &client)
{
    const QString type = typeText(problem.type);
    ProblemText text;
    if (problem.limit > 1) {
        text.title = u"%1 reads %2 piece by piece"_s.arg(client, type);
        text.why =
            u"Up to %1 reads in one second, of %2 different attributes, %3 in all. Each read is a round trip of its "
            "own, and the attributes may change between two of them."_s.arg(
                number(problem.amount), number(problem.limit), groupedNumber(problem.count));
        text.advice =
            u"Give %1 one method that returns these attributes together, and call it once: it costs one round "
            "trip, and what it returns belongs together."_s.arg(type);
        return text;
    }
    text.title = u"%1 polls %2"_s.arg(client, methodText(problem.type, problem.member));
    text.why =
        u"Up to %1 reads of the same attribute in one second, %2 in all. Most of them bring what is known already."_s
            .arg(number(problem.amount), groupedNumber(problem.count));
    text.advice =
        u"Read it once and keep the value, or give %1 a method that answers when it has changed; waiting costs "
        "nothing."_s.arg(type);
    return text;
}

ProblemText chainNearLimit(const Problem &problem, const QString &client)
{
    ProblemText text;
    const bool reached = problem.amount >= problem.limit;
    text.title = reached ? u"%1 uses a chain up to its limit, level %2"_s.arg(client, number(problem.amount))
                         : u"%1 uses a chain near its limit, level %2 of %3"_s.arg(client, number(problem.amount),
                                                                                   number(problem.limit));
    text.why =
        u"%1 frames concern %2 at one of the last two levels. The next object that such a chain hands out beyond level "
        "%3 fails with LimitedProxyChaining."_s.arg(groupedNumber(problem.count), typeText(problem.type),
                                                    number(problem.limit));
    text.advice =
        u"Keep a reference to an object nearer to the root, or give the root a method that finds the object at once. "
        "Raise ServerOptions::maxChainLevel only if the tree really is that deep."_s;
    return text;
}

ProblemText frameNearBufsize(const Problem &problem)
{
    ProblemText text;
    const QString method = methodText(problem.type, problem.member);
    text.title = u"%1 fills its frames: %2 of %3"_s.arg(method, sizeText(static_cast<quint64>(problem.amount)),
                                                        sizeText(static_cast<quint64>(problem.limit)));
    text.why =
        u"%1 frames are larger than four fifths of bufsize. When the values grow a little more, the call fails with "
        "DataTooBigError."_s.arg(groupedNumber(problem.count));
    text.advice =
        u"Pass the value in pieces, or return an object that is asked for parts, instead of the whole. Or raise "
        "Limits::bufsize of the server."_s;
    return text;
}

ProblemText slowMethod(const Problem &problem)
{
    ProblemText text;
    const QString method = methodText(problem.type, problem.member);
    text.title = u"%1 is slow: p99 is %2"_s.arg(method, durationText(problem.amount));
    text.why = u"One call in a hundred of %1 takes that long or longer; the usual p99 of the other methods is %2."_s
                   .arg(groupedNumber(problem.count), durationText(problem.limit));
    text.advice =
        u"While it runs, further calls of the same object wait. Look at the slowest call; let the method start the "
        "work and return, or split it, and give clients a time-out above its p99."_s;
    return text;
}

ProblemText leakedProxies(const Problem &problem, const QString &client)
{
    const QString type = problem.type.empty() ? u"objects"_s : QString::fromStdString(problem.type);
    const QString where = problem.server.empty() ? QString() : u" of "_s + QString::fromStdString(problem.server);
    ProblemText text;
    text.title = u"%1 holds ever more of type %2%3: %4 references"_s.arg(client, type, where,
                                                                         groupedNumber(problem.count));
    text.why =
        u"The server's books: %1 references to %2 of them, the first handed out at %3. The number has only grown, from %4, "
        "and the server keeps every one of these objects alive."_s.arg(
            groupedNumber(problem.count), number(problem.amount), clockText(problem.since), number(problem.limit));
    text.advice =
        u"Look where the client keeps what methods return of type %1: a list or cache that is never emptied, a proxy in "
        "an object that lives on. Let proxies go out of scope, or close() them, as soon as they are no longer used, and "
        "ask again for what is needed again. `decoy ls --held` shows the same books."_s.arg(type);
    return text;
}

/// What helps against an error, by its kind: the library's own kinds say what the caller does next.
QString adviceAgainst(const std::string &error)
{
    const auto is = [&error](ErrorKind kind) { return error == errorKindName(kind); };
    if (is(ErrorKind::LimitedProxyChaining))
        return u"Keep a reference to an object nearer to the root, or raise ServerOptions::maxChainLevel."_s;
    if (is(ErrorKind::ProxyObjectNotFound))
        return u"The client uses an object that was never handed to it, was released or was withdrawn. Look for a proxy that is "
               "kept longer than its object, or for a name that is spelt differently."_s;
    if (is(ErrorKind::AttributeNotFound))
        return u"Compare the name with what the Inspector lists for this type; client and server may be of different "
               "versions. A read-only attribute cannot be set."_s;
    if (is(ErrorKind::ArgumentError))
        return u"Compare the arguments with the method's signature in the Inspector; client and server may be of different "
               "versions."_s;
    if (is(ErrorKind::DataTooBigError))
        return u"Pass the value in pieces, or raise Limits::bufsize of the server."_s;
    if (is(ErrorKind::DataDecodeError) || is(ErrorKind::EmptyData))
        return u"The client sends bytes that are no frame: look at the frame's bytes and at the client's encoder."_s;
    if (is(ErrorKind::LimitExceeded))
        return u"Release proxies that are no longer used and have fewer calls in flight, or raise the limit that the message "
               "names."_s;
    if (is(ErrorKind::ConcurrentModification))
        return u"Somebody changes the container while this client goes through it. Begin the iteration again, take a copy with one "
               "call, or let changes and iterations take turns."_s;
    return u"The method itself fails. If that is expected, ask before you act, so that the error stays the exception; if not, "
           "look at the arguments of the first frame."_s;
}

ProblemText repeatedError(const Problem &problem)
{
    ProblemText text;
    const QString method = methodText(problem.type, problem.member);
    text.title = u"%1 fails again and again: %2"_s.arg(method, QString::fromStdString(problem.error));
    text.why = u"%1 of %2 calls failed in this way. The first said: %3"_s.arg(
        groupedNumber(problem.count), number(problem.limit), QString::fromStdString(problem.message));
    text.advice = adviceAgainst(problem.error);
    return text;
}

ProblemText peerDied(const Problem &problem, const QString &client)
{
    ProblemText text;
    text.title = u"%1 ended in the middle of %2"_s.arg(client, methodText(problem.type, problem.member));
    text.why = problem.count == 1
        ? u"The process is gone, and this call of it was never answered."_s
        : u"The process is gone, and %1 calls of it were never answered; this is the newest."_s.arg(
            groupedNumber(problem.count));
    text.advice =
        u"Whether the call ran is not known to anybody: make it safe to repeat, or check its effect before the client "
        "starts again. Its log and exit code are under Workers, if it was started there."_s;
    return text;
}

ProblemText lostEvents(const Problem &problem, const QString &client)
{
    ProblemText text;
    if (problem.member.empty()) {
        text.title = u"Events of %1 for %2 are too large"_s.arg(typeText(problem.type), client);
        text.why =
            u"%1 of them fit into no frame and were not sent. The subscriber learns only how many it has missed."_s.arg(
                groupedNumber(problem.count));
        text.advice =
            u"Tell only that something has changed, and let subscribers ask for the value. Or raise Limits::bufsize of the "
            "server."_s;
        return text;
    }
    text.title = u"%1 is too slow for %2"_s.arg(client, methodText(problem.type, problem.member));
    text.why =
        u"%1 events found no room in its ring and were not sent: it does not read as fast as they come. It learns how "
        "many it has missed, but not which."_s.arg(groupedNumber(problem.count));
    text.advice =
        u"Let the client be in Connection::process() more often and its handler do less; or emit less often, for one event "
        "can tell of many changes."_s;
    return text;
}

} // namespace

bool Problem::isSameAs(const Problem &other) const
{
    if (kind != other.kind || process != other.process || connection != other.connection || server != other.server)
        return false;
    if (kind == ProblemKind::PeerDied)
        return true; // a process dies once, in however many calls
    if (kind == ProblemKind::ChattyReads || kind == ProblemKind::ChainNearLimit)
        return type == other.type;
    return type == other.type && member == other.member && error == other.error && opcode == other.opcode;
}

QString methodText(const std::string &type, const std::string &member)
{
    const QString name = member.empty() ? u"a method"_s : QString::fromStdString(member);
    return type.empty() ? name : QString::fromStdString(type) + u'.' + name;
}

ProblemText describeProblem(const Problem &problem, const FrameNames &names)
{
    const QString client = problem.process == 0 && problem.connection != 0
        ? u"The client of channel %1"_s.arg(problem.connection) // of a mailbox that nobody owned up to
        : names.process(problem.process);
    switch (problem.kind) {
    case ProblemKind::ChattyReads: return chattyReads(problem, client);
    case ProblemKind::ChainNearLimit: return chainNearLimit(problem, client);
    case ProblemKind::FrameNearBufsize: return frameNearBufsize(problem);
    case ProblemKind::SlowMethod: return slowMethod(problem);
    case ProblemKind::LeakedProxies: return leakedProxies(problem, client);
    case ProblemKind::RepeatedError: return repeatedError(problem);
    case ProblemKind::PeerDied: return peerDied(problem, client);
    case ProblemKind::LostEvents: return lostEvents(problem, client);
    }
    return {};
}

} // namespace decoy::ui
