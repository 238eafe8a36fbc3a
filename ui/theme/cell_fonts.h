// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/fonts.h"

namespace decoy::ui {

/// The fonts of a table's cells, which is asked for them in every cell: worked out once, and again when the size of text changes. UI
/// thread only.
class CellFonts {
public:
    [[nodiscard]] const QFont &numbers() const
    {
        follow();
        return m_numbers;
    }
    [[nodiscard]] const QFont &names() const
    {
        follow();
        return m_names;
    }

private:
    void follow() const
    {
        if (m_base == QGuiApplication::font())
            return;
        m_base = QGuiApplication::font();
        m_numbers = tabularFont(m_base);
        m_names = monospaceFont(m_base);
    }

    mutable QFont m_base = QGuiApplication::font();
    mutable QFont m_numbers = tabularFont(m_base);
    mutable QFont m_names = monospaceFont(m_base);
};

} // namespace decoy::ui
