// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/held_request_info.h"

#include "models/held_model.h"
#include "session/traffic_hold.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "trace/frame_names.h"
#include "views/elided_label.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// What a person may need to write an answer; then the client has waited long enough.
constexpr std::chrono::milliseconds timeToWrite = std::chrono::minutes(5);

} // namespace

HeldRequestInfo::HeldRequestInfo(TrafficHold &hold, const FrameNames &names, const HeldRequest &request,
                                 QWidget *parent)
    : QWidget(parent), m_hold(hold), m_id(request.id), m_call(new ElidedLabel), m_time(new QLabel)
{
    m_call->setText(u"%1 waits for %2.%3"_s.arg(names.process(request.event.process),
                                                names.object(request.event.object), heldCallText(request)));
    m_call->setAccessibleName(u"The request"_s);
    m_time->setForegroundRole(QPalette::PlaceholderText);
    m_time->setAccessibleName(u"When it goes on by itself"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addWidget(m_call);
    layout->addWidget(m_time);

    m_hold.delay(m_id, std::max(timeToWrite, m_hold.timeout()));
    m_counting.start(numbersIntervalMs);
    connect(&m_counting, &QTimer::timeout, this, &HeldRequestInfo::refresh);
    connect(&m_hold, &TrafficHold::waitingChanged, this, &HeldRequestInfo::refresh);
    refresh();
}

HeldRequestInfo::~HeldRequestInfo() { m_hold.delay(m_id, m_hold.timeout()); }

void HeldRequestInfo::refresh()
{
    const HeldRequest *request = m_isWaiting ? m_hold.find(m_id) : nullptr;
    if (request)
        return m_time->setText(u"Goes on by itself in %1; its client may give up before, at its own deadline."_s.arg(
            runningTimeText(request->forwardedAt - holdClock())));
    if (!m_isWaiting)
        return;
    m_isWaiting = false;
    m_counting.stop();
    m_time->setText(u"This request waits no longer."_s);
    Q_EMIT ended();
}

} // namespace decoy::ui
