// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/mailbox_meaning.h"

#include "learn/mailbox_history.h"

#include <decoy/frame.h>
#include <decoy/frame_layout.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Part = ByteMeaning::Part;
using Role = FrameElement::Role;

constexpr std::size_t opcodeOffset = 5;
constexpr std::size_t payloadOffset = 6;
constexpr std::byte coveredByte{0xc1};

QString fromUtf8(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

std::uint64_t lengthOf(std::span<const std::byte> bytes)
{
    std::uint64_t length = 0;
    for (const std::byte byte : bytes.first(framePrefixSize))
        length = length << 8 | std::to_integer<std::uint64_t>(byte);
    return length;
}

void setLength(std::vector<std::byte> &bytes, std::size_t length)
{
    for (std::size_t i = 0; i < framePrefixSize; ++i)
        bytes[i] = static_cast<std::byte>(length >> 8 * (framePrefixSize - 1 - i));
}

/// The opcode of a request whose opcode was replaced by PENDING: as many elements as its payload has.
std::byte opcodeBefore(std::byte payloadHeader)
{
    switch (std::to_integer<int>(payloadHeader)) {
    case 0x92: return std::byte{0};
    case 0x93: return std::byte{1};
    default: return std::byte{2};
    }
}

QString opcodeWord(std::byte opcode)
{
    const auto number = static_cast<std::int8_t>(opcode);
    switch (static_cast<ProxyOpCode>(number)) {
    case ProxyOpCode::ExecutionResult: return u"RESULT"_s;
    case ProxyOpCode::ResponsePending: return u"PENDING"_s;
    default: return fromUtf8(opcodeName(number));
    }
}

/// The bytes before the first one of a text: its type, and its length if that has bytes of its own.
std::uint32_t textBegin(const FrameElement &element)
{
    const std::uint32_t header = element.type.ends_with(" 32") ? 5
        : element.type.ends_with(" 16")                        ? 3
        : element.type.ends_with(" 8")                         ? 2
                                                               : 1;
    return std::min(element.begin + header, element.end);
}

bool isText(const FrameElement &element) { return element.type.find("str") != std::string_view::npos; }

QString briefOf(const FrameElement &element)
{
    const QString value = QString::fromStdString(element.value);
    switch (element.role) {
    case Role::Frame:
    case Role::Payload: return u"[%1]"_s.arg(element.number);
    case Role::ObjectId: return u"object %1"_s.arg(element.number);
    case Role::Arguments: return u"args %1"_s.arg(element.number);
    case Role::Keywords: return u"named %1"_s.arg(element.number);
    case Role::Error: return value == "nil"_L1 || value == "null"_L1 ? u"no error"_s : u"error"_s;
    case Role::Invalid: return u"?"_s;
    default: break;
    }
    if (isText(element) || element.type.starts_with("bin"))
        return (isText(element) ? u"str %1"_s : u"bin %1"_s).arg(element.end - textBegin(element));
    return value == "null"_L1 ? u"nil"_s : value;
}

QString characterText(std::byte byte)
{
    const auto character = std::to_integer<char16_t>(byte);
    return character > 0x20 && character < 0x7f ? u"‘%1’"_s.arg(QChar(character)) : u"·"_s;
}

void explainFrame(std::span<const std::byte> bytes, std::vector<ByteMeaning> &meanings)
{
    const std::vector<FrameElement> elements = frameLayout(bytes, bytes.size());
    for (std::size_t index = 0; index < elements.size(); ++index) { // members come later, and say more
        const FrameElement &element = elements[index];
        if (element.role == Role::Excess)
            continue;
        for (std::size_t byte = element.begin; byte < std::min<std::size_t>(element.end, bytes.size()); ++byte) {
            ByteMeaning &meaning = meanings[byte];
            const bool isCharacter = isText(element) && byte >= textBegin(element);
            meaning.part = byte < framePrefixSize ? Part::Length : byte == opcodeOffset ? Part::Opcode : Part::Frame;
            meaning.group = isCharacter ? static_cast<int>(bytes.size() + byte) : static_cast<int>(element.begin);
            meaning.brief = isCharacter ? characterText(bytes[byte]) : briefOf(element);
            meaning.explanation = QString::fromStdString(element.label) + u": "_s + fromUtf8(explainElement(element));
        }
    }
}

void explainLength(std::uint64_t length, std::size_t room, std::vector<ByteMeaning> &meanings)
{
    for (std::size_t byte = 0; byte < framePrefixSize; ++byte) {
        meanings[byte].part = Part::Length;
        meanings[byte].group = 0;
        meanings[byte].brief = u"length %1"_s.arg(length);
        meanings[byte].explanation = length > room
            ? u"length prefix: %1 bytes cannot be, the mailbox has room for %2. A reader refuses this frame."_s
                  .arg(length)
                  .arg(room)
            : length == 0 ? u"length prefix: 0 says that the mailbox is empty, whatever stands behind it."_s
                          : u"length prefix: so many bytes follow these four, the most significant byte first."_s;
    }
}

void explainOpcode(std::span<const std::byte> bytes, MailboxState state, std::vector<ByteMeaning> &meanings)
{
    ByteMeaning &meaning = meanings[opcodeOffset];
    meaning.part = Part::Opcode;
    meaning.group = static_cast<int>(opcodeOffset);
    meaning.brief = opcodeWord(bytes[opcodeOffset]);
    if (state == MailboxState::Pending)
        meaning.explanation =
            u"opcode: -2, the server has taken the request and works on it. The rest of the request still stands there."_s;
}

void explainRest(std::span<const std::byte> bytes, std::size_t from, std::vector<ByteMeaning> &meanings)
{
    for (std::size_t byte = from; byte < bytes.size(); ++byte) {
        ByteMeaning &meaning = meanings[byte];
        const bool isUnused = bytes[byte] == std::byte{0};
        meaning.part = isUnused ? Part::Unused : Part::Leftover;
        meaning.group = static_cast<int>(2 * bytes.size() + byte);
        meaning.brief = isUnused ? QString() : bytes[byte] == coveredByte ? u"covered"_s : u"left over"_s;
        meaning.explanation = isUnused ? u"unused: the frame ends before."_s
            : bytes[byte] == coveredByte
            ? u"covered: the server wrote c1, which is never MessagePack, over what a longer frame has left."_s
            : u"left over: behind the end of the frame; no reader looks at it."_s;
    }
}

} // namespace

QString partName(Part part)
{
    switch (part) {
    case Part::Length: return u"length"_s;
    case Part::Opcode: return u"opcode"_s;
    case Part::Frame: return u"frame"_s;
    case Part::Leftover: return u"left over"_s;
    case Part::Unused: return u"unused"_s;
    case Part::Unknown: return u"unknown"_s;
    }
    return {};
}

std::vector<ByteMeaning> mailboxMeaning(std::span<const std::byte> bytes)
{
    std::vector<ByteMeaning> meanings(bytes.size());
    if (bytes.size() <= payloadOffset)
        return meanings;
    const MailboxState state = mailboxState(bytes);
    const std::uint64_t length = lengthOf(bytes);
    const std::size_t room = bytes.size() - framePrefixSize;
    std::size_t end = framePrefixSize + std::min<std::uint64_t>(length, room);
    if (state == MailboxState::Broken || state == MailboxState::Writing) {
        for (std::size_t byte = framePrefixSize; byte < bytes.size(); ++byte)
            meanings[byte] = {
                Part::Unknown, static_cast<int>(byte), {}, u"unknown: there is no frame that it could belong to."_s};
    } else if (state != MailboxState::Empty) {
        std::vector<std::byte> frame(bytes.begin(), bytes.end());
        if (state == MailboxState::Begun) { // explained as what it will be: MessagePack tells where it ends
            setLength(frame, room);
            end = bytes.size();
            while (end > framePrefixSize && frame[end - 1] == std::byte{0})
                --end;
        }
        frame.resize(state == MailboxState::Begun ? bytes.size() : end);
        if (state == MailboxState::Pending)
            frame[opcodeOffset] = opcodeBefore(frame[payloadOffset]);
        explainFrame(frame, meanings);
        explainOpcode(bytes, state, meanings);
    }
    if (state != MailboxState::Broken && state != MailboxState::Writing)
        explainRest(bytes, state == MailboxState::Empty ? framePrefixSize : end, meanings);
    explainLength(length, room, meanings);
    return meanings;
}

} // namespace decoy::ui
