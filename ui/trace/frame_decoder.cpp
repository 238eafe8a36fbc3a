// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_decoder.h"

#include <decoy/frame.h>
#include <decoy/frame_layout.h>

#include <algorithm>
#include <string>
#include <vector>

namespace decoy::ui {

using namespace Qt::Literals::StringLiterals;
using Role = FrameElement::Role;

namespace {

/// Elements that one line of text can show.
constexpr std::size_t elementsInLine = 128;

constexpr QChar ellipsis = u'…';

/// Writes elements, which stand in a list with parents before their members, as one line.
class LineWriter {
public:
    LineWriter(const std::vector<FrameElement> &elements, qsizetype maxText) : m_elements(elements), m_maxText(maxText)
    {}

    [[nodiscard]] int find(Role role, int parent = -2) const
    {
        for (std::size_t i = 0; i < m_elements.size(); ++i) {
            if (m_elements[i].role == role && (parent == -2 || m_elements[i].parent == parent))
                return static_cast<int>(i);
        }
        return -1;
    }
    [[nodiscard]] const FrameElement &element(int index) const { return m_elements[static_cast<std::size_t>(index)]; }
    [[nodiscard]] QString text(int index) const
    {
        return index < 0 ? QString() : QString::fromStdString(element(index).value);
    }
    /// A string's text without its quotation marks.
    [[nodiscard]] QString bareText(int index) const
    {
        const QString quoted = text(index);
        return quoted.size() >= 2 && quoted.startsWith(u'"') ? quoted.sliced(1, quoted.size() - 2) : quoted;
    }

    /// A value and everything in it. Returns the index of what follows it.
    int write(int index, QString &line) const
    {
        const FrameElement &value = element(index);
        const bool isMap = value.type.find("map") != std::string_view::npos;
        const bool isArray = value.type.find("array") != std::string_view::npos;
        if (isMap || isArray) {
            line += isMap ? u'{' : u'[';
            const int next = writeMembers(index, line);
            line += isMap ? u'}' : u']';
            return next;
        }
        line += value.role == Role::CutOff || value.role == Role::NotShown ? QString(ellipsis)
                                                                           : QString::fromStdString(value.value);
        return afterSubtree(index);
    }

    /// The members of an array or map, separated by commas; `separator` stands between a key and its value.
    int writeMembers(int index, QString &line, QLatin1StringView separator = ": "_L1, bool bareKeys = false) const
    {
        int member = index + 1;
        for (bool first = true; isMemberOf(member, index); first = false) {
            if (line.size() > m_maxText) {
                line += ellipsis;
                return afterSubtree(index);
            }
            const bool afterKey = member > 0 && element(member - 1).role == Role::Key
                && element(member - 1).parent == index;
            if (!first)
                line += afterKey ? QString(separator) : u", "_s;
            if (bareKeys && element(member).role == Role::Key) {
                line += bareText(member);
                ++member;
            } else {
                member = write(member, line);
            }
        }
        return member;
    }

private:
    [[nodiscard]] bool isMemberOf(int index, int parent) const
    {
        return index < static_cast<int>(m_elements.size()) && element(index).parent == parent;
    }
    [[nodiscard]] int afterSubtree(int index) const
    {
        int next = index + 1;
        while (next < static_cast<int>(m_elements.size()) && element(next).parent >= index)
            ++next;
        return next;
    }

    const std::vector<FrameElement> &m_elements;
    qsizetype m_maxText;
};

/// The number tells of what was lost, and so belongs to what an event says.
QString eventText(const LineWriter &writer)
{
    QString line = u"("_s;
    if (const int arguments = writer.find(Role::Arguments); arguments >= 0)
        writer.writeMembers(arguments, line);
    else
        line += ellipsis;
    line += u')';
    const int number = writer.find(Role::EventNumber);
    return number < 0 ? line : line + u"  №\u00a0"_s + writer.text(number);
}

QString callText(const LineWriter &writer)
{
    QString line = u"("_s;
    const int arguments = writer.find(Role::Arguments);
    const int keywords = writer.find(Role::Keywords);
    if (arguments >= 0)
        writer.writeMembers(arguments, line);
    if (keywords >= 0 && writer.element(keywords).number > 0) {
        if (line.size() > 1)
            line += u", "_s;
        writer.writeMembers(keywords, line, "="_L1, true);
    }
    if (arguments < 0)
        line += ellipsis;
    return line + u')';
}

/// What a string result of the Duck lane stands for, if not for itself.
QString duckDescriptorText(const LineWriter &writer, int value)
{
    const QString text = writer.bareText(value);
    const auto nameAfter = [&text](std::string_view prefix) {
        const QLatin1StringView start(prefix.data(), static_cast<qsizetype>(prefix.size()));
        return text.startsWith(start) ? text.sliced(start.size()) : QString();
    };
    if (const QString method = nameAfter(duckCallablePrefix); !method.isEmpty())
        return u"method "_s + method;
    if (const QString type = nameAfter(duckProxyPrefix); !type.isEmpty())
        return u"proxy %1 #%2"_s.arg(type, writer.text(writer.find(Role::ObjectId)));
    return {};
}

QString resultText(const FrameEvent &event, const LineWriter &writer)
{
    if (event.isFailed()) {
        const int error = writer.find(Role::Error);
        const QString why = error >= 0 ? writer.bareText(error) : u"failed"_s;
        return event.conversation == Conversation::Subscription ? u"subscription ended: "_s + why : why;
    }
    const int value = writer.find(Role::Value);
    if (value < 0)
        return {};
    if (const int method = writer.find(Role::CallableName); method >= 0)
        return u"method "_s + writer.bareText(method);
    if (const int type = writer.find(Role::TypeName); type >= 0) {
        return u"proxy %1 #%2, level %3"_s.arg(writer.bareText(type), writer.text(writer.find(Role::ObjectId)),
                                               writer.text(writer.find(Role::ProxyLevel)));
    }
    if (event.lane == Lane::Duck) {
        if (const QString descriptor = duckDescriptorText(writer, value); !descriptor.isEmpty())
            return descriptor;
    }
    QString line;
    writer.write(value, line);
    return line;
}

QString contentText(const FrameEvent &event, const LineWriter &writer)
{
    switch (event.opcode) {
    case static_cast<int>(ProxyOpCode::Get): return {};
    case static_cast<int>(ProxyOpCode::Set): {
        QString line = u"= "_s;
        const int value = writer.find(Role::Value);
        if (value >= 0)
            writer.write(value, line);
        else
            line += ellipsis;
        return line;
    }
    case static_cast<int>(ProxyOpCode::Execute): return callText(writer);
    case static_cast<int>(ProxyOpCode::ExecutionResult): return resultText(event, writer);
    case static_cast<int>(ProxyOpCode::ResponsePending): return u"taken, still being worked on"_s;
    case static_cast<int>(ProxyOpCode::Event): return eventText(writer);
    default: return u"opcode %1 is unknown"_s.arg(event.opcode);
    }
}

} // namespace

DecodedFrame decodeFrame(const FrameEvent &event, std::span<const std::byte> bytes, qsizetype maxText)
{
    DecodedFrame decoded;
    if (event.isLost() && event.size == 0) {
        decoded.content = u"an event that fits into no frame"_s;
        return decoded;
    }
    if (bytes.empty()) {
        decoded.content = u"none of its %1 bytes were kept"_s.arg(event.size);
        decoded.isCut = true;
        return decoded;
    }
    const FrameLayoutOptions options{.maxElements = std::max(elementsInLine, static_cast<std::size_t>(maxText)),
                                     .maxText = static_cast<std::size_t>(maxText)};
    const std::vector<FrameElement> elements = frameLayout(bytes, event.size, options);
    const LineWriter writer(elements, maxText);
    decoded.isCut = bytes.size() < event.size;
    if (const int invalid = writer.find(Role::Invalid); invalid >= 0) {
        decoded.isDamaged = true;
        decoded.content = u"not a frame: "_s + writer.text(invalid);
        return decoded;
    }
    decoded.member = writer.bareText(writer.find(Role::Member));
    decoded.content = contentText(event, writer);
    if (decoded.isCut)
        decoded.content += u" (cut off at %1 bytes)"_s.arg(bytes.size());
    return decoded;
}

} // namespace decoy::ui
