// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <QString>

#include <optional>

namespace decoy::ui {

/// A small JSON file of the monitor's own: `{"format": …, "version": …, "entries": […]}`. What cannot be read, because it is
/// damaged, too large or of a later version, is put aside under another name rather than overwritten; the monitor goes on without.
class VersionedFile {
public:
    /// An empty path: nothing is ever kept, and nothing found. Entries with the same text under `key` are the same entry, whoever
    /// wrote them; one without is the same as another only if all of it is.
    VersionedFile(QString path, QString format, int version, QString key)
        : m_path(std::move(path)), m_format(std::move(format)), m_version(version), m_key(std::move(key))
    {}

    /// Larger ones are not ours.
    static constexpr qint64 largestSize = 16 * 1024 * 1024;

    [[nodiscard]] QJsonArray read();
    /// What read() has become: that these may be written otherwise than they stand in the file is no change.
    void take(const QJsonArray &entries);
    /// Replaces the file as a whole, so that a crash leaves the old one or the new one. Several processes may use it: of what `entries`
    /// has not changed since the last time the file's version stays, or is gone if another has removed it; behind them come those that
    /// another has added. False if it could not be written.
    bool write(const QJsonArray &entries);
    [[nodiscard]] const QString &path() const noexcept { return m_path; }
    /// Where read() puts what it cannot read.
    [[nodiscard]] QString pathAside() const { return m_path + QStringLiteral(".unreadable"); }

private:
    /// Nothing if the file is not there, or is none of ours.
    [[nodiscard]] std::optional<QJsonArray> readEntries() const;
    [[nodiscard]] QByteArray keyOf(const QJsonValue &entry) const;
    [[nodiscard]] QJsonArray merged(const QJsonArray &entries) const;
    bool replace(const QJsonArray &entries) const;
    void putAside() const;

    QString m_path;
    QString m_format;
    int m_version;
    QString m_key;
    QSet<QByteArray> m_seen;               ///< keys that stood in the file when it was read or written last
    QHash<QByteArray, QByteArray> m_taken; ///< by key: entries as they were then
};

} // namespace decoy::ui
