// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/description.h>
#include <decoy/error.h>

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace decoy::ui {

/// The attributes of one object with their values as last read. Editing a value does not change it here: it asks for the
/// change, and the value follows when the object has taken it.
class AttributeModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { Name, AttributeValue, Type };
    static constexpr int columns = Type + 1;

    explicit AttributeModel(QObject *parent = nullptr);

    void setAttributes(const std::vector<AttributeDescription> &attributes);
    void clear() { setAttributes({}); }
    void setValue(int row, const Value &value);
    void setFailure(int row, const Failure &failure);

    [[nodiscard]] const AttributeDescription &attribute(int row) const { return m_rows.at(std::size_t(row)).attribute; }
    [[nodiscard]] int rowOf(std::string_view attribute) const noexcept;
    /// The value as last read; none before the first answer.
    [[nodiscard]] const std::optional<Value> &value(int row) const { return m_rows.at(std::size_t(row)).value; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &text, int role = Qt::EditRole) override;

Q_SIGNALS:
    /// The person wants the attribute of this row to have another value.
    void changeRequested(int row, const decoy::Value &value);
    /// What the person typed is no value for it.
    void editRefused(int row, const QString &problem);

private:
    struct Row {
        AttributeDescription attribute;
        std::optional<Value> value;
        std::optional<Failure> failure;
    };

    [[nodiscard]] QString valueText(const Row &row) const;

    std::vector<Row> m_rows;
};

} // namespace decoy::ui
