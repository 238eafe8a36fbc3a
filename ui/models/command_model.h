// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QPointer>
#include <QStringList>

#include <vector>

class QAction;

namespace decoy::ui {

/// The keys of a command, as people call them: there are two keys named "Enter", and either will do.
[[nodiscard]] QStringList keysOf(const QAction &action);

/// How well `query` fits `text`: its letters have to occur in this order, ideally next to each other and at beginnings of words.
/// 0 if it does not fit; an empty query fits everything equally.
[[nodiscard]] int fuzzyScore(QStringView query, QStringView text);

/// The commands that fit what a person typed, best first. Commands that cannot be given now stay in the list, dimmed, so that a
/// person learns that they exist.
class CommandModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { ShortcutRole = Qt::UserRole };

    explicit CommandModel(QObject *parent = nullptr);

    void setCommands(const QList<QAction *> &commands);
    void setQuery(const QString &query);

    /// Null if the action has gone meanwhile.
    [[nodiscard]] QAction *command(const QModelIndex &index) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<QPointer<QAction>> m_commands;
    std::vector<QPointer<QAction>> m_found;
};

} // namespace decoy::ui
