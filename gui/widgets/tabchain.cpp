// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/tabchain.h"

#include "gui/widgets/emptystate.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QFocusEvent>
#include <QLayout>
#include <QLineEdit>
#include <QMainWindow>
#include <QPainter>
#include <QScrollArea>
#include <QSplitter>
#include <QStatusBar>
#include <QStyleHints>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>

namespace sami::gui {

namespace {

constexpr int frameWidth = 2;

/// Drawn around a view while it has the focus; takes no clicks and covers nothing inside.
class FocusFrame final : public QWidget
{
public:
    explicit FocusFrame(QAbstractScrollArea *view) : QWidget(view)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
        view->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        const auto *view = static_cast<const QWidget *>(watched);
        switch (event->type()) {
        case QEvent::FocusIn:
            // Like all of Qt's focus frames, not shown after a click.
            if (static_cast<const QFocusEvent *>(event)->reason() == Qt::MouseFocusReason)
                break;
            fit(*view);
            raise();
            show();
            break;
        case QEvent::FocusOut:
            hide();
            break;
        case QEvent::Resize:
            fit(*view);
            break;
        default:
            break;
        }
        return QWidget::eventFilter(watched, event);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setPen(QPen(palette().color(QPalette::Highlight), frameWidth));
        const int half = frameWidth / 2;
        painter.drawRect(rect().adjusted(half, half, -half, -half));
    }

private:
    void fit(const QWidget &view)
    {
        setGeometry(view.rect());
        // With its middle masked out, the view can still scroll by moving pixels.
        setMask(QRegion(rect()).subtracted(
            rect().adjusted(frameWidth, frameWidth, -frameWidth, -frameWidth)));
    }
};

bool isStop(const QWidget &widget, const QWidget &window)
{
    // On macOS, Tab stops only at text fields and lists, unless the user wants more.
    const bool toAll = QGuiApplication::styleHints()->tabFocusBehavior() == Qt::TabFocusAllControls;
    const Qt::FocusPolicy needed = toAll ? Qt::TabFocus : Qt::StrongFocus;
    return (widget.focusPolicy() & needed) == needed && !widget.focusProxy()
        && widget.isVisibleTo(&window) && widget.isEnabled();
}

/// The inner parts of these widgets are their own business.
bool isWhole(const QWidget &widget)
{
    return qobject_cast<const QAbstractItemView *>(&widget)
        || qobject_cast<const QAbstractSpinBox *>(&widget)
        || qobject_cast<const QComboBox *>(&widget) || qobject_cast<const QLineEdit *>(&widget)
        || qobject_cast<const QTabBar *>(&widget);
}

void collect(QWidget *widget, QList<QWidget *> &found);

void collect(QLayout *layout, QList<QWidget *> &found)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem *item = layout->itemAt(i);
        if (QWidget *widget = item->widget())
            collect(widget, found);
        else if (QLayout *inner = item->layout())
            collect(inner, found);
    }
}

/// The widget's children in visual order.
QList<QWidget *> partsOf(QWidget *widget)
{
    QList<QWidget *> parts;
    if (const auto *tabs = qobject_cast<QTabWidget *>(widget)) {
        parts.append(tabs->tabBar());
        for (int i = 0; i < tabs->count(); ++i)
            parts.append(tabs->widget(i));
    } else if (const auto *splitter = qobject_cast<QSplitter *>(widget)) {
        for (int i = 0; i < splitter->count(); ++i)
            parts.append(splitter->widget(i));
    } else if (const auto *area = qobject_cast<QScrollArea *>(widget)) {
        parts.append(area->widget());
    } else if (const auto *window = qobject_cast<QMainWindow *>(widget)) {
        parts.append(window->centralWidget());
        parts.append(window->findChild<QStatusBar *>({}, Qt::FindDirectChildrenOnly));
    } else if (qobject_cast<const QStatusBar *>(widget)) {
        // A status bar has its own kind of layout; all of its parts are in one row.
        parts = widget->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly);
        std::stable_sort(parts.begin(), parts.end(), [](const QWidget *one, const QWidget *other) {
            return one->x() < other->x();
        });
    }
    parts.removeAll(nullptr);
    return parts;
}

void collect(QWidget *widget, QList<QWidget *> &found)
{
    found.append(widget);
    // The overlay of an empty table comes after the table.
    if (const auto *table = qobject_cast<const QAbstractItemView *>(widget)) {
        if (auto *over = table->findChild<EmptyState *>({}, Qt::FindDirectChildrenOnly))
            collect(over, found);
    }
    if (isWhole(*widget))
        return;
    if (const QList<QWidget *> parts = partsOf(widget); !parts.isEmpty()) {
        for (QWidget *part : parts)
            collect(part, found);
    } else if (QLayout *layout = widget->layout()) {
        collect(layout, found);
    }
}

void frame(QAbstractScrollArea *view)
{
    const QObjectList &children = view->children();
    if (std::none_of(children.cbegin(), children.cend(),
                     [](const QObject *child) { return dynamic_cast<const FocusFrame *>(child); }))
        new FocusFrame(view);
}

} // namespace

bool focusNextInReadingOrder(QWidget &window, bool isNext)
{
    QList<QWidget *> stops;
    collect(&window, stops);
    stops.removeIf([&window](const QWidget *widget) { return !isStop(*widget, window); });
    if (stops.isEmpty())
        return false;
    qsizetype at = -1;
    for (QWidget *now = window.focusWidget(); now && at < 0; now = now->parentWidget())
        at = stops.indexOf(now);
    const qsizetype count = stops.size();
    const qsizetype to = isNext ? at + 1 : at < 0 ? count - 1 : at - 1 + count;
    QWidget *stop = stops.at(to % count);
    if (auto *view = qobject_cast<QAbstractScrollArea *>(stop))
        frame(view);
    stop->setFocus(isNext ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

void scrollToFocus(QScrollArea &area)
{
    area.setFocusPolicy(Qt::NoFocus);
    QObject::connect(qApp, &QApplication::focusChanged, &area, [&area](QWidget *, QWidget *now) {
        // A click must not move the content under the pointer.
        if (!now || QGuiApplication::mouseButtons() != Qt::NoButton || !area.isVisible()
            || !area.widget() || !area.widget()->isAncestorOf(now))
            return;
        const int label = 2 * area.fontMetrics().lineSpacing();
        const QSize room = area.viewport()->size();
        QRect place(now->mapTo(area.widget(), QPoint()), now->size());
        place.setSize(place.size().boundedTo(room));
        const QPoint centre = place.center();
        area.ensureVisible(centre.x(), centre.y(), qMin(place.width() / 2 + 1, room.width() / 2),
                           qMin(place.height() / 2 + label, room.height() / 2));
    });
}

} // namespace sami::gui
