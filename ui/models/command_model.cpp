// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/command_model.h"

#include <QAction>
#include <QIcon>
#include <QPixmap>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int fits = 1;
constexpr int atWordBegin = 8;
constexpr int afterTheLast = 5;
constexpr int longestQuery = 64;

/// The icon text is the text without its mnemonic, unless the action has a longer one because it needs its menu to be understood.
QString nameOf(const QAction &action) { return action.iconText(); }

/// Keeps the names in line where a command has no icon.
QIcon noIcon()
{
    QPixmap pixmap(16, 16);
    pixmap.fill(Qt::transparent);
    return QIcon(pixmap);
}

/// Text and tooltip: who types "SIGTERM" finds "Stop all workers" too, but after what says so in its name.
int scoreOf(const QString &query, const QAction &action)
{
    if (const int score = fuzzyScore(query, nameOf(action)))
        return score + longestQuery;
    return action.toolTip().contains(query, Qt::CaseInsensitive) ? fits : 0;
}

/// The letters in their order, anywhere: what a search for the best places may miss.
bool occursInOrder(QStringView query, QStringView text)
{
    qsizetype next = 0;
    for (const QChar letter : query.left(longestQuery)) {
        if (letter.isSpace())
            continue;
        next = text.indexOf(letter, next, Qt::CaseInsensitive) + 1;
        if (next == 0)
            return false;
    }
    return true;
}

} // namespace

int fuzzyScore(QStringView query, QStringView text)
{
    int score = fits;
    qsizetype next = 0;
    for (const QChar letter : query.left(longestQuery)) {
        if (letter.isSpace())
            continue;
        // The beginning of a word, where there is one, is what a person means: "sc" is "Stop capture", not "di[sc]…".
        qsizetype found = -1;
        for (qsizetype at = next; at < text.size(); ++at) {
            if (text[at].toCaseFolded() != letter.toCaseFolded())
                continue;
            const bool beginsWord = at == 0 || !text[at - 1].isLetterOrNumber();
            if (found < 0 || beginsWord)
                found = at;
            if (beginsWord || at == next)
                break;
        }
        if (found < 0)
            return occursInOrder(query, text) ? fits : 0;
        if (found == 0 || !text[found - 1].isLetterOrNumber())
            score += atWordBegin;
        else if (found == next && next > 0)
            score += afterTheLast;
        next = found + 1;
    }
    return score;
}

QStringList keysOf(const QAction &action)
{
    QStringList keys;
    for (const QKeySequence &sequence : action.shortcuts())
        keys += sequence.toString(QKeySequence::NativeText).replace(u"Return"_s, u"Enter"_s);
    keys.removeDuplicates();
    return keys;
}

CommandModel::CommandModel(QObject *parent) : QAbstractListModel(parent) {}

void CommandModel::setCommands(const QList<QAction *> &commands)
{
    m_commands.clear();
    for (QAction *action : commands) {
        if (!action->isSeparator() && !action->text().isEmpty() && action->isVisible())
            m_commands.emplace_back(action);
    }
    setQuery({});
}

void CommandModel::setQuery(const QString &query)
{
    std::vector<std::pair<int, QPointer<QAction>>> found;
    for (const QPointer<QAction> &action : m_commands) {
        if (const int score = action ? scoreOf(query, *action) : 0)
            found.emplace_back(score, action);
    }
    std::ranges::stable_sort(found, std::greater(), [](const auto &pair) { return pair.first; });
    beginResetModel();
    m_found.clear();
    for (auto &[score, action] : found)
        m_found.push_back(std::move(action));
    endResetModel();
}

QAction *CommandModel::command(const QModelIndex &index) const
{
    const bool isThere = index.isValid() && checkIndex(index, CheckIndexOption::IndexIsValid);
    return isThere ? m_found[std::size_t(index.row())].data() : nullptr;
}

int CommandModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_found.size());
}

QVariant CommandModel::data(const QModelIndex &index, int role) const
{
    const QAction *action = command(index);
    if (!action)
        return {};
    switch (role) {
    case Qt::DisplayRole: return nameOf(*action);
    case Qt::DecorationRole: return action->icon().isNull() ? noIcon() : action->icon();
    case Qt::ToolTipRole: return action->toolTip();
    case ShortcutRole: return keysOf(*action).value(0);
    case Qt::AccessibleTextRole: {
        const QString shortcut = keysOf(*action).value(0);
        return shortcut.isEmpty() ? nameOf(*action) : u"%1, %2"_s.arg(nameOf(*action), shortcut);
    }
    default: return {};
    }
}

Qt::ItemFlags CommandModel::flags(const QModelIndex &index) const
{
    const QAction *action = command(index);
    if (!action)
        return Qt::NoItemFlags;
    return action->isEnabled() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsSelectable;
}

} // namespace decoy::ui
