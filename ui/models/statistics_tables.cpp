// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/statistics_tables.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "trace/frame_names.h"
#include "trace/problems.h"

#include <decoy/frame.h>

#include <QGuiApplication>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString rateText(double perSecond)
{
    return perSecond > 0 && perSecond < 9.95 ? QString::number(perSecond, 'f', 1)
                                             : groupedNumber(static_cast<quint64>(perSecond + 0.5));
}

QString rowText(Row row) { return row == noRow ? QString() : groupedNumber(row + 1); }

const OpcodeStyle &styleOf(FrameRole role) { return opcodeStyle(role, QGuiApplication::palette()); }

/// Not colour alone: the sign of an error stands before the number.
QString errorsText(quint64 errors)
{
    return errors == 0 ? u"0"_s : styleOf(FrameRole::Error).sign + u' ' + groupedNumber(errors);
}

QVariant errorsColour(quint64 errors) { return errors == 0 ? QVariant() : QVariant(styleOf(FrameRole::Error).colour); }

/// A column of numbers, from what it shows and how that is written.
template <class Row, class Number>
StatisticsColumn<Row> numbers(const QString &title, const QString &meaning, Number number,
                              std::function<QString(const Row &)> text)
{
    return {.title = title,
            .meaning = meaning,
            .isNumber = true,
            .text = std::move(text),
            .less = [number](const Row &one, const Row &other) { return number(one) < number(other); }};
}

template <class Row, class Number>
StatisticsColumn<Row> counts(const QString &title, const QString &meaning, Number number)
{
    return numbers<Row>(title, meaning, number,
                        [number](const Row &row) { return groupedNumber(static_cast<quint64>(number(row))); });
}

template <class Row, class Number>
StatisticsColumn<Row> errorCounts(const QString &meaning, Number number)
{
    StatisticsColumn<Row> column = numbers<Row>(u"Errors"_s, meaning, number,
                                                [number](const Row &row) { return errorsText(number(row)); });
    column.colour = [number](const Row &row) { return errorsColour(number(row)); };
    return column;
}

StatisticsColumn<MethodRow> latency(const QString &title, const QString &meaning, qint64 MethodRow::*time)
{
    return numbers<MethodRow>(
        title, meaning, [time](const MethodRow &row) { return row.*time; },
        [time](const MethodRow &row) { return row.hasLatency ? durationText(row.*time) : u"–"_s; });
}

template <class Row, class Text>
StatisticsColumn<Row> texts(const QString &title, const QString &meaning, Text text, bool isName = false)
{
    return {.title = title,
            .meaning = meaning,
            .text = text,
            .less = [text](const Row &one, const Row &other) { return text(one).compare(text(other)) < 0; },
            .isName = isName};
}

/// Of the method with this index; 0 until it is known.
double callsPerSecond(const StatisticsInterval &interval, std::size_t method)
{
    if (!interval.from || interval.seconds <= 0 || method >= interval.to->methods.size())
        return 0;
    const bool wasThere = method < interval.from->methods.size();
    const std::uint64_t before = wasThere ? interval.from->methods[method].calls : 0;
    return static_cast<double>(interval.to->methods[method].calls - before) / interval.seconds;
}

QString quoted(QString text)
{
    text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + text + u'"';
}

} // namespace

QString MethodRow::name() const { return methodText(type.toStdString(), member.toStdString()); }

QString MethodRow::filter() const
{
    const bool isMethod = opcode == static_cast<int>(ProxyOpCode::Execute);
    const QString field = isMethod ? u"method == "_s : u"attr == "_s;
    const QString which = field + quoted(member);
    return type.isEmpty() ? which : u"type == %1 && %2"_s.arg(quoted(type), which);
}

QString TalkerRow::filter() const { return u"process == %1"_s.arg(numbers.process); }

MethodTable *makeMethodTable(QObject *parent)
{
    auto kind = texts<MethodRow>(u"Kind"_s, u"Reading an attribute, setting it, or calling a method"_s,
                                 [](const MethodRow &row) {
                                     const OpcodeStyle &style = styleOf(frameRole(row.opcode, false));
                                     return QString(style.sign + u' ' + style.word);
                                 });
    kind.colour = [](const MethodRow &row) { return QVariant(styleOf(frameRole(row.opcode, false)).colour); };
    return new MethodTable(
        {
            kind,
            texts<MethodRow>(
                u"Method"_s, u"The type and its attribute or method"_s, [](const MethodRow &row) { return row.name(); },
                true),
            counts<MethodRow>(u"Calls"_s, u"Requests captured"_s, [](const MethodRow &row) { return row.calls; }),
            numbers<MethodRow>(
                u"Calls/s"_s, u"Over the last second"_s, [](const MethodRow &row) { return row.callsPerSecond; },
                [](const MethodRow &row) { return rateText(row.callsPerSecond); }),
            errorCounts<MethodRow>(u"Results that carry an error"_s, [](const MethodRow &row) { return row.errors; }),
            latency(u"p50"_s, u"Half of the calls took at most this long"_s, &MethodRow::p50),
            latency(u"p90"_s, u"90 % of the calls took at most this long"_s, &MethodRow::p90),
            latency(u"p99"_s, u"99 % of the calls took at most this long"_s, &MethodRow::p99),
            latency(u"p99.9"_s, u"99.9 % of the calls took at most this long"_s, &MethodRow::p999),
            latency(u"Max"_s, u"The longest time from the request to its result"_s, &MethodRow::max),
            latency(u"Mean"_s, u"The mean time from the request to its result"_s, &MethodRow::mean),
            latency(u"Min"_s, u"The shortest time from the request to its result, as the server saw it"_s,
                    &MethodRow::min),
        },
        parent);
}

TalkerTable *makeTalkerTable(QObject *parent)
{
    const auto number = [](std::uint64_t TalkerStatistics::*which) {
        return [which](const TalkerRow &row) { return row.numbers.*which; };
    };
    return new TalkerTable(
        {
            texts<TalkerRow>(u"Client"_s, u"The process"_s, [](const TalkerRow &row) { return row.name; }),
            counts<TalkerRow>(u"Channel"_s, u"The server's number for the client's connection"_s,
                              [](const TalkerRow &row) { return row.numbers.connection; }),
            counts<TalkerRow>(u"Frames"_s, u"To and from the client"_s, number(&TalkerStatistics::frames)),
            numbers<TalkerRow>(u"Bytes"_s, u"Of whole frames, as they travelled"_s, number(&TalkerStatistics::bytes),
                               [](const TalkerRow &row) { return sizeText(row.numbers.bytes); }),
            counts<TalkerRow>(u"Calls"_s, u"Requests that want an answer"_s, number(&TalkerStatistics::calls)),
            errorCounts<TalkerRow>(u"Results that carry an error"_s, number(&TalkerStatistics::errors)),
            counts<TalkerRow>(u"Objects got"_s, u"Objects that results handed out to the client"_s,
                              number(&TalkerStatistics::proxies)),
            counts<TalkerRow>(u"Released"_s, u"References that the client gave back"_s,
                              number(&TalkerStatistics::releases)),
        },
        parent);
}

ErrorTable *makeErrorTable(QObject *parent)
{
    auto type = texts<ErrorRow>(u"Error"_s, u"The kind of error"_s, [](const ErrorRow &row) {
        return QString(styleOf(FrameRole::Error).sign + u' '
                       + (row.numbers.type.empty() ? u"error"_s : QString::fromStdString(row.numbers.type)));
    });
    type.colour = [](const ErrorRow &) { return QVariant(styleOf(FrameRole::Error).colour); };
    return new ErrorTable(
        {
            type,
            texts<ErrorRow>(
                u"Method"_s, u"What was called"_s, [](const ErrorRow &row) { return row.method; }, true),
            counts<ErrorRow>(u"Count"_s, u"Results that carry this error"_s,
                             [](const ErrorRow &row) { return row.numbers.count; }),
            numbers<ErrorRow>(
                u"Last frame"_s, u"The newest frame that carries it"_s,
                [](const ErrorRow &row) { return row.numbers.lastRow; },
                [](const ErrorRow &row) { return rowText(row.numbers.lastRow); }),
            texts<ErrorRow>(u"Last client"_s, u"The process that got it last"_s,
                            [](const ErrorRow &row) { return row.client; }),
            texts<ErrorRow>(u"First message"_s, u"What the first of them said"_s,
                            [](const ErrorRow &row) { return QString::fromStdString(row.numbers.message); }),
        },
        parent);
}

std::vector<MethodRow> methodRows(const StatisticsSnapshot &now, const StatisticsInterval &interval)
{
    std::vector<MethodRow> rows;
    rows.reserve(now.methods.size());
    for (std::size_t i = 0; i < now.methods.size(); ++i) {
        const MethodStatistics &method = now.methods[i];
        const LatencyHistogram &times = method.latency;
        MethodRow &row = rows.emplace_back();
        row.type = QString::fromStdString(method.type);
        row.member = QString::fromStdString(method.member);
        row.opcode = method.opcode;
        row.calls = method.calls;
        row.errors = method.errors;
        row.callsPerSecond = callsPerSecond(interval, i);
        row.hasLatency = !times.isEmpty();
        row.min = times.min();
        row.mean = times.mean();
        row.p50 = times.percentile(0.5);
        row.p90 = times.percentile(0.9);
        row.p99 = times.percentile(0.99);
        row.p999 = times.percentile(0.999);
        row.max = times.max();
        row.first = method.firstRow;
        row.last = method.lastRow;
        row.slowest = method.slowestRow;
    }
    return rows;
}

std::vector<TalkerRow> talkerRows(const StatisticsSnapshot &now, const FrameNames &names)
{
    std::vector<TalkerRow> rows;
    for (const TalkerStatistics &talker : now.talkers)
        rows.push_back({talker, talker.process == 0 ? u"all others"_s : names.process(talker.process)});
    return rows;
}

std::vector<ErrorRow> errorRows(const StatisticsSnapshot &now, const FrameNames &names)
{
    std::vector<ErrorRow> rows;
    for (const ErrorStatistics &error : now.errors) {
        const MethodStatistics &method = now.methods[error.method];
        rows.push_back({error, methodText(method.type, method.member), names.process(error.process)});
    }
    return rows;
}

} // namespace decoy::ui
