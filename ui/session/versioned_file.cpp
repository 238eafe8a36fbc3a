// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/versioned_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int lockTimeoutMs = 500;

QByteArray textOf(const QJsonValue &entry) { return QJsonDocument(entry.toObject()).toJson(QJsonDocument::Compact); }

} // namespace

QJsonArray VersionedFile::read()
{
    const QJsonArray entries = readEntries();
    m_known.clear();
    for (const QJsonValue &entry : entries)
        m_known.insert(textOf(entry));
    return entries;
}

QJsonArray VersionedFile::readEntries() const
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

bool VersionedFile::write(const QJsonArray &entries)
{
    if (m_path.isEmpty())
        return true;
    if (!QDir().mkpath(QFileInfo(m_path).absolutePath()))
        return false;
    QLockFile lock(m_path + u".lock"_s);
    (void)lock.tryLock(
        lockTimeoutMs); // without it, what two monitors write in the same moment may be lost; nothing else
    QJsonArray all = entries;
    Known known;
    for (const QJsonValue &entry : entries)
        known.insert(textOf(entry));
    for (const QJsonValue &entry : readEntries()) {
        const QByteArray text = textOf(entry);
        if (m_known.contains(text) || known.contains(text))
            continue;
        all.append(entry);
        known.insert(text);
    }
    QSaveFile file(m_path);
    const QJsonObject whole = {{u"format"_s, m_format}, {u"version"_s, m_version}, {u"entries"_s, all}};
    if (!file.open(QIODevice::WriteOnly))
        return false;
    // Arguments may be secrets: they are for this user only.
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(QJsonDocument(whole).toJson(QJsonDocument::Compact));
    if (!file.commit())
        return false;
    m_known = std::move(known);
    return true;
}

} // namespace decoy::ui
