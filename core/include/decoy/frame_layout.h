// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace decoy {

/// One part of a frame: which bytes, and what they mean. Parts contain parts, as msgpack values do.
struct FrameElement {
    enum class Role : std::uint8_t {
        Prefix, ///< the payload's length, before everything else
        Frame,  ///< the array of opcode and payload
        Opcode,
        Payload, ///< the array whose shape the opcode decides
        ObjectId,
        Member,       ///< name of the attribute, method or event
        Value,        ///< what is set, or what came back
        Arguments,    ///< the array of positional arguments
        Keywords,     ///< the map of keyword arguments
        Argument,     ///< one argument, of either kind
        Error,        ///< the error text, or nil
        ProxyLevel,   ///< inside a proxy result
        TypeName,     ///< inside a proxy result, a failure or what is lent
        CallableName, ///< inside a callable result
        LentId,       ///< inside an argument that is lent: its number at the client
        ErrorKind,    ///< inside a failure
        Where,        ///< inside a failure
        EventNumber,  ///< counts the events of a subscription
        Item,         ///< a member of some array, or a value of some map
        Key,          ///< a key of some map
        CutOff,       ///< the frame goes on, but these are the last bytes that were kept
        Invalid,      ///< not what a frame may have here; `value` says why
        Excess,       ///< bytes after the end of what the frame claims to be
        NotShown,     ///< bytes beyond the largest number of elements asked for
    };

    Role role = Role::Invalid;
    std::uint32_t begin = 0;     ///< the first byte, counted from the prefix
    std::uint32_t end = 0;       ///< after the last byte, members included
    std::uint32_t headerEnd = 0; ///< after the bytes that are not members' bytes: type and length
    std::int32_t parent = -1;    ///< index of the containing element; -1: none
    std::int64_t number = 0;     ///< integers: the value, as far as it fits; arrays and maps: how many members or pairs
    std::string_view type;       ///< msgpack's name of the format: "fixarray", "uint 16", "str 8"; static
    std::string label;           ///< "object id", "argument 1", "[3]", "memo"
    std::string value;           ///< JSON for scalars, "array of 3" for containers; long texts are cut
};

struct FrameLayoutOptions {
    /// Elements at most: a frame of 64 KiB may have as many, and nobody reads them all.
    std::size_t maxElements = 4096;
    /// Bytes of text in FrameElement::value.
    std::size_t maxText = 256;
};

/// Takes a frame apart, prefix first, in the order of its bytes; parents come before their members.
///
/// `bytes` is what was kept of a frame of `size` bytes, prefix included. Made for hostile and damaged frames: whatever the bytes
/// are, it returns, and says at which byte it stopped understanding them. Every byte belongs to an element.
[[nodiscard]] std::vector<FrameElement> frameLayout(std::span<const std::byte> bytes, std::size_t size,
                                                    const FrameLayoutOptions &options = {});

/// What something that a client has lent is called, for a person: "callback 3", "Listener 3"; "lent 3" where no type is known.
[[nodiscard]] std::string lentName(std::uint64_t object, std::string_view typeName);
/// The same from the body of an ExtensionType::Lent, which may be anything: "callback 3 of the client".
[[nodiscard]] std::string lentText(std::span<const std::byte> body);

/// What an element is for, in one or two sentences for a person who is learning the protocol.
[[nodiscard]] std::string_view explainElement(const FrameElement &element) noexcept;

} // namespace decoy
