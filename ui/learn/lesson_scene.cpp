// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lesson_scene.h"

#include "learn/scenes/anatomy_scene.h"
#include "learn/scenes/chain_scene.h"
#include "learn/scenes/cost_scene.h"
#include "learn/scenes/death_scene.h"
#include "learn/scenes/mailbox_scene.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "theme/fonts.h"

#include <decoy/frame.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Frames looked at, newest first: what a lesson looks for has just come.
constexpr Row mostFramesSearched = 64 * 1024;

} // namespace

std::unique_ptr<LessonScene> LessonScene::make(LessonKind kind, Session &session)
{
    switch (kind) {
    case LessonKind::Anatomy: return std::make_unique<AnatomyScene>(session);
    case LessonKind::Mailbox: return std::make_unique<MailboxScene>(session);
    case LessonKind::Chain: return std::make_unique<ChainScene>(session);
    case LessonKind::Death: return std::make_unique<DeathScene>(session);
    case LessonKind::Cost: return std::make_unique<CostScene>(session);
    }
    return nullptr;
}

void LessonScene::reach(LessonGoal goal, const QString &observation)
{
    m_reached[goal] = observation;
    Q_EMIT reached(goal);
}

void LessonScene::beginAnew(const QString &why)
{
    m_reached.clear();
    Q_EMIT beganAnew(why);
}

CallRequest LessonScene::requestTo(const QString &object, std::string member, std::vector<Value> arguments) const
{
    CallRequest request;
    request.object = m_session.objects().find(object);
    request.name = object.toStdString();
    request.member = std::move(member);
    request.positional = std::move(arguments);
    return request;
}

LessonCall findCall(const FrameSnapshot &frames, Row from, qint64 process, quint64 object)
{
    const Row first = std::max({frames.firstRow(), std::min(from, frames.endRow()),
                                frames.endRow() - std::min(frames.size(), mostFramesSearched)});
    for (Row row = frames.endRow(); row > first; --row) {
        const FrameEvent &event = frames.event(row - 1);
        const bool isCall = event.opcode == static_cast<std::int8_t>(ProxyOpCode::Execute)
            && !(event.flags & FrameEvent::OneWay);
        if (!isCall || event.process != process || event.object != object)
            continue;
        const Row last = frames.partner(row - 1);
        const bool isAnswered = last != noRow
            && frames.event(last).opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult);
        return {row - 1, isAnswered ? last : noRow};
    }
    return {};
}

QString frameNumber(Row row) { return u"frame %1"_s.arg(groupedNumber(row + 1)); }

QString hexText(std::span<const std::byte> bytes)
{
    const QByteArray raw(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return QString::fromLatin1(raw.toHex(' '));
}

} // namespace decoy::ui
