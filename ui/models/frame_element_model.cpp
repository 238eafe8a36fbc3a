// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/frame_element_model.h"

#include "theme/fonts.h"

#include <QBrush>
#include <QGuiApplication>
#include <QPalette>

#include <span>
#include <utility>

namespace decoy::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

QString bytesText(const FrameElement &element)
{
    const std::uint32_t size = element.end - element.begin;
    if (size == 0)
        return u"at %1"_s.arg(element.begin);
    if (size == 1)
        return QString::number(element.begin);
    return u"%1–%2"_s.arg(element.begin).arg(element.end - 1);
}

QBrush highlightBrush()
{
    QColor colour = QGuiApplication::palette().color(QPalette::Highlight);
    colour.setAlphaF(0.55F);
    return colour;
}

} // namespace

FrameElementModel::FrameElementModel(QObject *parent) : QAbstractItemModel(parent), m_members(1) {}

void FrameElementModel::setFrame(const QByteArray &bytes, quint64 size)
{
    beginResetModel();
    m_elements.clear();
    m_highlighted = -1;
    if (!bytes.isEmpty() || size != 0)
        m_elements = frameLayout(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))),
                                 size);
    m_members.assign(m_elements.size() + 1, {});
    m_rowInParent.assign(m_elements.size(), 0);
    for (std::size_t i = 0; i < m_elements.size(); ++i) {
        const int parent = m_elements[i].parent;
        std::vector<int> &siblings = parent < 0 ? m_members.back() : m_members[static_cast<std::size_t>(parent)];
        m_rowInParent[i] = static_cast<int>(siblings.size());
        siblings.push_back(static_cast<int>(i));
    }
    endResetModel();
}

const FrameElement &FrameElementModel::element(const QModelIndex &index) const
{
    return m_elements[index.internalId()];
}

const std::vector<int> &FrameElementModel::membersOf(const QModelIndex &parent) const
{
    return parent.isValid() ? m_members[parent.internalId()] : m_members.back();
}

QModelIndex FrameElementModel::indexOf(int element, int column) const
{
    return createIndex(m_rowInParent[static_cast<std::size_t>(element)], column, static_cast<quintptr>(element));
}

QModelIndex FrameElementModel::elementAt(int byte, int column) const
{
    // Members come after what contains them, so the last that fits is the innermost.
    for (int i = static_cast<int>(m_elements.size()) - 1; i >= 0; --i) {
        const FrameElement &candidate = m_elements[static_cast<std::size_t>(i)];
        if (byte >= static_cast<int>(candidate.begin) && byte < static_cast<int>(candidate.end))
            return indexOf(i, column);
    }
    return {};
}

void FrameElementModel::setHighlighted(const QModelIndex &index)
{
    const int next = index.isValid() ? static_cast<int>(index.internalId()) : -1;
    const int last = std::exchange(m_highlighted, next);
    if (last == next)
        return;
    for (const int changed : {last, next}) {
        if (changed >= 0)
            Q_EMIT dataChanged(indexOf(changed, 0), indexOf(changed, ColumnCount - 1), {Qt::BackgroundRole});
    }
}

QModelIndex FrameElementModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, static_cast<quintptr>(membersOf(parent)[static_cast<std::size_t>(row)]));
}

QModelIndex FrameElementModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || element(child).parent < 0)
        return {};
    return indexOf(element(child).parent, 0);
}

int FrameElementModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(membersOf(parent).size());
}

int FrameElementModel::columnCount(const QModelIndex &) const { return ColumnCount; }

QVariant FrameElementModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const FrameElement &shown = element(index);
    if (role == Qt::ToolTipRole || role == Qt::StatusTipRole)
        return QString::fromUtf8(explainElement(shown).data(), static_cast<qsizetype>(explainElement(shown).size()));
    if (role == Qt::FontRole)
        return index.column() == Value ? QVariant(monospaceFont()) : QVariant();
    if (role == Qt::BackgroundRole && static_cast<int>(index.internalId()) == m_highlighted)
        return highlightBrush();
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Element: return QString::fromStdString(shown.label);
    case Value: return QString::fromStdString(shown.value);
    case Type: return QString::fromUtf8(shown.type.data(), static_cast<qsizetype>(shown.type.size()));
    case Bytes: return bytesText(shown);
    default: return {};
    }
}

QVariant FrameElementModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Element: return tr("Element");
    case Value: return tr("Value");
    case Type: return tr("Type");
    case Bytes: return tr("Bytes");
    default: return {};
    }
}

} // namespace decoy::ui
