// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/versioned_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

QJsonArray VersionedFile::read() const
{
    // A device or a pipe of this name would never end.
    if (m_path.isEmpty() || !QFileInfo(m_path).isFile())
        return {};
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bytes = file.read(largestSize + 1);
    const QJsonObject whole = bytes.size() <= largestSize ? QJsonDocument::fromJson(bytes).object() : QJsonObject();
    if (whole["format"_L1].toString() == m_format && whole["version"_L1].toInt() == m_version
        && whole["entries"_L1].isArray())
        return whole["entries"_L1].toArray();
    putAside();
    return {};
}

void VersionedFile::putAside() const
{
    QFile::remove(pathAside());
    QFile::rename(m_path, pathAside());
}

bool VersionedFile::write(const QJsonArray &entries) const
{
    if (m_path.isEmpty())
        return true;
    if (!QDir().mkpath(QFileInfo(m_path).absolutePath()))
        return false;
    QSaveFile file(m_path);
    const QJsonObject whole = {{u"format"_s, m_format}, {u"version"_s, m_version}, {u"entries"_s, entries}};
    if (!file.open(QIODevice::WriteOnly))
        return false;
    // Arguments may be secrets: they are for this user only.
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(QJsonDocument(whole).toJson(QJsonDocument::Compact));
    return file.commit();
}

} // namespace decoy::ui
