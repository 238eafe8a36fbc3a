// SPDX-License-Identifier: BSD-3-Clause
#include "argument_conversion.h"

#include "enum_names.h"
#include "variant_packing.h"

#include <decoy/member_bindings.h>

#include <QAssociativeIterable>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QSequentialIterable>
#include <QUrl>
#include <QUuid>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace decoy::qt {

namespace {

/// One argument on its way into a QVariant, with the words for its errors.
struct Conversion {
    const msgpack::object &object;
    const QMetaType type;
    const std::string_view method;
    const std::string_view parameter;

    [[noreturn]] void fail(std::string_view expected) const
    {
        detail::throwArgumentMismatch(object, expected, method, parameter);
    }

    [[nodiscard]] bool isText() const noexcept { return object.type == msgpack::type::STR; }
    [[nodiscard]] QString text(std::string_view expected = "str") const
    {
        if (!isText())
            fail(expected);
        return QString::fromUtf8(object.via.str.ptr, static_cast<qsizetype>(object.via.str.size));
    }
    template <class T>
    [[nodiscard]] ConvertedArgument number() const
    {
        const bool isWhole = object.type == msgpack::type::POSITIVE_INTEGER
            || object.type == msgpack::type::NEGATIVE_INTEGER;
        return {QVariant::fromValue(detail::convertArgument<T>(object, method, parameter)),
                std::is_floating_point_v<T> && isWhole ? Distance::Near : Distance::Same};
    }
    /// A type that QtCore reads from text, such as a date.
    template <class T>
    [[nodiscard]] ConvertedArgument parsed(T value, std::string_view expected) const
    {
        if (!value.isValid())
            fail(expected);
        return {QVariant::fromValue(std::move(value)), Distance::Near};
    }

    [[nodiscard]] ConvertedArgument bytes() const;
    [[nodiscard]] ConvertedArgument character() const;
    [[nodiscard]] ConvertedArgument uuid() const;
    [[nodiscard]] ConvertedArgument enumeration() const;
    [[nodiscard]] ConvertedArgument sequence() const;
    [[nodiscard]] ConvertedArgument general() const;
    [[nodiscard]] ConvertedArgument convert() const;
};

ConvertedArgument Conversion::bytes() const
{
    if (object.type == msgpack::type::BIN)
        return {QByteArray(object.via.bin.ptr, static_cast<qsizetype>(object.via.bin.size)), Distance::Same};
    return {text("bytes").toUtf8(), Distance::Near};
}

ConvertedArgument Conversion::character() const
{
    const QString characters = text("str of one character");
    if (characters.size() != 1)
        fail("str of one character");
    return {QVariant::fromValue(characters.front()), Distance::Near};
}

ConvertedArgument Conversion::uuid() const
{
    const auto id = QUuid::fromString(text("str with a UUID"));
    if (id.isNull())
        fail("str with a UUID");
    return {QVariant::fromValue(id), Distance::Near};
}

ConvertedArgument Conversion::enumeration() const
{
    const QMetaEnum names = metaEnumOf(type);
    const std::string expected = names.isValid() ? listOf(names) : std::string("int");
    std::optional<int> value;
    if (isText())
        value = enumValue(names, QByteArray(object.via.str.ptr, static_cast<qsizetype>(object.via.str.size)));
    else if (const auto number = detail::convertArgument<std::int64_t>(object, method, parameter);
             hasValue(names, number))
        value = static_cast<int>(number);
    if (!value)
        fail(expected);
    QVariant result(*value);
    result.convert(type);
    return {std::move(result), isText() ? Distance::Near : Distance::Same};
}

/// QList<int> and the like: Qt reads such a container as a list, but does not make one from a list.
ConvertedArgument Conversion::sequence() const
{
    if (object.type != msgpack::type::ARRAY)
        fail("list");
    QVariant container(type);
    auto items = container.view<QSequentialIterable>();
    const QMetaType itemType = items.metaContainer().valueMetaType();
    for (std::uint32_t index = 0; index < object.via.array.size; ++index) {
        const std::string place = std::string(parameter) + "[" + std::to_string(index) + "]";
        items.addValue(convertArgument(object.via.array.ptr[index], itemType, method, place).value);
    }
    return {std::move(container), Distance::Same};
}

/// What is left to the meta-type system: types of users with registered converters, and of libraries above QtCore.
ConvertedArgument Conversion::general() const
{
    if (type.flags().testFlag(QMetaType::PointerToQObject)) {
        if (!object.is_nil())
            fail("None, because objects cannot be sent");
        return {QVariant(type), Distance::Same};
    }
    QVariant value = toVariant(object);
    if (value.metaType() == type)
        return {std::move(value), Distance::Same};
    if (value.isValid() && value.convert(type))
        return {std::move(value), Distance::Far};
    QVariant container(type);
    if (container.canView<QSequentialIterable>()
        && container.view<QSequentialIterable>().metaContainer().canAddValueAtEnd())
        return sequence();
    fail(type.name());
}

ConvertedArgument Conversion::convert() const
{
    if (type.flags().testFlag(QMetaType::IsEnumeration))
        return enumeration();
    switch (type.id()) {
    case QMetaType::Bool: return number<bool>();
    case QMetaType::Char: return number<char>();
    case QMetaType::SChar: return number<signed char>();
    case QMetaType::UChar: return number<unsigned char>();
    case QMetaType::Short: return number<short>();
    case QMetaType::UShort: return number<unsigned short>();
    case QMetaType::Int: return number<int>();
    case QMetaType::UInt: return number<unsigned int>();
    case QMetaType::Long: return number<long>();
    case QMetaType::ULong: return number<unsigned long>();
    case QMetaType::LongLong: return number<long long>();
    case QMetaType::ULongLong: return number<unsigned long long>();
    case QMetaType::Float: return number<float>();
    case QMetaType::Double: return number<double>();
    case QMetaType::QString: return {text(), Distance::Same};
    case QMetaType::QByteArray: return bytes();
    case QMetaType::QChar: return character();
    case QMetaType::QUuid: return uuid();
    case QMetaType::QUrl: return parsed(QUrl(text("str with a URL"), QUrl::StrictMode), "str with a URL");
    case QMetaType::QDateTime:
        return parsed(QDateTime::fromString(text("str with an ISO 8601 date and time"), Qt::ISODateWithMs),
                      "str with an ISO 8601 date and time");
    case QMetaType::QDate:
        return parsed(QDate::fromString(text("str with an ISO 8601 date"), Qt::ISODate), "str with an ISO 8601 date");
    case QMetaType::QTime:
        return parsed(QTime::fromString(text("str with an ISO 8601 time"), Qt::ISODateWithMs),
                      "str with an ISO 8601 time");
    case QMetaType::QStringList: return sequence();
    case QMetaType::QVariant: return {QVariant::fromValue(toVariant(object)), Distance::Far};
    case QMetaType::QJsonValue: return {QVariant::fromValue(QJsonValue::fromVariant(toVariant(object))), Distance::Far};
    default: return general();
    }
}

} // namespace

ConvertedArgument convertArgument(const msgpack::object &object, QMetaType type, std::string_view method,
                                  std::string_view parameter)
{
    return Conversion{object, type, method, parameter}.convert();
}

std::string_view typeWord(QMetaType type)
{
    if (type.flags().testFlag(QMetaType::IsEnumeration))
        return "int";
    if (type.flags().testFlag(QMetaType::PointerToQObject))
        return "object";
    switch (type.id()) {
    case QMetaType::Void: return "None";
    case QMetaType::Bool: return "bool";
    case QMetaType::Char:
    case QMetaType::SChar:
    case QMetaType::UChar:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::ULong:
    case QMetaType::LongLong:
    case QMetaType::ULongLong: return "int";
    case QMetaType::Float:
    case QMetaType::Double: return "float";
    case QMetaType::QString:
    case QMetaType::QChar:
    case QMetaType::QUuid:
    case QMetaType::QUrl:
    case QMetaType::QDateTime:
    case QMetaType::QDate:
    case QMetaType::QTime: return "str";
    case QMetaType::QByteArray: return "bytes";
    case QMetaType::QVariantMap:
    case QMetaType::QVariantHash:
    case QMetaType::QJsonObject: return "dict";
    case QMetaType::QVariant:
    case QMetaType::QJsonValue: return "any";
    case QMetaType::QJsonArray: return "list";
    default: break;
    }
    const QVariant example(type);
    if (example.canConvert<QAssociativeIterable>() || type.flags().testFlag(QMetaType::IsGadget))
        return "dict";
    return example.canConvert<QSequentialIterable>() ? "list" : "any";
}

} // namespace decoy::qt
