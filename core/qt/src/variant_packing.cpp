// SPDX-License-Identifier: BSD-3-Clause
#include "variant_packing.h"

#include <decoy/error.h>

#include <QAssociativeIterable>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QMetaProperty>
#include <QSequentialIterable>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace decoy::qt {

namespace {

// Adaptors write into the zone; strings and binaries are copied there.
using Zone = msgpack::zone;

msgpack::object packed(const QVariant &variant, Zone &zone, int depth);

msgpack::object packedText(const QString &text, Zone &zone) { return {text.toStdString(), zone}; }

msgpack::object packedBytes(const QByteArray &bytes, Zone &zone)
{
    return {msgpack::type::raw_ref(bytes.constData(), static_cast<std::uint32_t>(bytes.size())), zone};
}

[[noreturn]] void throwNoForm(const QMetaType &type)
{
    throw DataEncodeError(std::string("a ") + type.name() + " cannot be sent: it has no form as data");
}

int deeper(int depth)
{
    if (depth >= deepestNesting)
        throw DataEncodeError("the value is nested more than " + std::to_string(deepestNesting) + " deep");
    return depth + 1;
}

/// Sizes are only known at the end for Qt's iterables, so members are collected first.
msgpack::object asArray(const std::vector<msgpack::object> &members, Zone &zone)
{
    msgpack::object array;
    array.type = msgpack::type::ARRAY;
    array.via.array.size = static_cast<std::uint32_t>(members.size());
    array.via.array.ptr = static_cast<msgpack::object *>(zone.allocate_align(members.size() * sizeof(msgpack::object)));
    std::ranges::copy(members, array.via.array.ptr);
    return array;
}

msgpack::object asMap(const std::vector<msgpack::object_kv> &pairs, Zone &zone)
{
    msgpack::object map;
    map.type = msgpack::type::MAP;
    map.via.map.size = static_cast<std::uint32_t>(pairs.size());
    map.via.map.ptr = static_cast<msgpack::object_kv *>(zone.allocate_align(pairs.size() * sizeof(msgpack::object_kv)));
    std::ranges::copy(pairs, map.via.map.ptr);
    return map;
}

msgpack::object packedSequence(const QVariant &variant, Zone &zone, int depth)
{
    std::vector<msgpack::object> members;
    for (const QVariant &member : variant.value<QSequentialIterable>())
        members.push_back(packed(member, zone, depth));
    return asArray(members, zone);
}

msgpack::object packedAssociation(const QVariant &variant, Zone &zone, int depth)
{
    std::vector<msgpack::object_kv> pairs;
    const auto association = variant.value<QAssociativeIterable>();
    for (auto entry = association.constBegin(); entry != association.constEnd(); ++entry)
        pairs.push_back({packed(entry.key(), zone, depth), packed(entry.value(), zone, depth)});
    return asMap(pairs, zone);
}

msgpack::object packedGadget(const QVariant &variant, Zone &zone, int depth)
{
    std::vector<msgpack::object_kv> pairs;
    const QMetaObject &meta = *variant.metaType().metaObject();
    for (int index = 0; index < meta.propertyCount(); ++index) {
        const QMetaProperty property = meta.property(index);
        if (property.isReadable())
            pairs.push_back({packedText(QString::fromUtf8(property.name()), zone),
                             packed(property.readOnGadget(variant.constData()), zone, depth)});
    }
    return asMap(pairs, zone);
}

/// Types of users and of libraries above QtCore: as a list, a dict or a str, whatever they can be.
msgpack::object packedOther(const QVariant &variant, Zone &zone, int depth)
{
    const QMetaType type = variant.metaType();
    if (type.flags().testFlag(QMetaType::IsEnumeration))
        return msgpack::object(std::int64_t{variant.toLongLong()});
    if (type.flags().testFlag(QMetaType::IsGadget) && type.metaObject()->propertyCount() > 0)
        return packedGadget(variant, zone, deeper(depth));
    if (QMetaType::canConvert(type, QMetaType::fromType<QString>()))
        return packedText(variant.toString(), zone);
    if (variant.canConvert<QAssociativeIterable>())
        return packedAssociation(variant, zone, deeper(depth));
    if (variant.canConvert<QSequentialIterable>())
        return packedSequence(variant, zone, deeper(depth));
    throwNoForm(type);
}

msgpack::object packed(const QVariant &variant, Zone &zone, int depth)
{
    switch (variant.typeId()) {
    case QMetaType::UnknownType:
    case QMetaType::Nullptr:
    case QMetaType::Void: return {};
    case QMetaType::Bool: return msgpack::object(variant.toBool());
    case QMetaType::Char:
    case QMetaType::SChar:
    case QMetaType::Short:
    case QMetaType::Int:
    case QMetaType::Long:
    case QMetaType::LongLong: return msgpack::object(std::int64_t{variant.toLongLong()});
    case QMetaType::UChar:
    case QMetaType::UShort:
    case QMetaType::UInt:
    case QMetaType::ULong:
    case QMetaType::ULongLong: return msgpack::object(std::uint64_t{variant.toULongLong()});
    case QMetaType::Float:
    case QMetaType::Double: return msgpack::object(variant.toDouble());
    case QMetaType::QString: return packedText(variant.toString(), zone);
    case QMetaType::QByteArray: return packedBytes(variant.toByteArray(), zone);
    case QMetaType::QDateTime: return packedText(variant.toDateTime().toString(Qt::ISODateWithMs), zone);
    case QMetaType::QTime: return packedText(variant.toTime().toString(Qt::ISODateWithMs), zone);
    case QMetaType::QJsonValue: return packed(variant.toJsonValue().toVariant(), zone, deeper(depth));
    case QMetaType::QJsonArray: return packed(variant.toJsonArray().toVariantList(), zone, deeper(depth));
    case QMetaType::QJsonObject: return packed(variant.toJsonObject().toVariantMap(), zone, deeper(depth));
    case QMetaType::QStringList:
    case QMetaType::QByteArrayList:
    case QMetaType::QVariantList: return packedSequence(variant, zone, deeper(depth));
    case QMetaType::QVariantMap:
    case QMetaType::QVariantHash: return packedAssociation(variant, zone, deeper(depth));
    default: return packedOther(variant, zone, depth);
    }
}

QVariant unpacked(const msgpack::object &object, int depth);

QVariant unpackedArray(const msgpack::object_array &array, int depth)
{
    QVariantList list;
    list.reserve(static_cast<qsizetype>(array.size));
    for (std::uint32_t index = 0; index < array.size; ++index)
        list.append(unpacked(array.ptr[index], depth));
    return list;
}

QVariant unpackedMap(const msgpack::object_map &pairs, int depth)
{
    QVariantMap map;
    for (std::uint32_t index = 0; index < pairs.size; ++index) {
        const msgpack::object &key = pairs.ptr[index].key;
        if (key.type != msgpack::type::STR)
            throw DataDecodeError("the keys of a dict for a Qt object have to be str");
        map.insert(QString::fromUtf8(key.via.str.ptr, static_cast<qsizetype>(key.via.str.size)),
                   unpacked(pairs.ptr[index].val, depth));
    }
    return map;
}

int deeperThan(int depth)
{
    if (depth >= deepestNesting)
        throw DataDecodeError("the value is nested more than " + std::to_string(deepestNesting) + " deep");
    return depth + 1;
}

QVariant unpacked(const msgpack::object &object, int depth)
{
    switch (object.type) {
    case msgpack::type::NIL: return {};
    case msgpack::type::BOOLEAN: return object.via.boolean;
    case msgpack::type::NEGATIVE_INTEGER: return qlonglong{object.via.i64};
    case msgpack::type::POSITIVE_INTEGER:
        if (object.via.u64 <= static_cast<std::uint64_t>(INT64_MAX))
            return static_cast<qlonglong>(object.via.u64);
        return static_cast<qulonglong>(object.via.u64);
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: return object.via.f64;
    case msgpack::type::STR: return QString::fromUtf8(object.via.str.ptr, static_cast<qsizetype>(object.via.str.size));
    case msgpack::type::BIN: return QByteArray(object.via.bin.ptr, static_cast<qsizetype>(object.via.bin.size));
    case msgpack::type::ARRAY: return unpackedArray(object.via.array, deeperThan(depth));
    case msgpack::type::MAP: return unpackedMap(object.via.map, deeperThan(depth));
    case msgpack::type::EXT: break;
    }
    throw DataDecodeError("a msgpack extension cannot be given to a Qt object");
}

} // namespace

Value toValue(const QVariant &variant)
{
    auto zone = std::make_shared<Zone>();
    const msgpack::object object = packed(variant, *zone, 0);
    return Value(object, std::move(zone));
}

QVariant toVariant(const msgpack::object &object) { return unpacked(object, 0); }

} // namespace decoy::qt
