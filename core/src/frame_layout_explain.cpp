// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/frame_layout.h>

#include <decoy/frame.h>

namespace decoy {

using Role = FrameElement::Role;

namespace {

std::string_view explainOpcode(std::int64_t opcode) noexcept
{
    switch (opcode) {
    case static_cast<int>(ProxyOpCode::Get): return "GET: reads an attribute.";
    case static_cast<int>(ProxyOpCode::Set): return "SET: changes an attribute.";
    case static_cast<int>(ProxyOpCode::Execute): return "EXECUTE: calls a method.";
    case static_cast<int>(ProxyOpCode::ExecutionResult): return "EXECUTION_RESULT: answers a request.";
    case static_cast<int>(ProxyOpCode::ResponsePending):
        return "RESPONSE_PENDING: the request was taken and is still being worked on.";
    case static_cast<int>(ProxyOpCode::Event):
        return "EVENT: something has happened to an object, and the client has asked to be told of it.";
    default: return "No known opcode. The receiver refuses a request like this.";
    }
}

} // namespace

std::string_view explainElement(const FrameElement &element) noexcept
{
    switch (element.role) {
    case Role::Prefix:
        return "How many bytes of payload follow these four, which are not counted. Most significant byte first.";
    case Role::Frame: return "Every frame is an array of two: what to do, and what with.";
    case Role::Opcode: return explainOpcode(element.number);
    case Role::Payload: return "What belongs to the opcode, in a fixed order.";
    case Role::ObjectId:
        return "The object that is meant, by its number where it lives. A number is never used again for another object.";
    case Role::Member: return "The name of the attribute, method or event.";
    case Role::EventNumber:
        return "Counts the events of this subscription, from 1 and the lost ones too: a gap says how many were lost.";
    case Role::Value:
        return "The value that is set, or that came back. An extension of type 1 to 3 is a proxy, a method or a failure.";
    case Role::Arguments: return "The positional arguments, in order.";
    case Role::Keywords: return "The arguments that are given by name.";
    case Role::Argument:
        return "The value of one argument. An extension of type 4 is an object or a callback that stays at the client.";
    case Role::LentId: return "By this number the server asks for it, over the channel in the other direction.";
    case Role::Error: return "nil where all went well, otherwise what went wrong, for a person.";
    case Role::ProxyLevel: return "How many proxies stand between the root proxy and this one.";
    case Role::TypeName: return "The name of the object's, or the exception's, type.";
    case Role::CallableName: return "The method that was asked for: calling it sends EXECUTE with this name.";
    case Role::ErrorKind: return "The kind of the error, as a number that both ends know.";
    case Role::Where: return "The object and the member that failed.";
    case Role::Item: return "A member of the array or map around it.";
    case Role::Key: return "The name under which the next value is kept in this map.";
    case Role::CutOff: return "The frame goes on, but only its beginning was kept when it was captured.";
    case Role::Invalid: return "No frame may have these bytes here. Nothing after them can be understood.";
    case Role::Excess: return "Nothing may stand here. The receiver refuses the frame.";
    case Role::NotShown: return "There is more, and it is not taken apart because nobody could read it all.";
    }
    return {};
}

} // namespace decoy
