// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace decoy {
class ProxyServer;
}

namespace decoy::demo {

/// Tells the server what clients may do with the demo's classes: the names and texts that dialogs and help are made from.
void bindClasses(ProxyServer &server);

} // namespace decoy::demo
