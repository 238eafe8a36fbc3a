// SPDX-License-Identifier: GPL-3.0-or-later
// How the Invoke panel is laid out: side by side where there is room, one below the other in a narrow dock.
#include "dialogs/invoke_panel.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/result_view.h"
#include "dialogs/saved_call_list.h"
#include "dialogs/series_view.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "views/copy_call_menu.h"
#include "views/hex_view.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int requestLines = 3;
constexpr int requestLinesWhereNarrow = 2; ///< "Send" should be in sight
constexpr int narrowestPanel = gridUnit * 30;
constexpr int narrowestWithList = gridUnit * 68; ///< pixels; below that the methods are a list that opens

QLabel *makeCaption(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

/// A label whose longest word does not decide how wide the panel is: another process chose it.
QLabel *makeNote()
{
    auto *label = new QLabel;
    label->setWordWrap(true);
    label->setMinimumWidth(gridUnit);
    label->setTextFormat(Qt::PlainText);
    return label;
}

/// A choice that may be narrower than what it offers.
QComboBox *makeChoice(const QString &name)
{
    auto *choice = new QComboBox;
    choice->setAccessibleName(name);
    choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice->setMinimumContentsLength(8);
    return choice;
}

QToolButton *makeTool(QLatin1String iconName, const QString &text, const QString &toolTip)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(toolTip);
    button->setAccessibleName(QString(text).remove(u'&'));
    return button;
}

} // namespace

void InvokePanel::makeLayout()
{
    m_parts = new QSplitter(Qt::Horizontal);
    m_parts->addWidget(makeChooser());
    m_parts->addWidget(makeCallPane());
    m_parts->setStretchFactor(1, 1);
    m_parts->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    layout->addWidget(m_parts);
}

QWidget *InvokePanel::makeChooser()
{
    m_objects = makeChoice(u"Object"_s);
    connect(m_objects, &QComboBox::activated, this, [this] {
        m_wantedMethod.clear();
        m_loading.reset();
        describe();
    });
    m_methods = new QListWidget;
    m_methods->setAccessibleName(u"Methods"_s);
    m_methods->setFont(monospaceFont());
    connect(m_methods, &QListWidget::currentRowChanged, this, &InvokePanel::chooseRow);
    m_methodName = new QLineEdit;
    m_methodName->setAccessibleName(u"Name of the method"_s);
    m_methodName->setFont(monospaceFont());
    acceptNames(m_methodName);
    m_methodChoice = makeChoice(u"Method"_s);
    m_methodChoice->setFont(monospaceFont());
    m_methodChoice->setModel(m_methods->model());
    m_methodChoice->setEditable(true);
    m_methodChoice->setInsertPolicy(QComboBox::NoInsert);
    acceptNames(m_methodChoice->lineEdit());
    connect(m_methodChoice, &QComboBox::activated, m_methods, [this](int row) { m_methods->setCurrentRow(row); });
    m_leftOut = makeNote();
    m_leftOut->setForegroundRole(QPalette::PlaceholderText);
    m_leftOut->setToolTip(
        u"So many attributes and methods of this object are not listed here. To call a method of them, type its name."_s);
    m_leftOut->hide();
    m_saved = new SavedCallList(m_session.savedCalls());
    connect(m_saved, &SavedCallList::loadRequested, this, &InvokePanel::load);

    m_chooser = new QWidget;
    auto *layout = new QVBoxLayout(m_chooser);
    layout->setSpacing(halfUnit);
    layout->addWidget(makeCaption(u"&Object"_s, m_objects));
    layout->addWidget(m_objects);
    layout->addSpacing(halfUnit);
    m_methodCaption = makeCaption(u"&Method"_s, m_methods);
    layout->addWidget(m_methodCaption);
    layout->addWidget(m_methodName);
    layout->addWidget(m_methodChoice);
    layout->addWidget(m_methods, 1);
    layout->addWidget(m_leftOut);
    layout->addSpacing(halfUnit);
    layout->addWidget(m_saved);
    layout->addStretch(); // in place of the list of methods, where that is hidden
    return m_chooser;
}

void InvokePanel::acceptNames(QLineEdit *edit)
{
    auto *completer = new QCompleter(m_methods->model(), edit);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->popup()->setFont(monospaceFont());
    edit->setCompleter(completer);
    edit->setToolTip(u"The name of a method, also of one that is not listed"_s);
    edit->setTextMargins(2, 0, 2, 0); // as the choice above it
    connect(edit, &QLineEdit::editingFinished, this, &InvokePanel::chooseTyped);
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this, &InvokePanel::chooseTyped,
            Qt::QueuedConnection); // first the name is filled in
}

QWidget *InvokePanel::makeCallPane()
{
    m_signature = makeNote();
    QFont strong = monospaceFont();
    strong.setBold(true);
    m_signature->setFont(strong);
    m_signature->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_doc = makeNote();
    m_doc->setForegroundRole(QPalette::PlaceholderText);
    m_form = new ArgumentForm;
    connect(m_form, &ArgumentForm::edited, this, &InvokePanel::showRequest);
    m_result = new ResultView;
    connect(m_result, &ResultView::openRequested, this, &InvokePanel::open);
    connect(m_result, &ResultView::framesRequested, this, &InvokePanel::showFrames);
    m_series = new SeriesView;
    m_results = new QStackedWidget;
    m_results->addWidget(m_result);
    m_results->addWidget(m_series);

    m_callPane = new QWidget;
    auto *layout = new QVBoxLayout(m_callPane);
    layout->addWidget(m_signature);
    layout->addWidget(m_doc);
    layout->addWidget(m_form);
    layout->addWidget(makeRequestPane());
    layout->addWidget(m_results, 1);
    return m_callPane;
}

QWidget *InvokePanel::makeRequestPane()
{
    m_hex = new HexView;
    m_hex->setAccessibleName(u"The encoded request"_s);
    m_bar = new CallBar;
    connect(m_bar, &CallBar::sendRequested, this, &InvokePanel::send);
    connect(m_bar, &CallBar::cancelRequested, this, &InvokePanel::cancel);

    auto *pane = new QWidget;
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins({});
    layout->addWidget(makeRequestTools());
    layout->addWidget(m_hex);
    layout->addWidget(m_bar);
    return pane;
}

QWidget *InvokePanel::makeRequestTools()
{
    m_requestTitle = makeNote();
    m_requestTitle->setForegroundRole(QPalette::PlaceholderText);
    m_raw = new QCheckBox(u"Raw &JSON"_s);
    m_raw->setToolTip(u"Write the arguments as JSON: an array in order, or an object by name"_s);
    connect(m_raw, &QCheckBox::toggled, m_form, &ArgumentForm::setRaw);
    connect(m_form, &ArgumentForm::rawChanged, m_raw, &QCheckBox::setChecked);
    m_copy = new CopyCallMenu([this] { return wholeRequest(); }, this);
    connect(m_copy, &CopyCallMenu::copied, m_requestTitle, &QLabel::setText);
    auto *copy = new QToolButton;
    copy->setDefaultAction(m_copy->menuAction());
    copy->setPopupMode(QToolButton::InstantPopup);
    copy->setToolTip(u"Copy this call as a command line, as C++ or as Python"_s);
    auto *save = makeTool("save"_L1, u"Sa&ve call …"_s, u"Keep this call under a name"_s);
    connect(save, &QToolButton::clicked, this, &InvokePanel::saveCall);
    m_showSaved = makeTool("bookmark"_L1, u"Saved calls"_s, u"Show the saved calls"_s);
    m_showSaved->setCheckable(true);
    connect(m_showSaved, &QToolButton::toggled, m_saved, &QWidget::setVisible);
    m_tools = {copy, save, m_showSaved};

    auto *buttons = new QHBoxLayout;
    for (QToolButton *button : m_tools) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    buttons->addWidget(m_raw);
    auto *tools = new QWidget;
    m_toolLines = new QBoxLayout(QBoxLayout::LeftToRight, tools);
    m_toolLines->setContentsMargins({});
    m_toolLines->addWidget(m_requestTitle, 1);
    m_toolLines->addLayout(buttons);
    return tools;
}

void InvokePanel::addTool(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(u'&'));
    m_toolLines->itemAt(1)->layout()->addWidget(button);
}

void InvokePanel::setNarrow(bool isNarrow)
{
    m_isNarrow = isNarrow;
    m_parts->setOrientation(isNarrow ? Qt::Vertical : Qt::Horizontal);
    m_chooser->layout()->setContentsMargins(0, 0, isNarrow ? 0 : gridUnit, isNarrow ? halfUnit : 0);
    m_callPane->layout()->setContentsMargins(isNarrow ? 0 : gridUnit, isNarrow ? halfUnit : 0, 0, 0);
    m_methodName->setVisible(!isNarrow);
    m_methods->setVisible(!isNarrow);
    m_methodChoice->setVisible(isNarrow);
    m_methodCaption->setBuddy(isNarrow ? static_cast<QWidget *>(m_methodChoice) : m_methods);
    m_showSaved->setVisible(isNarrow);
    m_saved->setVisible(!isNarrow || m_showSaved->isChecked());
    m_toolLines->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    for (QToolButton *button : m_tools)
        button->setToolButtonStyle(isNarrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    m_parts->setSizes(isNarrow ? QList<int>{0, 1} : QList<int>{232, 640}); // 0: no more than it needs
    const int lines = isNarrow ? requestLinesWhereNarrow : requestLines;
    m_hex->setFixedHeight(QFontMetrics(monospaceFont()).lineSpacing() * lines + doubleUnit);
    m_form->setWhole(isNarrow); // the dock can be scrolled, and nothing within it should be
    m_bar->setNarrow(isNarrow);
    m_result->setNarrow(isNarrow);
    m_series->setNarrow(isNarrow);
}

void InvokePanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool isNarrow = event->size().width() < narrowestWithList;
    if (isNarrow != m_isNarrow)
        setNarrow(isNarrow);
    if (event->size().width() != event->oldSize().width())
        updateGeometry(); // its texts have other lines
}

QSize InvokePanel::minimumSizeHint() const
{
    // As narrow as it can be, not as it is: a wide one must let itself be made narrow.
    const QSize all = QWidget::minimumSizeHint();
    if (!m_isNarrow)
        return {narrowestPanel, all.height()};
    // The splitter does not know that texts in a narrow place need more lines.
    const QLayout *calls = m_callPane->layout();
    const int lines = calls->minimumHeightForWidth(m_callPane->width()) - calls->minimumSize().height();
    return {narrowestPanel, all.height() + std::max(0, lines)};
}

} // namespace decoy::ui
