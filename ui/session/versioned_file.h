// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QSet>
#include <QString>

namespace decoy::ui {

/// A small JSON file of the monitor's own: `{"format": …, "version": …, "entries": […]}`. What cannot be read, because it is
/// damaged, too large or of a later version, is put aside under another name rather than overwritten; the monitor goes on without.
class VersionedFile {
public:
    /// An empty path: nothing is ever kept, and nothing found.
    VersionedFile(QString path, QString format, int version)
        : m_path(std::move(path)), m_format(std::move(format)), m_version(version)
    {}

    /// Larger ones are not ours.
    static constexpr qint64 largestSize = 16 * 1024 * 1024;

    [[nodiscard]] QJsonArray read();
    /// Replaces the file as a whole, so that a crash leaves the old one or the new one. Behind `entries` it keeps those that another
    /// process has added since the last read() or write(). False if it could not be written.
    bool write(const QJsonArray &entries);
    [[nodiscard]] const QString &path() const noexcept { return m_path; }
    /// Where read() puts what it cannot read.
    [[nodiscard]] QString pathAside() const { return m_path + QStringLiteral(".unreadable"); }

private:
    using Known = QSet<QByteArray>;

    [[nodiscard]] QJsonArray readEntries() const;
    void putAside() const;

    QString m_path;
    QString m_format;
    int m_version;
    Known m_known; ///< what the file held when it was last looked at
};

} // namespace decoy::ui
