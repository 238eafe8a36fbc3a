// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bytes.h"

#include "filter/filter_evaluator.h"
#include "filter/filter_parser.h"
#include "trace/frame_names.h"
#include "trace/frame_store.h"

#include <decoy/proxy_server.h>

#include <QStringList>

#include <map>
#include <string>
#include <vector>

/// For tests of filters: a few calls in which every field is different somewhere:
///   0 EXECUTE counter.add(5)         3 RESULT 105, 7 ms
///   1 GET account.balance            2 RESULT 50, 340 ns
///   4 SET account.owner = "Ada"      5 RESULT null, 2 us
///   6 EXECUTE Node #12 calc("deep", memo="gift") of another process, level 3
///   7 its PENDING                    8 its ERROR "Oops: no", 1.5 s
///   9 EXECUTE slow(), no answer      10 opcode 7
///   11 EXECUTE child()               12 RESULT proxy Node #13
class FilterTraffic {
public:
    FilterTraffic()
    {
        decoy::ObjectInfo info;
        const auto learn = [&](std::uint64_t id, const char *name, const char *type) {
            info.id = id;
            info.name = name;
            info.type = type;
            names.learnObjects({info});
        };
        learn(1, "counter", "Counter");
        learn(2, "account", "Account");
        learn(12, "", "Node");
        names.learnProcess(4711, QStringLiteral("teller"));
        add(frames::request(1), 1);
        add({decoy::ProxyOpCode::Get,
             frames::packed(decoy::ProxyOpCode::Get, {decoy::Value(2), decoy::Value("balance")}), 2},
            2);
        add(answer(2, decoy::Value(50), 340), 2);
        add(answer(1, decoy::Value(105), 7'000'000), 1);
        add({decoy::ProxyOpCode::Set,
             frames::packed(decoy::ProxyOpCode::Set, {decoy::Value(2), decoy::Value("owner"), decoy::Value("Ada")}), 3},
            2);
        add(answer(3, decoy::Value(), 2000), 2);
        addFailure();
        add(frames::request(5, "slow", {}), 1);
        add({static_cast<decoy::ProxyOpCode>(7), QByteArray("\0\0\0\1\x07", 5), 6}, 1);
        addProxy();
        snapshot = store.snapshot();
    }

    [[nodiscard]] std::vector<decoy::ui::Row> matching(const QString &filter) const
    {
        const decoy::ui::FilterParse parsed = decoy::ui::parseFilter(filter);
        if (parsed.error)
            return {decoy::ui::noRow};
        const auto predicate = decoy::ui::FilterPredicate::compile(parsed.expression);
        decoy::ui::FilterEvaluator evaluator(*predicate, snapshot, names);
        std::vector<decoy::ui::Row> rows;
        for (decoy::ui::Row row = 0; row < snapshot.endRow(); ++row) {
            if (evaluator.matches(row))
                rows.push_back(row);
        }
        return rows;
    }

    /// Adds frames, and says which row is the first of them.
    decoy::ui::Row append(const std::vector<frames::Event> &events)
    {
        const decoy::ui::Row first = store.endRow();
        for (frames::Event event : events) {
            event->sequence = store.endRow();
            event.appendTo(store);
        }
        snapshot = store.snapshot();
        return first;
    }

    decoy::ui::FrameStore store;
    decoy::ui::FrameNames names;
    decoy::ui::FrameSnapshot snapshot;

private:
    static frames::Event answer(std::uint64_t callId, const decoy::Value &value, std::int64_t latency)
    {
        frames::Event event = frames::answer(callId, value);
        event->latency = latency;
        return event;
    }
    void add(frames::Event event, std::uint64_t object)
    {
        event->object = object;
        event->time = static_cast<std::int64_t>(store.endRow()) * 1'000'000;
        event->sequence = store.endRow();
        event.appendTo(store);
    }
    void addFailure()
    {
        const auto elsewhere = [this](frames::Event event, std::uint64_t object) {
            event->process = 99;
            event->connection = 2;
            event->chainLevel = 3;
            event->lane = decoy::Lane::Duck;
            add(event, object);
        };
        elsewhere({decoy::ProxyOpCode::Execute,
                   frames::packed(decoy::ProxyOpCode::Execute,
                                  {decoy::Value(12), decoy::Value("calc"),
                                   decoy::Value(std::vector<decoy::Value>{decoy::Value("deep")}),
                                   decoy::Value(std::map<std::string, std::string>{{"memo", "gift"}})}),
                   4},
                  12);
        elsewhere(frames::stillWorking(4), 0);
        frames::Event error(decoy::ProxyOpCode::ExecutionResult,
                            frames::packed(decoy::ProxyOpCode::ExecutionResult,
                                           {decoy::Value(12), decoy::Value(), decoy::Value("Oops: no")}),
                            4);
        error->flags |= decoy::FrameEvent::Failed;
        error->latency = 1'500'000'000;
        elsewhere(error, 12);
    }
    void addProxy()
    {
        add(frames::request(7, "child", {}), 1);
        QByteArray bytes = QByteArray::fromHex("92ff930dc7070192"
                                               "02a44e6f6465c0");
        bytes.prepend(QByteArray::fromHex("0000000f"));
        add({decoy::ProxyOpCode::ExecutionResult, bytes, 7}, 1);
    }
};

/// Rows as one text, for messages and comparisons; a filter that was refused has none.
inline QString shown(const std::vector<decoy::ui::Row> &rows)
{
    QStringList texts;
    for (const decoy::ui::Row row : rows)
        texts += row == decoy::ui::noRow ? QStringLiteral("refused") : QString::number(row);
    return texts.join(QLatin1Char(' '));
}
