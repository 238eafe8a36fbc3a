// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lesson_player.h"

#include "learn/lessons.h"
#include "session/object_watcher.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "trace/traffic_collector.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QLatin1String finishedKey{"learn/finished"};

} // namespace

LessonPlayer::LessonPlayer(Session &session, QObject *parent)
    : QObject(parent), m_session(session), m_lessons(allLessons())
{
    const QStringList finished = QSettings().value(finishedKey).toStringList();
    m_finished = QSet<QString>(finished.begin(), finished.end());
}

LessonPlayer::~LessonPlayer() { m_session.record().resume(); }

bool LessonPlayer::isFinished(int lesson) const
{
    return m_finished.contains(m_lessons[static_cast<std::size_t>(lesson)].id);
}

QStringList LessonPlayer::missingObjects(int lesson) const
{
    QStringList missing;
    for (const QString &name : m_lessons[static_cast<std::size_t>(lesson)].objects) {
        if (m_session.objects().find(name).server != m_session.serverName())
            missing += name;
    }
    return missing;
}

int LessonPlayer::stepCount() const
{
    return m_lesson < 0 ? 0 : static_cast<int>(m_lessons[static_cast<std::size_t>(m_lesson)].steps.size());
}

const LessonStep &LessonPlayer::currentStep() const
{
    return m_lessons[static_cast<std::size_t>(m_lesson)].steps[static_cast<std::size_t>(m_step)];
}

bool LessonPlayer::isDone() const
{
    if (m_lesson < 0)
        return false;
    const LessonStep &step = currentStep();
    if (step.question)
        return m_answered.contains(m_step);
    return step.goal == LessonGoal::None || m_scene->hasReached(step.goal);
}

QString LessonPlayer::observation() const
{
    return m_lesson < 0 ? QString() : m_scene->observation(currentStep().goal);
}

void LessonPlayer::start(int lesson)
{
    if (lesson < 0 || lesson >= static_cast<int>(m_lessons.size()) || !missingObjects(lesson).isEmpty())
        return;
    m_scene.reset(); // before the next one is made: both may use the same things
    m_lesson = lesson;
    m_answered.clear();
    watchFrames();
    m_session.record().suspend(); // what the person leaves out is left out again after the lesson
    makeScene();
    Q_EMIT lessonChanged();
    goTo(0);
}

/// Lessons are about frames.
void LessonPlayer::watchFrames()
{
    if (!m_session.collector().isCapturing())
        m_session.startCapture();
}

void LessonPlayer::makeScene()
{
    m_scene = LessonScene::make(m_lessons[static_cast<std::size_t>(m_lesson)].kind, m_session);
    connect(m_scene.get(), &LessonScene::reached, this, [this](LessonGoal goal) {
        if (m_lesson < 0 || currentStep().goal != goal)
            return;
        m_isBusy = false;
        m_problem.clear();
        Q_EMIT stateChanged();
    });
    connect(m_scene.get(), &LessonScene::beganAnew, this, [this](const QString &why) {
        goTo(0);
        m_problem = why;
        Q_EMIT stateChanged();
    });
    connect(m_scene.get(), &LessonScene::failed, this, [this](const QString &problem) {
        m_isBusy = false;
        m_problem = problem;
        Q_EMIT stateChanged();
    });
    connect(m_scene.get(), &LessonScene::progressed, this, &LessonPlayer::progressed);
    connect(m_scene.get(), &LessonScene::mailboxChanged, this, &LessonPlayer::mailboxChanged);
    connect(m_scene.get(), &LessonScene::elementWanted, this, &LessonPlayer::elementWanted);
}

void LessonPlayer::leave()
{
    if (m_lesson < 0)
        return;
    m_lesson = -1;
    m_step = 0;
    m_isBusy = false;
    m_scene.reset();
    m_session.record().resume();
    Q_EMIT lessonChanged();
}

void LessonPlayer::perform()
{
    if (m_lesson < 0 || m_isBusy || isDone() || currentStep().action == LessonAction::None)
        return;
    watchFrames();
    m_isBusy = true;
    m_problem.clear();
    Q_EMIT stateChanged();
    m_scene->perform(currentStep().action);
}

void LessonPlayer::giveAnswer(int answer)
{
    if (m_lesson < 0 || !currentStep().question || answer < 0
        || answer >= static_cast<int>(currentStep().question->answers.size()))
        return;
    m_answer = answer;
    if (answer == currentStep().question->right)
        m_answered.insert(m_step);
    Q_EMIT stateChanged();
}

void LessonPlayer::next()
{
    if (!isDone())
        return;
    if (m_step + 1 < stepCount())
        return goTo(m_step + 1);
    finish();
}

void LessonPlayer::back()
{
    if (m_step > 0)
        goTo(m_step - 1);
}

void LessonPlayer::goTo(int step)
{
    m_step = step;
    m_isBusy = false;
    m_problem.clear();
    m_answer = m_answered.contains(step) ? currentStep().question->right : -1;
    Q_EMIT stepChanged();
}

void LessonPlayer::finish()
{
    m_finished.insert(m_lessons[static_cast<std::size_t>(m_lesson)].id);
    QSettings().setValue(finishedKey, QStringList(m_finished.begin(), m_finished.end()));
    leave();
}

void LessonPlayer::noteElement(FrameElement::Role role)
{
    if (m_scene)
        m_scene->noteElement(role);
}

} // namespace decoy::ui
