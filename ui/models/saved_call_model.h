// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>

namespace decoy::ui {

class SavedCalls;

/// The saved calls by name. Editing a row renames its call. The calls must outlive it.
class SavedCallModel : public QAbstractListModel {
    Q_OBJECT

public:
    explicit SavedCallModel(SavedCalls &calls, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &name, int role = Qt::EditRole) override;

Q_SIGNALS:
    /// The name cannot be given, or the file could not be written.
    void changeRefused(const QString &problem);

private:
    SavedCalls &m_calls;
};

} // namespace decoy::ui
