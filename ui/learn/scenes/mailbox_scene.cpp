// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/mailbox_scene.h"

#include "session/session.h"
#include "theme/fonts.h"

#include <map>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Nothing but looking tells that memory has changed: the Duck lane is a polled lane. Only while a request is under way.
constexpr int lookIntervalMs = 33;
constexpr std::int64_t sleepSeconds = 3;

Frame sleepRequest(std::uint64_t object)
{
    return {ProxyOpCode::Execute,
            {Value(object), Value(std::string("sleep")), Value(std::vector<std::int64_t>{sleepSeconds}),
             Value(std::map<std::string, std::int64_t>())}};
}

} // namespace

MailboxScene::MailboxScene(Session &session) : LessonScene(session)
{
    m_looking.setInterval(lookIntervalMs);
    connect(&m_looking, &QTimer::timeout, this, &MailboxScene::look);
}

MailboxScene::~MailboxScene() = default;

void MailboxScene::perform(LessonAction action)
try {
    switch (action) {
    case LessonAction::OpenMailbox: return open();
    case LessonAction::WriteBody: return writeBody();
    case LessonAction::WriteLength: return writeLength();
    case LessonAction::ReadResult: return read();
    default: return;
    }
} catch (const ProxyError &error) {
    Q_EMIT failed(QString::fromUtf8(error.what()));
}

void MailboxScene::open()
{
    m_mailbox.reset();
    m_history = {};
    m_mailbox = std::make_unique<LessonMailbox>(session().server(), requestTo(u"lab"_s, {}).object.id);
    note(MailboxWriter::Nobody);
    reach(LessonGoal::MailboxOpen,
          u"/dev/shm/%1, %2 bytes."_s.arg(QString::fromStdString(m_mailbox->segment())).arg(LessonMailbox::size));
}

void MailboxScene::writeBody()
{
    m_mailbox->writeBody(sleepRequest(m_mailbox->object()));
    note(MailboxWriter::Client);
    reach(LessonGoal::BodyWritten, u"The length is still 00 00 00 00, so the server sees nothing."_s);
}

void MailboxScene::writeLength()
{
    // The image is made before the server can see the request: what differs later, the server has written.
    std::vector<std::byte> complete = m_mailbox->bytes();
    m_mailbox->writeLength();
    const std::vector<std::byte> now = m_mailbox->bytes();
    std::copy_n(now.begin(), framePrefixSize, complete.begin());
    if (m_history.add(std::move(complete), MailboxWriter::Client, std::chrono::steady_clock::now()))
        Q_EMIT mailboxChanged();
    m_lengthWritten = m_history.latest().time;
    m_looking.start();
    look();
}

void MailboxScene::look()
{
    note(MailboxWriter::Server);
    const MailboxState state = mailboxState(m_history.latest().bytes);
    if (state == MailboxState::Pending && !hasReached(LessonGoal::RequestTaken))
        reach(LessonGoal::RequestTaken, u"Seen %1 after the length: 02 has become fe."_s.arg(sinceLength()));
    if (state != MailboxState::Result)
        return;
    m_looking.stop();
    if (!hasReached(LessonGoal::RequestTaken))
        reach(LessonGoal::RequestTaken, u"It went by between two looks."_s);
    reach(LessonGoal::ResultPublished, u"Seen %1 after the length."_s.arg(sinceLength()));
}

void MailboxScene::read()
{
    const Frame frame = m_mailbox->read();
    reach(LessonGoal::ResultRead, QString::fromStdString(frame.toString()));
}

void MailboxScene::note(MailboxWriter writer)
{
    if (m_history.add(m_mailbox->bytes(), writer, std::chrono::steady_clock::now()))
        Q_EMIT mailboxChanged();
}

QString MailboxScene::sinceLength() const { return durationText((m_history.latest().time - m_lengthWritten).count()); }

} // namespace decoy::ui
