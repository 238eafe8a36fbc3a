// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/metrics.h"

#include <QTimer>

namespace decoy::ui {

/// Tells a view when to show numbers again that may change more often than they can be read: at once, then after a rest.
class NumberPace : public QObject {
    Q_OBJECT

public:
    explicit NumberPace(QObject *parent) : QObject(parent)
    {
        m_rest.setSingleShot(true);
        m_rest.setInterval(numbersIntervalMs);
        connect(&m_rest, &QTimer::timeout, this, [this] {
            if (m_isStale)
                show();
        });
    }

    /// The numbers are others now.
    void noteChange()
    {
        m_isStale = true;
        if (!m_rest.isActive())
            show();
    }

Q_SIGNALS:
    void due();

private:
    void show()
    {
        m_isStale = false;
        m_rest.start();
        Q_EMIT due();
    }

    QTimer m_rest;
    bool m_isStale = false;
};

} // namespace decoy::ui
