// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/attribute_model.h"

#include "session/value_text.h"
#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QGuiApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr qsizetype longestToolTip = 2000;

} // namespace

AttributeModel::AttributeModel(QObject *parent) : QAbstractTableModel(parent) {}

void AttributeModel::setAttributes(const std::vector<AttributeDescription> &attributes)
{
    beginResetModel();
    m_rows.clear();
    for (const AttributeDescription &attribute : attributes)
        m_rows.push_back({attribute, {}, {}});
    endResetModel();
}

void AttributeModel::setValue(int row, const Value &value)
{
    Row &changed = m_rows.at(static_cast<std::size_t>(row));
    const QString before = valueText(changed);
    changed.value = value;
    changed.failure.reset();
    if (valueText(changed) != before)
        Q_EMIT dataChanged(index(row, AttributeValue), index(row, AttributeValue));
}

void AttributeModel::setFailure(int row, const Failure &failure)
{
    m_rows.at(static_cast<std::size_t>(row)).failure = failure;
    Q_EMIT dataChanged(index(row, AttributeValue), index(row, AttributeValue));
}

int AttributeModel::rowOf(std::string_view attribute) const noexcept
{
    const auto found = std::ranges::find_if(m_rows, [&](const Row &row) { return row.attribute.name == attribute; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int AttributeModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AttributeModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QString AttributeModel::valueText(const Row &row) const
{
    if (row.failure)
        return u"✕ %1"_s.arg(QString::fromStdString(row.failure->text()));
    return row.value ? displayText(*row.value) : u"…"_s;
}

QVariant AttributeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return column == Name ? QString::fromStdString(row.attribute.name)
            : column == Type  ? QString::fromStdString(row.attribute.type)
                              : valueText(row);
    case Qt::EditRole:
        return column == AttributeValue && row.value ? editableText(row.attribute.type, *row.value) : QVariant();
    case Qt::ToolTipRole:
        if (column == AttributeValue)
            return row.value && !row.failure ? displayText(*row.value, longestToolTip) : valueText(row);
        return QString::fromStdString(row.attribute.doc);
    case Qt::FontRole: return column == Type ? QVariant() : QVariant(monospaceFont());
    case Qt::ForegroundRole:
        if (column == AttributeValue && row.failure)
            return opcodeStyle(FrameRole::Error, QGuiApplication::palette()).colour;
        if (column == Type || !row.attribute.writable)
            return mutedColour(QGuiApplication::palette());
        return {};
    case Qt::AccessibleTextRole:
        return column == AttributeValue ? u"%1: %2"_s.arg(QString::fromStdString(row.attribute.name), valueText(row))
                                        : QVariant();
    default: return {};
    }
}

QVariant AttributeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return u"Attribute"_s;
    case AttributeValue: return u"Value"_s;
    case Type: return u"Type"_s;
    default: return {};
    }
}

Qt::ItemFlags AttributeModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == AttributeValue) {
        const Row &row = m_rows[static_cast<std::size_t>(index.row())];
        if (row.attribute.writable && row.value && row.value->kind() == Value::Kind::Data)
            flags |= Qt::ItemIsEditable;
    }
    return flags;
}

bool AttributeModel::setData(const QModelIndex &index, const QVariant &text, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const int row = index.row();
    if (text.toString() == data(index, Qt::EditRole).toString())
        return true; // looked, and left as it was: nothing to send
    const ParsedValue parsed = parseValue(attribute(row).type, text.toString());
    if (!parsed.isValid()) {
        Q_EMIT editRefused(row, parsed.problem);
        return false;
    }
    Q_EMIT changeRequested(row, parsed.value);
    return true;
}

} // namespace decoy::ui
