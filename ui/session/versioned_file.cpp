// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/versioned_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int lockTimeoutMs = 500;

QByteArray textOf(const QJsonValue &entry) { return QJsonDocument(entry.toObject()).toJson(QJsonDocument::Compact); }

} // namespace

QByteArray VersionedFile::keyOf(const QJsonValue &entry) const
{
    const QString key = entry[m_key].toString();
    return key.isEmpty() ? textOf(entry) : key.toUtf8();
}

QJsonArray VersionedFile::read()
{
    const QJsonArray entries = readEntries().value_or(QJsonArray());
    m_seen.clear();
    for (const QJsonValue &entry : entries)
        m_seen.insert(keyOf(entry));
    return entries;
}

void VersionedFile::take(const QJsonArray &entries)
{
    m_taken.clear();
    for (const QJsonValue &entry : entries) {
        m_taken.insert(keyOf(entry), textOf(entry));
        m_seen.insert(keyOf(entry));
    }
}

std::optional<QJsonArray> VersionedFile::readEntries() const
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

QJsonArray VersionedFile::merged(const QJsonArray &entries) const
{
    const std::optional<QJsonArray> found = readEntries();
    if (!found)
        return entries;
    QHash<QByteArray, QJsonValue> inFile;
    for (const QJsonValue &entry : *found)
        inFile.insert(keyOf(entry), entry);
    QJsonArray all;
    QSet<QByteArray> mine;
    for (const QJsonValue &entry : entries) {
        const QByteArray key = keyOf(entry);
        mine.insert(key);
        if (m_taken.value(key) != textOf(entry))
            all.append(entry); // new, or changed here
        else if (inFile.contains(key))
            all.append(inFile.value(key));
    }
    for (const QJsonValue &entry : *found) {
        const QByteArray key = keyOf(entry);
        if (!mine.contains(key) && !m_seen.contains(key)) // what was seen and is not there any more was removed here
            all.append(entry);
    }
    return all;
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
    if (!replace(merged(entries)))
        return false;
    m_seen.clear();
    take(entries);
    return true;
}

bool VersionedFile::replace(const QJsonArray &entries) const
{
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
