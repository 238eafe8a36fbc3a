// SPDX-License-Identifier: GPL-3.0-or-later
#include "automation.h"
#include "demo_server.h"
#include "options.h"

#include "mainwindow/main_window.h"
#include "session/session.h"
#include "theme/theme.h"

#include <demo/scenarios.h>

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QTextStream>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace decoy;

constexpr QLatin1String themeKey{"window/theme"};
constexpr int serverFailed = 1;

/// The user's cache folder, or that for temporary files if the first will not do.
std::filesystem::path folderForFrames()
{
    const std::filesystem::path cache = QStandardPaths::writableLocation(QStandardPaths::CacheLocation).toStdString();
    const std::filesystem::path temporary = QDir::tempPath().toStdString();
    return !ui::whyUnfitForFrames(cache).empty() && ui::whyUnfitForFrames(temporary).empty() ? temporary : cache;
}

ui::SessionOptions sessionOptions()
{
    ui::SessionOptions options;
    for (const demo::Scenario *scenario : demo::scenarios())
        options.scenarios.push_back({QString::fromUtf8(scenario->name), QString::fromUtf8(scenario->description)});
    options.workerProgram = QDir(QCoreApplication::applicationDirPath()).filePath(u"decoy"_s);
    options.dataFolder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    options.frames.spillFolder = folderForFrames();
    return options;
}

QStringList namesOf(const std::vector<ui::Scenario> &scenarios)
{
    QStringList names;
    for (const ui::Scenario &scenario : scenarios)
        names += scenario.name;
    return names;
}

/// --theme holds for this run; otherwise what the person chose last time.
void chooseTheme(ui::Theme &theme, const monitor::Options &options)
{
    const auto remembered = ui::themeChoiceFromName(QSettings().value(themeKey).toString());
    theme.choose(options.theme.value_or(remembered.value_or(ui::ThemeChoice::System)));
    QObject::connect(&theme, &ui::Theme::changed, &theme,
                     [&theme] { QSettings().setValue(themeKey, ui::themeChoiceName(theme.choice())); });
}

int run(QApplication &application, const monitor::Options &options, ui::SessionOptions sessionOptions)
{
    monitor::DemoServer demo(options.serverName.toStdString());
    ui::Theme theme(application);
    chooseTheme(theme, options);
    ui::Session session(demo.server(), std::move(sessionOptions));
    session.startCapture();
    ui::MainWindow window(session, theme);
    if (demo.isRenamed())
        window.announce(u"Another process serves “demo”, so this server is called “%1”."_s.arg(session.serverName()));
    window.show();
    monitor::Automation automation(options, session, window);
    automation.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(u"decoy"_s);
    QApplication::setApplicationName(u"decoy-monitor"_s);
    QApplication::setApplicationDisplayName(u"Decoy monitor"_s);
    QApplication::setApplicationVersion(QStringLiteral(DECOY_VERSION));

    ui::SessionOptions session = sessionOptions();
    const monitor::ParsedOptions parsed = monitor::parseOptions(QApplication::arguments(), namesOf(session.scenarios));
    if (parsed.exitCode) {
        QTextStream(*parsed.exitCode == 0 ? stdout : stderr) << parsed.output << Qt::endl;
        return *parsed.exitCode;
    }
    try {
        return run(application, parsed.options, std::move(session));
    } catch (const ProxyError &error) {
        QTextStream(stderr) << u"decoy-monitor: %1\n"_s.arg(QString::fromUtf8(error.what()));
        return serverFailed;
    }
}
