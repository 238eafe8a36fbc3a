// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/request_bytes.h"

#include <decoy/frame.h>
#include <decoy/pack_buffer.h>

#include <QtEndian>

#include <cstring>

namespace decoy::ui {

namespace {

using Packer = msgpack::packer<PackBuffer>;

ProxyOpCode opcodeOf(CallKind kind)
{
    switch (kind) {
    case CallKind::Get: return ProxyOpCode::Get;
    case CallKind::Set: return ProxyOpCode::Set;
    case CallKind::Execute: break;
    }
    return ProxyOpCode::Execute;
}

void packArguments(Packer &packer, const CallRequest &request)
{
    packer.pack_array(static_cast<std::uint32_t>(request.positional.size()));
    for (const Value &value : request.positional)
        packer.pack(value);
    packer.pack_map(static_cast<std::uint32_t>(request.keywords.size()));
    for (const auto &[name, value] : request.keywords) {
        packer.pack(name);
        packer.pack(value);
    }
}

} // namespace

QByteArray requestBytes(const CallRequest &request)
{
    const ProxyOpCode opcode = opcodeOf(request.kind);
    PackBuffer payload(UINT32_MAX);
    Packer packer(payload);
    packer.pack_array(2);
    packer.pack(static_cast<int>(opcode));
    packer.pack_array(request.kind == CallKind::Get ? 2 : request.kind == CallKind::Set ? 3 : 4);
    packer.pack(static_cast<std::uint64_t>(request.object.id));
    packer.pack(request.member);
    if (request.kind == CallKind::Set)
        packer.pack(request.positional.at(0));
    else if (request.kind == CallKind::Execute)
        packArguments(packer, request);

    QByteArray bytes(static_cast<qsizetype>(framePrefixSize), Qt::Uninitialized);
    qToBigEndian(static_cast<quint32>(payload.size()), bytes.data());
    bytes.append(reinterpret_cast<const char *>(payload.bytes().data()), static_cast<qsizetype>(payload.size()));
    return bytes;
}

} // namespace decoy::ui
