// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/filter_candidates.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"

#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int mostVisible = 12;
constexpr int hintRole = Qt::UserRole;
constexpr int gapBeforeHint = 3 * gridUnit;

/// The candidate, and what it means, in a paler colour behind it.
class CandidateDelegate final : public QStyledItemDelegate {
public:
    CandidateDelegate(QObject *parent, const int &hintLeft) : QStyledItemDelegate(parent), m_hintLeft(hintLeft) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.color(QPalette::Highlight));
        const QRect text = option.rect.adjusted(gridUnit, 0, -gridUnit, 0);
        painter->setFont(codeFont(option.font));
        painter->setPen(option.palette.color(QPalette::Text));
        painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        painter->setFont(option.font);
        painter->setPen(mutedColour(option.palette));
        const QRect hint = text.adjusted(m_hintLeft, 0, 0, 0);
        painter->drawText(hint, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(hintRole).toString(), Qt::ElideRight, hint.width()));
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {gridUnit, rowHeight}; }

private:
    const int &m_hintLeft;
};

} // namespace

FilterCandidates::FilterCandidates(QWidget *below)
    : QListView(below->window()), m_below(below), m_model(new QStandardItemModel(this))
{
    setModel(m_model);
    setItemDelegate(new CandidateDelegate(this, m_hintLeft));
    setAccessibleName(tr("What the filter can go on with"));
    setFocusPolicy(Qt::NoFocus);
    setUniformItemSizes(true);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::Box);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    hide();
    connect(this, &QListView::clicked, this,
            [this](const QModelIndex &index) { Q_EMIT picked(index.data().toString()); });
}

void FilterCandidates::offer(std::vector<FilterCandidate> candidates)
{
    m_model->clear();
    const QFontMetrics metrics(codeFont(font()));
    m_hintLeft = 0;
    for (FilterCandidate &candidate : candidates) {
        m_hintLeft = std::max(m_hintLeft, metrics.horizontalAdvance(candidate.text) + gapBeforeHint);
        auto *item = new QStandardItem(candidate.text);
        item->setData(candidate.hint, hintRole);
        item->setData(candidate.hint.isEmpty() ? candidate.text : candidate.text + u", "_s + candidate.hint,
                      Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    setVisible(m_model->rowCount() > 0);
    if (isVisible())
        place();
}

void FilterCandidates::place()
{
    if (parentWidget() != m_below->window())
        setParent(m_below->window());
    int hintWidth = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        hintWidth = std::max(hintWidth, fontMetrics().horizontalAdvance(m_model->item(row)->data(hintRole).toString()));
    const int rows = std::min(m_model->rowCount(), mostVisible);
    const int width = m_hintLeft + hintWidth + 4 * gridUnit;
    const QPoint corner = m_below->mapTo(parentWidget(), QPoint(0, m_below->height() + 2));
    const int room = parentWidget()->width() - corner.x() - gridUnit;
    setGeometry(corner.x(), corner.y(), std::min(std::max(width, gridUnit * 24), std::max(room, gridUnit * 24)),
                rows * rowHeight + 2 * frameWidth());
    raise();
    show();
}

void FilterCandidates::move(int steps)
{
    // One place more than there are rows: at the ends nothing is chosen, and what was typed counts.
    const int places = m_model->rowCount() + 1;
    const int place = currentIndex().isValid() ? currentIndex().row() : m_model->rowCount();
    const int next = ((place + steps) % places + places) % places;
    setCurrentIndex(next < m_model->rowCount() ? m_model->index(next, 0) : QModelIndex());
    if (next >= m_model->rowCount())
        clearSelection();
}

QString FilterCandidates::chosen() const { return currentIndex().data().toString(); }

QString FilterCandidates::first() const { return m_model->index(0, 0).data().toString(); }

QStringList FilterCandidates::texts() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row)
        texts += m_model->item(row)->text();
    return texts;
}

} // namespace decoy::ui
