// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

class QHeaderView;

namespace decoy::ui {

/// Shares the room that there is among the columns of a header. One of them takes what is left; where even its narrowest width is too
/// much, those that say least give way. What the person shows, hides or makes wider by hand stays so.
class ColumnRoom {
public:
    struct Plan {
        int stretched = 0;           ///< takes what is left
        int narrowest = 0;           ///< width of that one at least
        std::vector<int> leastFirst; ///< who gives way, in this order; the others never do
        std::vector<int> hidden;     ///< not shown until the person asks for them
    };
    /// `header` must outlive this.
    ColumnRoom(QHeaderView &header, Plan plan);

    /// Forgets what the person has chosen, and puts the columns into this order.
    void reset(const std::vector<int> &order);
    /// The person wants to see a column, or not to.
    void choose(int column, bool isShown);
    /// `room` is the width that the columns have.
    void fit(int room);
    /// For QHeaderView::sectionResized. False if that was no doing of the person's.
    bool noteResize(int column);
    /// Gives a column a width that is not the person's; call fit() then.
    void widen(int column, int width);

    [[nodiscard]] QByteArray save() const;
    /// False, and nothing is changed, for what another version or another header has saved. Call fit() then.
    bool restore(const QByteArray &state);

private:
    enum class Choice : quint8 { WhereItFits, Shown, Hidden };

    [[nodiscard]] Choice &choice(int column) { return m_choices[static_cast<std::size_t>(column)]; }
    void hideAll(const std::vector<int> &columns);

    QHeaderView &m_header;
    const Plan m_plan;
    std::vector<Choice> m_choices;
    bool m_stretches = true; ///< until the person gives that column a width
    bool m_isFitting = false;
};

} // namespace decoy::ui
