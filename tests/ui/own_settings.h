// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QSettings>
#include <QString>
#include <QTemporaryDir>

#include <stdexcept>

/// Settings of a test's own from its construction on: those of whoever runs the tests are not ours to read or change. A test class
/// has one as a member, and calls forget() after each test function.
class OwnSettings {
public:
    OwnSettings()
    {
        if (!m_folder.isValid())
            throw std::runtime_error("cannot create a folder for settings: " + m_folder.errorString().toStdString());
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("decoy-test"));
    }
    /// What one test function leaves behind must not reach the next.
    static void forget() { QSettings().clear(); }

private:
    QTemporaryDir m_folder;
};
