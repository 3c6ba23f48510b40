// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/deniedmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/models/usersmodel.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QStyle>
#include <QStyleOptionFrame>
#include <QTabBar>
#include <QTableView>
#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

QString described(const QWidget &widget, const QString &text)
{
    return QString::fromLatin1(widget.metaObject()->className()) + u" “"_s + text + u'”';
}

QString compared(QSize is, QSize wanted)
{
    return u" is %1×%2, wants %3×%4"_s.arg(is.width())
        .arg(is.height())
        .arg(wanted.width())
        .arg(wanted.height());
}

bool isSmaller(QSize is, QSize wanted)
{
    return is.width() < wanted.width() || is.height() < wanted.height();
}

QString plain(QString text)
{
    return text.remove(u'&');
}

/// The size the label needs: a wrapping label needs the height for its current width.
QSize wantedSize(const QLabel &label)
{
    if (label.wordWrap())
        return { 0, label.heightForWidth(label.width()) };
    return label.sizeHint();
}

void checkLineEdit(const QLineEdit &edit, QStringList &cut)
{
    const QString text = edit.text().isEmpty() ? edit.placeholderText() : edit.displayText();
    QStyleOptionFrame option;
    option.initFrom(&edit);
    option.lineWidth = edit.style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, &edit);
    int room = edit.style()->subElementRect(QStyle::SE_LineEditContents, &option, &edit).width();
    room -= edit.textMargins().left() + edit.textMargins().right() + 4; // QLineEdit's own margin
    if (edit.fontMetrics().horizontalAdvance(text) > room)
        cut.append(described(edit, text) + u" has room for %1 only"_s.arg(room));
}

void checkTabBar(const QTabBar &bar, QStringList &cut)
{
    for (int i = 0; i < bar.count(); ++i) {
        const QRect tab = bar.tabRect(i);
        if (!bar.rect().contains(tab)
            || tab.width() <= bar.fontMetrics().horizontalAdvance(plain(bar.tabText(i))))
            cut.append(described(bar, bar.tabText(i)));
    }
}

void checkHeader(const QHeaderView &header, QStringList &cut)
{
    for (int i = 0; i < header.count(); ++i) {
        if (!header.isSectionHidden(i) && header.sectionSize(i) < header.sectionSizeHint(i))
            cut.append(
                described(header, header.model()->headerData(i, Qt::Horizontal).toString())
                + u" is %1, wants %2"_s.arg(header.sectionSize(i)).arg(header.sectionSizeHint(i)));
    }
}

/// These columns may hold text of any length: it is elided, and the details or a tooltip show it
/// all.
bool holdsWords(const QString &title)
{
    return QStringList { ConnectionsModel::tr("Client"),
                         ConnectionsModel::tr("User"),
                         ConnectionsModel::tr("Destination"),
                         ConnectionsModel::tr("Via"),
                         DeniedModel::tr("Reason"),
                         RecentModel::tr("Why it ended"),
                         UsersModel::tr("Hosts"),
                         UsersModel::tr("Note") }
        .contains(title);
}

void checkCells(const QTableView &table, QStringList &cut)
{
    const QAbstractItemModel &model = *table.model();
    for (int column = 0; column < model.columnCount(); ++column) {
        const QString title = model.headerData(column, Qt::Horizontal).toString();
        if (table.isColumnHidden(column) || holdsWords(title))
            continue;
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex cell = model.index(row, column);
            const int wanted = table.sizeHintForIndex(cell).width();
            if (wanted > table.columnWidth(column))
                cut.append(described(table, title)
                           + u": “%1” wants %2, has %3"_s.arg(cell.data().toString())
                                 .arg(wanted)
                                 .arg(table.columnWidth(column)));
        }
    }
}

bool isScrolled(const QWidget *widget)
{
    for (; widget; widget = widget->parentWidget()) {
        if (qobject_cast<const QAbstractScrollArea *>(widget->parentWidget()))
            return true;
    }
    return false;
}

/// Reports what cannot be read in this widget.
void check(const QWidget &widget, QStringList &cut)
{
    QString text;
    QSize wanted;
    if (const auto *label = qobject_cast<const QLabel *>(&widget)) {
        text = label->text();
        wanted = wantedSize(*label);
    } else if (const auto *button = qobject_cast<const QAbstractButton *>(&widget)) {
        // Without text: arrows, and the clear buttons that Qt puts into fields.
        if (button->text().isEmpty())
            return;
        text = button->text();
        wanted = button->sizeHint();
    } else if (const auto *combo = qobject_cast<const QComboBox *>(&widget)) {
        text = combo->currentText();
        wanted = combo->sizeHint();
    } else if (const auto *spin = qobject_cast<const QAbstractSpinBox *>(&widget)) {
        text = spin->text();
        wanted = spin->sizeHint();
    } else if (const auto *edit = qobject_cast<const QLineEdit *>(&widget)) {
        // The line edits of spin and combo boxes are as wide as these make them.
        if (!qobject_cast<const QAbstractSpinBox *>(edit->parentWidget())
            && !qobject_cast<const QComboBox *>(edit->parentWidget()))
            checkLineEdit(*edit, cut);
        return;
    } else if (const auto *bar = qobject_cast<const QTabBar *>(&widget)) {
        checkTabBar(*bar, cut);
        return;
    } else if (const auto *header = qobject_cast<const QHeaderView *>(&widget)) {
        if (header->orientation() == Qt::Horizontal)
            checkHeader(*header, cut);
        return;
    } else if (const auto *table = qobject_cast<const QTableView *>(&widget)) {
        checkCells(*table, cut);
        return;
    } else if (const auto *list = qobject_cast<const QListWidget *>(&widget)) {
        text = list->accessibleName();
        // Where words wrap a row is as high as it has to be.
        if (list->count() > 0 && !list->wordWrap()
            && list->viewport()->width() < list->sizeHintForColumn(0))
            cut.append(described(*list, text));
        return;
    } else if (const auto *area = qobject_cast<const QScrollArea *>(&widget)) {
        // A settings page may be longer than the dialog, never wider.
        if (area->horizontalScrollBar()->maximum() > 0)
            cut.append(described(*area, u"wider than its window"_s));
        return;
    } else {
        return;
    }
    if (isSmaller(widget.size(), wanted))
        cut.append(described(widget, text) + compared(widget.size(), wanted));
    else if (!isScrolled(&widget) && widget.visibleRegion().boundingRect() != widget.rect())
        cut.append(described(widget, text) + u" is covered"_s);
}

} // namespace

/// No text is cut, in either language. CTest runs it at 100 % and 200 %. SAMI_RENDER_DIR names a
/// folder for the pictures.
class TstRender : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsCut_data();
    void nothingIsCut();
    void aCutOneIsSeen();
};

void TstRender::nothingIsCut_data()
{
    EveryWindow::addRowsInEveryLanguage();
}

void TstRender::nothingIsCut()
{
    QFETCH(const QString, language);
    Language texts;
    texts.use(language);
    EveryWindow windows;
    QWidget *window = windows.showRow();
    QVERIFY(QTest::qWaitForWindowExposed(window));
    QCoreApplication::processEvents();

    if (const QString folder = qEnvironmentVariable("SAMI_RENDER_DIR"); !folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        const int percent = qRound(window->devicePixelRatio() * 100);
        QString name = QString::fromUtf8(QTest::currentDataTag());
        name.remove(u':').remove(u',').replace(u' ', u'-');
        QVERIFY(window->grab().save(u"%1/%2-%3.png"_s.arg(folder, name).arg(percent)));
    }

    QStringList cut;
    int checked = 0;
    for (const QWidget *widget : window->findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        check(*widget, cut);
        ++checked;
    }
    QVERIFY(checked > 10);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(u'\n')));
}

void TstRender::aCutOneIsSeen()
{
    QWidget window;
    QLabel label(u"Wide enough for these words"_s, &window);
    window.show();
    label.resize(label.sizeHint());
    window.resize(label.size());
    QStringList cut;
    check(label, cut);
    QCOMPARE(cut, QStringList());
    label.resize(label.width() - 1, label.height());
    check(label, cut);
    QCOMPARE(cut.size(), 1);
    cut.clear();
    label.resize(label.sizeHint());
    window.resize(label.width() - 1, label.height());
    check(label, cut);
    QCOMPARE(cut.size(), 1);
}

QTEST_MAIN(TstRender)
#include "tst_render.moc"
