// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame_essentials.h"

#include "theme/fonts.h"
#include "trace/frame_names.h"
#include "views/traffic_columns.h"

#include <decoy/frame.h>

#include <QCoreApplication>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Characters of a value that help at a glance.
constexpr qsizetype longestContent = 400;

QString tr(const char *text) { return QCoreApplication::translate("FrameEssentials", text); }

QString answerText(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    if (event.conversation == Conversation::Subscription)
        return tr("subscription %1 of this client").arg(groupedNumber(event.callId));
    const Row partner = frames.partner(row);
    if (event.isAnswer()) {
        const QString after = event.isOfCallback() ? tr("after %1, to and from the client")
                                                   : tr("after %1 at the server");
        QString text = event.latency > 0 ? after.arg(durationText(event.latency)) : QString();
        if (partner != noRow)
            text += (text.isEmpty() ? QString() : u" · "_s) + tr("request is frame %1").arg(groupedNumber(partner + 1));
        return text;
    }
    if (event.flags & FrameEvent::OneWay)
        return tr("wants no answer");
    if (isOpenCall(frames, row))
        return tr("no answer so far");
    return tr("answered %1 later by frame %2")
        .arg(durationText(frames.event(partner).time - event.time), groupedNumber(partner + 1));
}

} // namespace

bool isOpenCall(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    if (!event.isRequest() || event.flags & FrameEvent::OneWay)
        return false;
    const Row last = frames.partner(row);
    return last == noRow || frames.event(last).opcode == static_cast<int>(ProxyOpCode::ResponsePending);
}

QString frameEssentials(const FrameSnapshot &frames, Row row, const FrameNames &names)
{
    const TrafficRow shown(frames, row, names, longestContent);
    QStringList lines;
    lines += shown.text(TrafficColumn::Opcode) + u"  "_s + shown.text(TrafficColumn::Object) + u"  "_s
        + shown.text(TrafficColumn::Call);
    lines += tr("frame %1 · %2 · %3 · %4")
                 .arg(shown.text(TrafficColumn::Number), shown.text(TrafficColumn::Time),
                      shown.text(TrafficColumn::Process), shown.text(TrafficColumn::Lane));
    lines += tr("level %1 · %2").arg(shown.text(TrafficColumn::Level), shown.text(TrafficColumn::Size));
    if (const QString answer = answerText(frames, row); !answer.isEmpty())
        lines += answer;
    return lines.join(u'\n');
}

void showPlainToolTip(QPoint globalPosition, const QString &text, QWidget *widget)
{
    QToolTip::showText(globalPosition,
                       text.isEmpty() ? text : u"<p style='white-space:pre-wrap'>"_s + text.toHtmlEscaped() + u"</p>"_s,
                       widget);
}

} // namespace decoy::ui
