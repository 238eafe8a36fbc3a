// SPDX-License-Identifier: GPL-3.0-or-later
#include "automation.h"

#include "learn/lesson_player.h"
#include "mainwindow/main_window.h"
#include "mainwindow/window_layout.h"
#include "session/frame_filter.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "session/worker_pool.h"

#include <QCoreApplication>
#include <QDialog>
#include <QPainter>
#include <QTextStream>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace decoy::monitor {

namespace {

constexpr int pictureFailed = 1;

} // namespace

Automation::Automation(const Options &options, ui::Session &session, ui::MainWindow &window)
    : m_options(options), m_session(session), m_window(window)
{}

void Automation::start()
{
    for (const QString &server : m_options.attach)
        m_session.objects().attach(server);
    if (m_options.size.isValid()) {
        m_window.resize(m_options.size);
        ui::sizeDocks(m_window);
    }
    m_session.filter().apply(m_options.filter);
    if (!m_options.tab.isEmpty())
        m_window.showTab(m_options.tab);
    if (m_options.hold)
        m_window.hold(*m_options.hold);
    startWorkers();
    if (!m_options.select.isEmpty()) {
        connect(&m_session.objects(), &ui::ObjectWatcher::updated, this, &Automation::select);
        select();
    } else if (m_options.invoke) {
        m_window.invoke();
    }
    if (m_options.learn) {
        connect(&m_session.objects(), &ui::ObjectWatcher::updated, this, &Automation::learn);
        learn();
    }
    if (m_options.quitAfter)
        QTimer::singleShot(*m_options.quitAfter, this, &Automation::quit);
    else if (!m_options.screenshot.isEmpty())
        connect(qApp, &QCoreApplication::aboutToQuit, this, &Automation::takePicture);
}

void Automation::startWorkers()
{
    std::vector<WorkerOrder> orders = m_options.workers;
    if (m_options.demo && orders.empty())
        orders = {{u"teller"_s, 1}, {u"climber"_s, 1}, {u"listener"_s, 1}};
    for (const WorkerOrder &order : orders) {
        for (int number = 0; number < order.count; ++number)
            m_session.workers().start(order.scenario);
    }
}

void Automation::select()
{
    const ui::ObjectRef object = m_session.objects().find(m_options.select);
    if (m_selected || object.isNull())
        return;
    m_selected = true;
    m_session.selection().selectObject(object);
    if (m_options.invoke)
        m_window.invoke(object);
}

void Automation::learn()
{
    if (m_learning || !m_window.showLearn(m_options.learn->lesson - 1))
        return;
    m_learning = true;
    connect(&m_window.lessons(), &ui::LessonPlayer::stateChanged, this, &Automation::walk, Qt::QueuedConnection);
    connect(&m_window.lessons(), &ui::LessonPlayer::stepChanged, this, &Automation::walk, Qt::QueuedConnection);
    walk();
}

void Automation::walk()
{
    ui::LessonPlayer &lessons = m_window.lessons();
    if (lessons.lesson() < 0 || lessons.step() + 1 >= m_options.learn->step)
        return;
    if (lessons.isDone())
        lessons.next();
    else if (lessons.currentStep().question)
        lessons.giveAnswer(lessons.currentStep().question->right);
    else
        lessons.perform();
}

void Automation::quit()
{
    if (!m_options.select.isEmpty() && !m_selected)
        QTextStream(stderr) << u"decoy-monitor: --select %1: there is no such object\n"_s.arg(m_options.select);
    const bool written = m_options.screenshot.isEmpty() || takePicture();
    m_window.close();
    QCoreApplication::exit(written ? 0 : pictureFailed);
}

bool Automation::takePicture() const
{
    QPixmap picture = m_window.grab();
    for (const auto *dialog : m_window.findChildren<QDialog *>()) {
        if (!dialog->isVisible())
            continue;
        // A window of its own: where it floats over the main window.
        const QSize gap = (m_window.size() - dialog->size()) / 2;
        const QRect place(QPoint(gap.width(), gap.height()), dialog->size());
        QPainter painter(&picture);
        painter.drawPixmap(place.topLeft(), const_cast<QDialog *>(dialog)->grab());
        painter.setPen(QPen(dialog->palette().color(QPalette::Highlight), 2)); // a window manager would draw its edge
        painter.drawRect(place);
    }
    if (picture.save(m_options.screenshot, "PNG"))
        return true;
    QTextStream(stderr) << u"decoy-monitor: the picture could not be written to %1\n"_s.arg(m_options.screenshot);
    return false;
}

} // namespace decoy::monitor
