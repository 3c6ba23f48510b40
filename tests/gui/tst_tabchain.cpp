// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"
#include "gui/app/language.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QScrollArea>
#include <QTest>
#include <QWindow>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

constexpr int mostStops = 200;
/// Controls in one row are not always exactly level.
constexpr int slack = 4;

/// What a screen reader gets, through the interface that it uses.
QString heard(QWidget &widget, QAccessible::Text text)
{
    QAccessibleInterface *access = QAccessible::queryAccessibleInterface(&widget);
    return access ? access->text(text) : QString();
}

QString described(QWidget &widget)
{
    return QString::fromLatin1(widget.metaObject()->className()) + u" “"_s
        + heard(widget, QAccessible::Name) + u"” "_s + widget.objectName();
}

QRect placeOf(const QWidget &widget)
{
    return { widget.mapTo(widget.window(), QPoint()), widget.size() };
}

/// Whether somebody who reads by rows or by columns comes to `next` after `place`.
bool follows(const QRect &next, const QRect &place)
{
    const bool isBeneath = next.top() >= place.bottom() - slack;
    const bool isRight = next.left() >= place.right() - slack;
    return isBeneath || isRight;
}

/// The size of the enclosing scroll area, or of the window.
QSize roomAround(const QWidget &widget)
{
    for (const QWidget *parent = widget.parentWidget(); parent; parent = parent->parentWidget()) {
        if (const auto *area = qobject_cast<const QScrollArea *>(parent))
            return area->viewport()->size();
    }
    return widget.window()->size();
}

bool isWhollySeen(const QWidget &widget)
{
    const QRect seen = widget.visibleRegion().boundingRect();
    const QSize room = roomAround(widget);
    return seen.height() >= qMin(widget.height(), room.height() - slack)
        && seen.width() >= qMin(widget.width(), room.width() - slack);
}

} // namespace

/// Tab through every page of every window, forwards and backwards, as keyboard and screen reader
/// users experience it.
class TstTabChain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStopIsNamedSeenAndInOrder_data();
    void everyStopIsNamedSeenAndInOrder();
    void backwardsIsTheSameWay_data() { everyStopIsNamedSeenAndInOrder_data(); }
    void backwardsIsTheSameWay();
    void focusIsDrawn_data() { everyStopIsNamedSeenAndInOrder_data(); }
    void focusIsDrawn();

private:
    /// The window of the current row, in its language, with the focus on its first stop.
    QWidget *shown();
    /// Walks the stops until the first one comes again.
    QList<QWidget *> walk(QWidget &window, Qt::KeyboardModifiers modifiers,
                          const std::function<void(QWidget &)> &at);

    Language m_language;
    std::unique_ptr<EveryWindow> m_windows;
};

void TstTabChain::everyStopIsNamedSeenAndInOrder_data()
{
    EveryWindow::addRowsInEveryLanguage();
}

QWidget *TstTabChain::shown()
{
    QFETCH(const QString, language);
    m_windows.reset();
    m_language.use(language);
    m_windows = std::make_unique<EveryWindow>();
    QWidget *window = m_windows->showRow();
    window->activateWindow();
    if (!QTest::qWaitForWindowActive(window))
        return nullptr;
    // Start from the beginning, whatever had the focus.
    if (QWidget *focus = QApplication::focusWidget())
        focus->clearFocus();
    QTest::keyClick(window->windowHandle(), Qt::Key_Tab);
    return QApplication::focusWidget() ? window : nullptr;
}

QList<QWidget *> TstTabChain::walk(QWidget &window, Qt::KeyboardModifiers modifiers,
                                   const std::function<void(QWidget &)> &at)
{
    QList<QWidget *> stops;
    while (stops.size() < mostStops) {
        QWidget *focus = QApplication::focusWidget();
        if (!focus || stops.contains(focus))
            break;
        stops.append(focus);
        QCoreApplication::processEvents();
        at(*focus);
        QTest::keyClick(window.windowHandle(), Qt::Key_Tab, modifiers);
    }
    return stops;
}

void TstTabChain::everyStopIsNamedSeenAndInOrder()
{
    QWidget *window = shown();
    QVERIFY(window);
    QStringList wrong;
    QWidget *before = nullptr;
    const auto stops = walk(*window, {}, [&](QWidget &widget) {
        const QString name = heard(widget, QAccessible::Name);
        if (name.trimmed().isEmpty())
            wrong.append(described(widget) + u" has no name"_s);
        else if (!qobject_cast<QAbstractItemView *>(&widget)
                 && name == heard(widget, QAccessible::Value))
            wrong.append(described(widget) + u" is named by its value"_s);
        if (!isWhollySeen(widget))
            wrong.append(described(widget) + u" is not seen"_s);
        if (before && !before->isAncestorOf(&widget) && !follows(placeOf(widget), placeOf(*before)))
            wrong.append(described(widget) + u" comes after "_s + described(*before));
        before = &widget;
    });
    QVERIFY(stops.size() >= 2);
    QCOMPARE(QApplication::focusWidget(), stops.constFirst());
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TstTabChain::backwardsIsTheSameWay()
{
    QWidget *window = shown();
    QVERIFY(window);
    QList<QWidget *> forwards = walk(*window, {}, [](QWidget &) {});
    QStringList unseen;
    QList<QWidget *> backwards = walk(*window, Qt::ShiftModifier, [&unseen](QWidget &widget) {
        if (!isWhollySeen(widget))
            unseen.append(described(widget));
    });
    QVERIFY2(unseen.isEmpty(), qPrintable(unseen.join(u'\n')));
    std::reverse(backwards.begin() + 1, backwards.end());
    QCOMPARE(backwards, forwards);
}

void TstTabChain::focusIsDrawn()
{
    QWidget *window = shown();
    QVERIFY(window);
    QStringList undrawn;
    QPointer<QWidget> before;
    QImage focused;
    const auto image = [](QWidget &widget) {
        const QRect around = QRect(QPoint(), widget.size()).adjusted(-slack, -slack, slack, slack);
        return widget.parentWidget()->grab(around.translated(widget.pos())).toImage();
    };
    walk(*window, {}, [&](QWidget &widget) {
        if (before && image(*before) == focused)
            undrawn.append(described(*before));
        before = &widget;
        focused = image(widget);
    });
    QVERIFY2(undrawn.isEmpty(), qPrintable(undrawn.join(u'\n')));
}

QTEST_MAIN(TstTabChain)
#include "tst_tabchain.moc"
