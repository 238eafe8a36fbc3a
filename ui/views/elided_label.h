// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace decoy::ui {

/// One line of plain text that ends with an ellipsis where it does not fit; the whole is in the tooltip.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
};

} // namespace decoy::ui
