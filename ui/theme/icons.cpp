// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

// The resources are part of a static library: without this the linker leaves them out. Outside of every namespace.
static void registerResources() { Q_INIT_RESOURCE(resources); }

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QByteArray readIcon(QLatin1String name)
{
    registerResources();
    QFile file(u":/icons/%1.svg"_s.arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

class ThemedIconEngine final : public QIconEngine {
public:
    explicit ThemedIconEngine(QByteArray svg) : m_svg(std::move(svg)) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray coloured = m_svg;
        coloured.replace("currentColor", colourFor(mode).name().toLatin1());
        QSvgRenderer renderer(coloured);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        renderer.render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new ThemedIconEngine(m_svg); }
    bool isNull() override { return m_svg.isEmpty(); }

private:
    // The state On adds no colour: trees ask for it for every open row, and checked buttons show it by their background.
    static QColor colourFor(QIcon::Mode mode)
    {
        return QGuiApplication::palette().color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active,
                                                QPalette::WindowText);
    }

    const QByteArray m_svg;
};

} // namespace

QIcon icon(QLatin1String name) { return QIcon(new ThemedIconEngine(readIcon(name))); }

QIcon applicationIcon() { return icon("decoy"_L1); }

} // namespace decoy::ui
