// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/result_view.h"

#include "models/value_tree_model.h"
#include "session/value_text.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "views/row_copy.h"

#include <decoy/json.h>

#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QToolButton *makeTool(QLatin1String iconName, const QString &text)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

/// What the person should know beyond the error itself.
QString adviceFor(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::CallTimeout: return u"The method may still be running at the server."_s;
    case ErrorKind::PeerDied: return u"Whether the method ran is not known."_s;
    default: return {};
    }
}

} // namespace

ResultView::ResultView(QWidget *parent) : QWidget(parent), m_model(new ValueTreeModel(this))
{
    m_tree = new QTreeView;
    m_tree->setModel(m_model);
    m_tree->setAccessibleName(u"Result"_s);
    copyWholeRows(*m_tree);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->resizeSection(ValueTreeModel::Key, 136);
    m_tree->header()->resizeSection(ValueTreeModel::Content, 280);
    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setFont(monospaceFont());
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(u"Result as text"_s);
    m_text->setTabChangesFocus(true);
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_tree);
    m_pages->addWidget(m_text);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addWidget(makeStatusLine());
    layout->addWidget(m_pages, 1);
    layout->addStretch(); // without a value, what is said stays at the top
    clear();
}

QWidget *ResultView::makeStatusLine()
{
    m_status = new QLabel;
    m_status->setWordWrap(true);
    m_status->setMinimumWidth(gridUnit); // the longest word of another process's error does not decide
    m_status->setTextFormat(Qt::PlainText);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_open = new QPushButton(icon("chained"_L1), u"&Open"_s);
    m_open->setToolTip(u"Keep this object, so that its attributes can be seen and its methods called"_s);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_value); });
    m_frames = new QPushButton(icon("traffic"_L1), u"&Frames"_s);
    m_frames->setToolTip(u"Select the frames that this call made, in Traffic"_s);
    m_frames->setAutoDefault(false);
    m_frames->hide();
    connect(m_frames, &QPushButton::clicked, this, &ResultView::framesRequested);
    m_asJson = makeTool("frame"_L1, u"Show as JSON"_s);
    m_asJson->setCheckable(true);
    connect(m_asJson, &QToolButton::toggled, this, [this](bool json) { m_pages->setCurrentIndex(json ? 1 : 0); });
    m_copy = makeTool("copy"_L1, u"Copy as JSON"_s);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(m_json)); });
    m_save = makeTool("save"_L1, u"Save as JSON …"_s);
    connect(m_save, &QToolButton::clicked, this, &ResultView::save);

    auto *line = new QWidget;
    auto *tools = new QHBoxLayout;
    tools->addWidget(m_frames);
    tools->addWidget(m_open);
    for (QToolButton *button : {m_asJson, m_copy, m_save})
        tools->addWidget(button);
    tools->addStretch();
    m_statusLines = new QBoxLayout(QBoxLayout::LeftToRight, line);
    m_statusLines->setContentsMargins({});
    m_statusLines->addWidget(m_status, 1);
    m_statusLines->addLayout(tools);
    return line;
}

void ResultView::setNarrow(bool isNarrow)
{
    m_statusLines->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_statusLines->setStretchFactor(m_status, isNarrow ? 0 : 1);
    m_tree->setColumnHidden(ValueTreeModel::Type, isNarrow); // how a value is written shows it
    m_tree->header()->setStretchLastSection(!isNarrow);
    m_tree->header()->setSectionResizeMode(ValueTreeModel::Content,
                                           isNarrow ? QHeaderView::Stretch : QHeaderView::Interactive);
    m_tree->header()->resizeSection(ValueTreeModel::Key, isNarrow ? 96 : 136);
}

void ResultView::clear() { showMessage({}); }

void ResultView::showMessage(const QString &text)
{
    m_json.clear();
    m_value = Value();
    m_model->clear();
    m_text->clear();
    m_pages->hide();
    for (QWidget *tool : std::initializer_list<QWidget *>{m_open, m_frames, m_asJson, m_copy, m_save})
        tool->hide();
    showStatus(text, false);
}

void ResultView::showOutcome(const QString &call, const CallOutcome &outcome)
{
    clear();
    if (outcome.failure)
        return showFailure(call, *outcome.failure, outcome.duration);
    showValue(outcome.value, outcome.text);
    showStatus(u"%1 %2: %3 in %4"_s.arg(opcodeStyle(FrameRole::Result, palette()).sign, call,
                                        valueTypeText(outcome.value), durationText(outcome.duration.count())),
               false);
}

void ResultView::showValue(const Value &value, const QByteArray &json)
{
    m_value = value;
    // Whoever made the call has written the text already, in its own thread; of a small value it may be made here.
    m_json = json.isEmpty() ? QByteArray::fromStdString(toJson(value, 2)) : json;
    m_model->setValue(u"result"_s, value);
    m_tree->expandToDepth(0);
    const qsizetype hidden = m_json.size() - longestJson;
    QString shown = QString::fromUtf8(m_json.first(std::min(m_json.size(), longestJson)));
    if (hidden > 0)
        shown += u"\n… %1 more. Save the result to see all of it."_s.arg(sizeText(static_cast<quint64>(hidden)));
    m_text->setPlainText(shown);
    m_save->setText(hidden > 0 ? u"Save all"_s : u"Save as JSON …"_s);
    m_save->setToolButtonStyle(hidden > 0 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    m_pages->show();
    m_open->setVisible(value.isProxy());
    for (QToolButton *tool : {m_asJson, m_copy, m_save})
        tool->show();
}

void ResultView::setHasFrames(bool hasFrames) { m_frames->setVisible(hasFrames); }

QString ResultView::shownText() const { return m_text->toPlainText(); }

void ResultView::showFailure(const QString &call, const Failure &failure, std::chrono::nanoseconds duration)
{
    const OpcodeStyle &style = opcodeStyle(FrameRole::Error, palette());
    QString text = u"%1 %2: %3"_s.arg(style.sign, call, QString::fromStdString(failure.text()));
    if (!failure.where.empty())
        text += u"\nin %1"_s.arg(QString::fromStdString(failure.where));
    if (duration.count() > 0)
        text += u"\nafter %1"_s.arg(durationText(duration.count()));
    if (const QString advice = adviceFor(failure.kind); !advice.isEmpty())
        text += u". %1"_s.arg(advice);
    showStatus(text, true);
}

void ResultView::showStatus(const QString &text, bool failed)
{
    m_failed = failed;
    m_statusText = text;
    m_status->setText(text);
    styleStatus();
}

void ResultView::styleStatus()
{
    QPalette colours = palette();
    if (m_failed)
        colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    m_status->setPalette(colours);
}

void ResultView::addToStatus(const QString &text)
{
    const QString status = m_statusText;
    showStatus(status + u'\n' + text, m_failed);
    m_statusText = status;
}

QString ResultView::statusText() const { return m_status->text(); }

QString ResultView::jsonText() const { return QString::fromUtf8(m_json); }

void ResultView::save()
{
    const QString path = QFileDialog::getSaveFileName(this, u"Save the result"_s, u"result.json"_s, u"JSON (*.json)"_s);
    if (path.isEmpty())
        return;
    const QString problem = saveTo(path);
    if (!problem.isEmpty())
        showStatus(problem, true);
}

QString ResultView::saveTo(const QString &path) const
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(m_json) == m_json.size() && file.commit())
        return {};
    return u"%1 could not be written: %2"_s.arg(path, file.errorString());
}

void ResultView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_status)
        styleStatus();
}

} // namespace decoy::ui
