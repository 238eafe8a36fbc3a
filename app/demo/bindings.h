// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace decoy {
class ProxyServer;
}

namespace decoy::demo {

class DuckMailboxes;

/// Tells the server what clients may do with the demo's classes: the names and texts that dialogs and help are made from.
/// `mailboxes` are those that the lab hands out; they must outlive the server.
void bindClasses(ProxyServer &server, DuckMailboxes &mailboxes);

} // namespace decoy::demo
