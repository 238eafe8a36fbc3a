// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"
#include "session/versioned_file.h"

#include <QObject>

#include <vector>

namespace decoy::ui {

struct SavedCall {
    QString name;
    CallRecord call; ///< what is called; its outcome means nothing
};

/// Calls that the person gave a name, in the order of their names. Written at every change. UI thread only.
class SavedCalls : public QObject {
    Q_OBJECT

public:
    static constexpr int most = 200;
    static constexpr qsizetype longestArguments = 64 * 1024;
    static constexpr qsizetype longestName = 80;

    explicit SavedCalls(const QString &path, QObject *parent = nullptr);

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_calls.size()); }
    [[nodiscard]] const SavedCall &at(int row) const { return m_calls.at(static_cast<std::size_t>(row)); }
    /// -1 if there is none.
    [[nodiscard]] int rowOf(const QString &name) const noexcept;

    // Each returns what is wrong, as a sentence for the person; an empty text if all is well.
    /// Keeps a call; one of the same name is replaced.
    QString save(const QString &name, const CallRecord &call);
    QString rename(int row, const QString &name);
    QString remove(int row);

Q_SIGNALS:
    /// The list is another one: with up to 200 short rows nobody notices that all of it is looked at again.
    void aboutToChange();
    void changed();

private:
    void load();
    [[nodiscard]] QJsonArray entries() const;
    QString write();
    void sort();

    VersionedFile m_file;
    std::vector<SavedCall> m_calls;
};

} // namespace decoy::ui
