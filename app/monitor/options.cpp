// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include "filter/breakpoint.h"
#include "filter/filter_parser.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace decoy::monitor {

namespace {

constexpr int usageError = 2;
constexpr int mostWorkers = 100;
constexpr double longestRunSeconds = 7 * 24 * 3600;

/// Thrown within this file only; the text becomes the one line that the person sees.
struct UsageError {
    QString text;
};

/// The window's tabs, as MainWindow::showTab() knows them.
QStringList tabNames() { return {u"traffic"_s, u"sequence"_s, u"timeline"_s, u"chains"_s, u"statistics"_s}; }

const std::initializer_list<QCommandLineOption> &knownOptions()
{
    static const std::initializer_list<QCommandLineOption> list = {
        {u"demo"_s, u"Start demo workers, so that there is traffic at once."_s},
        {u"server-name"_s, u"Serve the demo objects under this name."_s, u"NAME"_s},
        {u"attach"_s, u"Show the objects of another process's server; may be repeated."_s, u"SERVER"_s},
        {u"open"_s, u"Open a capture."_s, u"CAPTURE"_s},
        {u"worker"_s, u"Start COUNT workers of a scenario; may be repeated."_s, u"SCENARIO[:COUNT]"_s},
        {u"tab"_s, u"Show this tab: %1."_s.arg(tabNames().join(u", "_s)), u"NAME"_s},
        {u"filter"_s, u"Show only the frames that match this filter."_s, u"FILTER"_s},
        {u"select"_s, u"Select this object."_s, u"OBJECT"_s},
        {u"invoke"_s, u"Show the Invoke panel for the selected object."_s},
        {u"hold"_s, u"Hold requests that match; “” holds every request."_s, u"FILTER"_s},
        {u"learn"_s, u"Open the guided tour: lesson 1 to 5, walked through up to a step; 0: the list of lessons."_s,
         u"LESSON[:STEP]"_s},
        {u"theme"_s, u"light, dark or system."_s, u"THEME"_s},
        {u"size"_s, u"How large the window is; otherwise as it was the last time."_s, u"WIDTHxHEIGHT"_s},
        {u"screenshot"_s, u"Write a picture of the window (PNG) just before the end."_s, u"FILE"_s},
        {u"quit-after"_s, u"End by itself after so many seconds."_s, u"SECONDS"_s},
    };
    return list;
}

WorkerOrder parseWorker(const QString &text, const QStringList &scenarios)
{
    WorkerOrder order = {text.section(u':', 0, 0), 1};
    if (!scenarios.contains(order.scenario))
        throw UsageError{u"there is no scenario “%1”; there are %2"_s.arg(order.scenario, scenarios.join(u", "_s))};
    if (text.contains(u':')) {
        bool isNumber = false;
        order.count = text.section(u':', 1).toInt(&isNumber);
        if (!isNumber || order.count < 1 || order.count > mostWorkers)
            throw UsageError{u"--worker %1: the count must be from 1 to %2"_s.arg(text).arg(mostWorkers)};
    }
    return order;
}

LessonOrder parseLesson(const QString &text)
{
    constexpr int mostLessons = 5;
    bool isLesson = false;
    bool isStep = true;
    LessonOrder order = {text.section(u':', 0, 0).toInt(&isLesson), 1};
    if (text.contains(u':'))
        order.step = text.section(u':', 1).toInt(&isStep);
    if (!isLesson || !isStep || order.lesson < 0 || order.lesson > mostLessons || order.step < 1)
        throw UsageError{u"--learn %1: a lesson from 0 to %2 is needed, or LESSON:STEP"_s.arg(text).arg(mostLessons)};
    return order;
}

std::chrono::milliseconds parseSeconds(const QString &text)
{
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    if (!isNumber || !(seconds >= 0) || seconds > longestRunSeconds)
        throw UsageError{u"--quit-after %1: a number of seconds is needed"_s.arg(text)};
    return std::chrono::milliseconds(qRound64(seconds * 1000));
}

QSize parseSize(const QString &text)
{
    static const QRegularExpression pattern(u"^(\\d{2,5})x(\\d{2,5})$"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch())
        throw UsageError{u"--size %1: a width and a height in pixels are needed, such as 1280x800"_s.arg(text)};
    return {match.captured(1).toInt(), match.captured(2).toInt()};
}

QString checkedFilter(const QString &text)
{
    if (const auto error = ui::parseFilter(text.trimmed()).error)
        throw UsageError{u"--filter %1: %2 (at character %3)"_s.arg(text, error->message).arg(error->position + 1)};
    return text;
}

QString checkedBreakpoint(const QString &text)
{
    if (const auto error = ui::Breakpoint::compile(text).error)
        throw UsageError{u"--hold %1: %2 (at character %3)"_s.arg(text, error->message).arg(error->position + 1)};
    return text;
}

void checkScreenshot(const QString &path)
{
    if (!QFileInfo(QFileInfo(path).absolutePath()).isDir())
        throw UsageError{u"--screenshot %1: there is no such folder"_s.arg(path)};
}

Options readOptions(const QCommandLineParser &parser, const QStringList &scenarios)
{
    Options options;
    options.serverName = parser.value(u"server-name"_s);
    options.demo = parser.isSet(u"demo"_s);
    options.attach = parser.values(u"attach"_s);
    options.open = parser.value(u"open"_s);
    for (const QString &worker : parser.values(u"worker"_s))
        options.workers.push_back(parseWorker(worker, scenarios));
    options.tab = parser.value(u"tab"_s).toLower();
    if (!options.tab.isEmpty() && !tabNames().contains(options.tab))
        throw UsageError{u"--tab %1: there are %2"_s.arg(options.tab, tabNames().join(u", "_s))};
    if (parser.isSet(u"filter"_s))
        options.filter = checkedFilter(parser.value(u"filter"_s));
    if (parser.isSet(u"size"_s))
        options.size = parseSize(parser.value(u"size"_s));
    options.select = parser.value(u"select"_s);
    options.invoke = parser.isSet(u"invoke"_s);
    if (parser.isSet(u"hold"_s))
        options.hold = checkedBreakpoint(parser.value(u"hold"_s));
    if (parser.isSet(u"learn"_s))
        options.learn = parseLesson(parser.value(u"learn"_s));
    if (parser.isSet(u"theme"_s)) {
        options.theme = ui::themeChoiceFromName(parser.value(u"theme"_s));
        if (!options.theme)
            throw UsageError{u"--theme %1: there are light, dark and system"_s.arg(parser.value(u"theme"_s))};
    }
    options.screenshot = parser.value(u"screenshot"_s);
    if (!options.screenshot.isEmpty())
        checkScreenshot(options.screenshot);
    if (parser.isSet(u"quit-after"_s))
        options.quitAfter = parseSeconds(parser.value(u"quit-after"_s));
    if (!options.open.isEmpty())
        throw UsageError{u"--open %1: this version cannot read captures yet"_s.arg(options.open)};
    return options;
}

} // namespace

ParsedOptions parseOptions(const QStringList &arguments, const QStringList &scenarios)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows live objects that processes share, and every frame between them."_s);
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    for (const QCommandLineOption &option : knownOptions())
        parser.addOption(option);
    ParsedOptions result;
    const auto fail = [&result](const QString &text) {
        result.output = u"decoy-monitor: %1"_s.arg(text);
        result.exitCode = usageError;
    };
    if (!parser.parse(arguments)) {
        fail(parser.errorText());
    } else if (parser.isSet(help)) {
        result.output = parser.helpText();
        result.exitCode = 0;
    } else if (parser.isSet(version)) {
        result.output = u"decoy-monitor %1"_s.arg(QCoreApplication::applicationVersion());
        result.exitCode = 0;
    } else if (!parser.positionalArguments().isEmpty()) {
        fail(u"“%1” is not understood; see decoy-monitor --help"_s.arg(parser.positionalArguments().first()));
    } else {
        try {
            result.options = readOptions(parser, scenarios);
        } catch (const UsageError &error) {
            fail(error.text);
        }
    }
    return result;
}

} // namespace decoy::monitor
