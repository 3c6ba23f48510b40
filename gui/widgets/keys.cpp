// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/keys.h"

#include "gui/text/plaintext.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QShortcut>
#include <QTableView>

namespace sami::gui {

namespace {

constexpr char searchMark[] = "samiSearch";

void goToRows(QAbstractItemView *view)
{
    view->setFocus(Qt::OtherFocusReason);
    if (!view->currentIndex().isValid() && view->model()->rowCount() > 0)
        view->setCurrentIndex(view->model()->index(0, 0));
}

/// The keys of a search field.
class SearchKeys : public QObject
{
public:
    SearchKeys(QLineEdit *search, QAbstractItemView *view)
        : QObject(search), m_search(search), m_view(view)
    {
        search->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return QObject::eventFilter(watched, event);
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Escape:
            if (m_search->text().isEmpty())
                m_view->setFocus(Qt::OtherFocusReason);
            else
                m_search->clear();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Down:
            goToRows(m_view);
            return true;
        default:
            return QObject::eventFilter(watched, event);
        }
    }

private:
    QLineEdit *m_search;
    QAbstractItemView *m_view;
};

QLineEdit *searchIn(const QWidget *widget)
{
    const QList<QLineEdit *> fields = widget->findChildren<QLineEdit *>();
    for (QLineEdit *field : fields) {
        if (field->isVisible() && field->property(searchMark).toBool())
            return field;
    }
    return nullptr;
}

} // namespace

QList<QKeySequence> preferencesKeys()
{
    const QList<QKeySequence> own = QKeySequence::keyBindings(QKeySequence::Preferences);
    return own.isEmpty() ? QList { QKeySequence(Qt::CTRL | Qt::Key_Comma) } : own;
}

QList<QKeySequence> deleteKeys()
{
    // Not all of QKeySequence::Delete, which includes Ctrl+D.
    QList<QKeySequence> keys { QKeySequence(Qt::Key_Delete) };
#ifdef Q_OS_MACOS
    keys.prepend(QKeySequence(Qt::Key_Backspace));
#endif
    return keys;
}

void closeByKey(QWidget *window)
{
    auto *shortcut = new QShortcut(window);
    shortcut->setKeys(QKeySequence::Close);
    QObject::connect(shortcut, &QShortcut::activated, window, &QWidget::close);
}

void connectSearch(QLineEdit *search, QAbstractItemView *view)
{
    search->setProperty(searchMark, true);
    search->setToolTip(PlainText::toolTip(
        search->placeholderText() + QStringLiteral(" (")
        + QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText) + QLatin1Char(')')));
    new SearchKeys(search, view);
}

QLineEdit *nearestSearch(const QWidget *window)
{
    for (const QWidget *place = window->focusWidget(); place && place != window;
         place = place->parentWidget()) {
        if (QLineEdit *search = searchIn(place))
            return search;
    }
    return searchIn(window);
}

void whenOpened(QTableView *table, const std::function<void(const QModelIndex &)> &open)
{
    for (const Qt::Key key : { Qt::Key_Return, Qt::Key_Enter }) {
        auto *shortcut = new QShortcut(QKeySequence(key), table);
        shortcut->setContext(Qt::WidgetShortcut);
        QObject::connect(shortcut, &QShortcut::activated, table, [table, open] {
            if (table->currentIndex().isValid())
                open(table->currentIndex());
        });
    }
    QObject::connect(table, &QAbstractItemView::doubleClicked, table, open);
}

} // namespace sami::gui
