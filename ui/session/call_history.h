// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"
#include "session/versioned_file.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace decoy::ui {

/// The calls by hand, newest first; the newest ones survive a restart. UI thread only.
class CallHistory : public QObject {
    Q_OBJECT

public:
    /// Calls that are remembered; the oldest go when there are more.
    static constexpr int most = 500;

    /// Reads what `path` holds; nothing is kept if it is empty.
    explicit CallHistory(const QString &path, QObject *parent = nullptr);
    ~CallHistory() override;

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_records.size()); }
    /// `row` must be there; 0 is the newest.
    [[nodiscard]] const CallRecord &at(int row) const { return m_records.at(static_cast<std::size_t>(row)); }
    /// Null if it is not there (any more).
    [[nodiscard]] const CallRecord *find(quint64 number) const noexcept;

    /// Adds a call and returns its number.
    quint64 add(CallRecord record);
    /// Replaces the record of the same number, if it is there.
    void update(const CallRecord &record);
    void remove(int row);
    void clear();

    /// Writes what has changed since, now rather than a second later. False if that failed.
    bool save();

Q_SIGNALS:
    void aboutToAdd();
    void added();
    void changed(int row);
    void aboutToRemove(int row);
    void removed();
    void aboutToClear();
    void cleared();

private:
    [[nodiscard]] int rowOf(quint64 number) const noexcept;
    [[nodiscard]] QJsonArray entries() const;
    void load();

    VersionedFile m_file;
    std::deque<CallRecord> m_records;
    quint64 m_lastNumber = 0;
    QTimer m_saving;
};

} // namespace decoy::ui
