// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/value_text.h"

#include <decoy/json.h>
#include <decoy/proxy.h>

#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

ParsedValue problem(const QString &text) { return {{}, text}; }

ParsedValue parseInteger(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return problem(u"A whole number is needed."_s);
    const bool negative = trimmed.startsWith(u'-');
    const QString digits = negative || trimmed.startsWith(u'+') ? trimmed.mid(1) : trimmed;
    const int base = digits.startsWith("0x"_L1, Qt::CaseInsensitive) ? 16
        : digits.startsWith("0b"_L1, Qt::CaseInsensitive)            ? 2
                                                                     : 10;
    const QString bare = base == 10 ? digits : digits.mid(2);
    bool wellFormed = !bare.isEmpty();
    for (const QChar digit : bare)
        wellFormed = wellFormed && digit.unicode() < 128 && QString(digit).toInt(nullptr, base) >= 0
            && (digit == u'0' || QString(digit).toInt(nullptr, base) > 0);
    if (!wellFormed)
        return problem(u"“%1” is no whole number."_s.arg(trimmed));
    bool fits = false;
    const quint64 magnitude = bare.toULongLong(&fits, base);
    constexpr quint64 mostNegative = quint64{1} << 63;
    if (!fits || (negative && magnitude > mostNegative))
        return problem(u"%1 does not fit into 64 bits."_s.arg(trimmed));
    if (negative)
        return {Value(static_cast<qint64>(0 - magnitude)), {}};
    return {Value(magnitude), {}};
}

ParsedValue parseFloat(const QString &text)
{
    bool isNumber = false;
    const double value = text.trimmed().toDouble(&isNumber);
    if (!isNumber)
        return problem(text.trimmed().isEmpty() ? u"A number is needed."_s
                                                : u"“%1” is no number."_s.arg(text.trimmed()));
    return {Value(value), {}};
}

ParsedValue parseBool(const QString &text)
{
    const QString word = text.trimmed().toLower();
    if (word == "true"_L1)
        return {Value(true), {}};
    if (word == "false"_L1)
        return {Value(false), {}};
    return problem(u"true or false is needed."_s);
}

ParsedValue parseJson(std::string_view type, const QString &text)
{
    if (text.trimmed().isEmpty())
        return problem(u"JSON is needed, for example %1."_s.arg(type == "dict" ? u"{\"key\": 1}"_s : u"[1, 2, 3]"_s));
    try {
        Value value = fromJson(text.toStdString());
        const auto kind = value.object().type;
        if (type == "list" && kind != msgpack::type::ARRAY)
            return problem(u"A list is needed: [ … ]."_s);
        if (type == "dict" && kind != msgpack::type::MAP)
            return problem(u"An object is needed: { … }."_s);
        return {std::move(value), {}};
    } catch (const ProxyError &error) {
        return problem(QString::fromUtf8(error.what()));
    }
}

Value bytesValue(const QByteArray &bytes) { return Value(std::vector<unsigned char>(bytes.begin(), bytes.end())); }

ParsedValue parseHex(const QString &text)
{
    QString digits;
    for (const QChar character : text) {
        if (character.isSpace() || character == u':' || character == u',')
            continue;
        const ushort code = character.toLower().unicode();
        if (!(code >= u'0' && code <= u'9') && !(code >= u'a' && code <= u'f'))
            return problem(u"“%1” is no hexadecimal digit."_s.arg(character));
        digits += character;
    }
    if (digits.size() % 2 != 0)
        return problem(u"Each byte needs two hexadecimal digits; one is missing."_s);
    return {bytesValue(QByteArray::fromHex(digits.toLatin1())), {}};
}

QString shortened(QString text, qsizetype most)
{
    if (text.size() > most) {
        text.truncate(most);
        text += u'…';
    }
    return text;
}

QString hexText(const msgpack::object &object, qsizetype most)
{
    const qsizetype shown = std::min<qsizetype>(object.via.bin.size, most);
    return QString::fromLatin1(QByteArray(object.via.bin.ptr, shown).toHex(' '));
}

} // namespace

ParsedValue parseValue(std::string_view type, const QString &text)
{
    if (type == "int")
        return parseInteger(text);
    if (type == "float")
        return parseFloat(text);
    if (type == "bool")
        return parseBool(text);
    if (type == "str")
        return {Value(text.toStdString()), {}};
    if (type == "bytes")
        return parseHex(text);
    if (type == "None")
        return {Value(), {}};
    return parseJson(type, text);
}

ParsedValue parseBytes(const QString &text, BytesNotation notation)
{
    switch (notation) {
    case BytesNotation::Text: return {bytesValue(text.toUtf8()), {}};
    case BytesNotation::Base64: {
        const auto decoded = QByteArray::fromBase64Encoding(text.simplified().remove(u' ').toLatin1(),
                                                            QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded)
            return problem(u"This is no Base64."_s);
        return {bytesValue(decoded.decoded), {}};
    }
    case BytesNotation::Hex: break;
    }
    return parseHex(text);
}

QString editableText(std::string_view type, const Value &value)
{
    const msgpack::object &object = value.object();
    if (type == "str" && object.type == msgpack::type::STR)
        return QString::fromUtf8(object.via.str.ptr, object.via.str.size);
    if (type == "bytes" && object.type == msgpack::type::BIN)
        return hexText(object, object.via.bin.size);
    return QString::fromStdString(toJson(value));
}

QString displayText(const Value &value, qsizetype most)
{
    if (value.isProxy() || value.isCallable())
        return valueTypeText(value);
    const msgpack::object &object = value.object();
    if (object.type == msgpack::type::BIN)
        return shortened(hexText(object, most / 3 + 1), most);
    return shortened(QString::fromStdString(toJson(value)), most);
}

QString valueTypeText(const Value &value)
{
    if (value.isProxy()) {
        const Proxy proxy = value.proxy();
        return u"%1 #%2"_s.arg(QString::fromStdString(proxy.typeName())).arg(proxy.id());
    }
    if (value.isCallable())
        return u"method %1"_s.arg(QString::fromStdString(value.callable().name()));
    const msgpack::object &object = value.object();
    switch (object.type) {
    case msgpack::type::NIL: return u"None"_s;
    case msgpack::type::BOOLEAN: return u"bool"_s;
    case msgpack::type::POSITIVE_INTEGER:
    case msgpack::type::NEGATIVE_INTEGER: return u"int"_s;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: return u"float"_s;
    case msgpack::type::STR: return u"str"_s;
    case msgpack::type::BIN: return u"bytes, %1 long"_s.arg(object.via.bin.size);
    case msgpack::type::ARRAY: return u"list of %1"_s.arg(object.via.array.size);
    case msgpack::type::MAP: return u"dict of %1"_s.arg(object.via.map.size);
    case msgpack::type::EXT: return u"extension %1"_s.arg(object.via.ext.type());
    }
    return u"any"_s;
}

} // namespace decoy::ui
