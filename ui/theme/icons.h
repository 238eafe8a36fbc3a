// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QLatin1String>

namespace decoy::ui {

/// An icon of resources/icons by its file's name. Drawn from its SVG at the size and in the colours of the moment, so one
/// QIcon is sharp on every screen and right in both themes.
[[nodiscard]] QIcon icon(QLatin1String name);

/// The program's own icon, in its own colours.
[[nodiscard]] QIcon applicationIcon();

} // namespace decoy::ui
