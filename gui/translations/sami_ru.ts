<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru">
<context>
    <name>main</name>
    <message>
        <source>Sami LLM Proxy is already running, but its window does not respond.</source>
        <translation>Sami LLM Proxy уже запущен, но его окно не отвечает.</translation>
    </message>
</context>
<context>
    <name>sami::gui::AboutDialog</name>
    <message>
        <source>About Sami LLM Proxy</source>
        <translation>О программе Sami LLM Proxy</translation>
    </message>
    <message>
        <source>A light forward proxy for calls to LLM APIs.</source>
        <translation>Лёгкий прямой прокси для обращений к API языковых моделей.</translation>
    </message>
    <message>
        <source>It sees bytes and timing, never prompts or tokens: what comes encrypted is passed on encrypted, and nothing that passes is shown or kept.</source>
        <translation>Он видит объём и время передачи данных, но не запросы и не токены: зашифрованное передаётся зашифрованным, и ничего из переданного не показывается и не сохраняется.</translation>
    </message>
    <message>
        <source>MIT licence. Made with Qt %1, which is used under the GNU Lesser General Public License, version 3.</source>
        <translation>Лицензия MIT. Сделано с Qt %1, который используется по лицензии GNU Lesser General Public License версии 3.</translation>
    </message>
    <message>
        <source>How it works and what it can be trusted with is described in README.md, ARCHITECTURE.md and SECURITY.md, which come with its source.</source>
        <translation>Как он работает и что ему можно доверить, описано в файлах README.md, ARCHITECTURE.md и SECURITY.md, которые поставляются с исходным кодом.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>О библиотеке &amp;Qt</translation>
    </message>
    <message>
        <source>QR codes are made with libqrencode, which is used under the GNU Lesser General Public License, version 2.1.</source>
        <translation>QR-коды создаёт libqrencode; она используется на условиях GNU Lesser General Public License, версия 2.1.</translation>
    </message>
    <message>
        <source>The system&apos;s keychain is reached through QtKeychain, which is used under the modified BSD licence.</source>
        <translation>Со связкой ключей системы программа работает через QtKeychain; она используется на условиях изменённой лицензии BSD.</translation>
    </message>
</context>
<context>
    <name>sami::gui::AppActions</name>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Открыть</translation>
    </message>
    <message>
        <source>&amp;Copy proxy address</source>
        <translation>&amp;Копировать адрес прокси</translation>
    </message>
    <message>
        <source>Close all connections</source>
        <translation>Закрыть все подключения</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Настройки…</translation>
    </message>
    <message>
        <source>&amp;Connect a program…</source>
        <translation>&amp;Подключить программу…</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>О п&amp;рограмме</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Выход</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>З&amp;апустить</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Ост&amp;ановить</translation>
    </message>
    <message>
        <source>Open for the &amp;home network…</source>
        <translation>Открыть для &amp;домашней сети…</translation>
    </message>
    <message>
        <source>&amp;Phone or another device: QR code…</source>
        <translation>&amp;Телефон или другое устройство: QR-код…</translation>
    </message>
    <message>
        <source>Finish streams, then stop</source>
        <translation>Завершить потоки и остановить</translation>
    </message>
    <message>
        <source>Copy settings for…</source>
        <translation>Скопировать настройки для…</translation>
    </message>
</context>
<context>
    <name>sami::gui::ApplicationPage</name>
    <message>
        <source>Start at &amp;login</source>
        <translation>Запускать при &amp;входе в систему</translation>
    </message>
    <message>
        <source>Start &amp;minimised: only the icon in the tray</source>
        <translation>Запускать &amp;свёрнутой: только значок в области уведомлений</translation>
    </message>
    <message>
        <source>Start the &amp;proxy when the program starts</source>
        <translation>Включать &amp;прокси при запуске программы</translation>
    </message>
    <message>
        <source>L&amp;anguage:</source>
        <translation>&amp;Язык:</translation>
    </message>
    <message>
        <source>Starts this program whenever you log in to this computer.</source>
        <translation>Программа запускается сама, когда вы входите в систему.</translation>
    </message>
    <message>
        <source>Shows no window when the program starts. The window opens from the icon.</source>
        <translation>При запуске окно не появляется; открыть его можно через значок.</translation>
    </message>
    <message>
        <source>Otherwise the proxy waits until you start it from the window or the icon.</source>
        <translation>Если выключить, прокси будет ждать, пока вы не запустите его из окна или через значок.</translation>
    </message>
    <message>
        <source>The language of this program&apos;s windows.</source>
        <translation>Язык окон этой программы.</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Takes effect after restart.</source>
        <translation>Подействует после перезапуска программы.</translation>
    </message>
</context>
<context>
    <name>sami::gui::BlocksModel</name>
    <message>
        <source>Blocked client</source>
        <translation>Заблокированный клиент</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>До</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Осталось</translation>
    </message>
</context>
<context>
    <name>sami::gui::BlocksPanel</name>
    <message>
        <source>Blocked clients</source>
        <translation>Заблокированные клиенты</translation>
    </message>
    <message numerus="yes">
        <source>%n client(s) gave too many wrong passwords and are blocked: even the right one is refused now.</source>
        <translation>
            <numerusform>%n клиент заблокирован: он слишком часто вводил неверный пароль. Сейчас ему не поможет и верный.</numerusform>
            <numerusform>%n клиента заблокированы: они слишком часто вводили неверный пароль. Сейчас им не поможет и верный.</numerusform>
            <numerusform>%n клиентов заблокированы: они слишком часто вводили неверный пароль. Сейчас им не поможет и верный.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody is blocked any more.</source>
        <translation>Больше никто не заблокирован.</translation>
    </message>
    <message>
        <source>Lift the block of %1</source>
        <translation>Снять блокировку с %1</translation>
    </message>
    <message numerus="yes">
        <source>Lift %n block(s)</source>
        <translation>
            <numerusform>Снять %n блокировку</numerusform>
            <numerusform>Снять %n блокировки</numerusform>
            <numerusform>Снять %n блокировок</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Copy client</source>
        <translation>&amp;Копировать клиента</translation>
    </message>
</context>
<context>
    <name>sami::gui::CertificateFile</name>
    <message>
        <source>is not a file</source>
        <translation>это не файл</translation>
    </message>
    <message>
        <source>is a private key; choose the file with the certificates</source>
        <translation>это закрытый ключ; выберите файл с сертификатами</translation>
    </message>
    <message>
        <source>is a certificate in binary form (DER); it must be text (PEM)</source>
        <translation>это сертификат в двоичном виде (DER), а нужен текстовый (PEM)</translation>
    </message>
    <message>
        <source>none of its certificates can be read</source>
        <translation>ни один сертификат в нём не читается</translation>
    </message>
</context>
<context>
    <name>sami::gui::ClientsPage</name>
    <message>
        <source>Allowed IPs</source>
        <translation>Разрешённые IP</translation>
    </message>
    <message>
        <source>Add current clients</source>
        <translation>Добавить текущих клиентов</translation>
    </message>
    <message>
        <source>Add this network</source>
        <translation>Добавить эту сеть</translation>
    </message>
    <message>
        <source>Allowed &amp;IPs:</source>
        <translation>&amp;Разрешённые IP:</translation>
    </message>
    <message>
        <source>While the list is empty, every client may come in.</source>
        <translation>Пока список пуст, допускаются все клиенты.</translation>
    </message>
    <message>
        <source>This computer (127.0.0.1 and ::1)</source>
        <translation>Этот компьютер (127.0.0.1 и ::1)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>network (name of the network interface)</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>everyone</source>
        <translation>все</translation>
    </message>
    <message>
        <source>allowed IPs and this computer</source>
        <translation>разрешённые адреса и этот компьютер</translation>
    </message>
    <message>
        <source>this computer only</source>
        <translation>только этот компьютер</translation>
    </message>
    <message>
        <source>Status &amp;pages (/, /health, /status) for:</source>
        <translation>Служебные &amp;страницы (/, /health, /status) видят:</translation>
    </message>
    <message>
        <source>192.0.2.7, 192.0.2.0/24 or private, for example</source>
        <translation>например, 192.0.2.7, 192.0.2.0/24 или private</translation>
    </message>
    <message>
        <source>All private networks (private)</source>
        <translation>Все частные сети (private)</translation>
    </message>
</context>
<context>
    <name>sami::gui::ColumnFit</name>
    <message>
        <source>&amp;Reset widths</source>
        <translation>&amp;Вернуть ширину столбцов</translation>
    </message>
</context>
<context>
    <name>sami::gui::ConnectionsModel</name>
    <message>
        <source>%1 %2</source>
        <comment>a state and for how long: waiting 3m 12s</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>The program or computer that uses the proxy</source>
        <translation>Программа или компьютер, использующие прокси</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>The user name it signed in with</source>
        <translation>Имя пользователя, с которым выполнен вход</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Пользователь</translation>
    </message>
    <message>
        <source>Where the current request goes</source>
        <translation>Куда идёт текущий запрос</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Назначение</translation>
    </message>
    <message>
        <source>CONNECT is an encrypted tunnel: the proxy cannot look inside</source>
        <translation>CONNECT — зашифрованный туннель: прокси не может заглянуть внутрь</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Метод</translation>
    </message>
    <message>
        <source>Requests on this connection so far</source>
        <translation>Сколько запросов прошло по этому подключению</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Запросы</translation>
    </message>
    <message>
        <source>What the connection seems to be doing, read from timing alone</source>
        <translation>Что, по-видимому, происходит с подключением; определено только по времени</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Sent by the client</source>
        <translation>Отправлено клиентом</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Отдано</translation>
    </message>
    <message>
        <source>Received by the client</source>
        <translation>Получено клиентом</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Принято</translation>
    </message>
    <message>
        <source>Both directions together, now</source>
        <translation>Оба направления вместе, сейчас</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Скорость</translation>
    </message>
    <message>
        <source>From the request to the first byte of the answer</source>
        <translation>От запроса до первого байта ответа</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>Первый байт</translation>
    </message>
    <message>
        <source>The longest time in which neither side sent anything</source>
        <translation>Самое долгое время, когда обе стороны ничего не отправляли</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>Макс. тишина</translation>
    </message>
    <message>
        <source>Since the client connected</source>
        <translation>С момента подключения клиента</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Длится</translation>
    </message>
    <message>
        <source>Via</source>
        <translation>Через</translation>
    </message>
    <message>
        <source>The server that it goes out through</source>
        <translation>Сервер, через который идёт запрос</translation>
    </message>
</context>
<context>
    <name>sami::gui::ConnectionsPage</name>
    <message>
        <source>Filter by client, user, destination or method</source>
        <translation>Фильтр по клиенту, пользователю, назначению или методу</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Все состояния</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Пауза</translation>
    </message>
    <message>
        <source>Hold the table still. The proxy goes on.</source>
        <translation>Остановить обновление таблицы. Прокси продолжает работать.</translation>
    </message>
    <message>
        <source>Live connections</source>
        <translation>Текущие подключения</translation>
    </message>
    <message numerus="yes">
        <source>paused, %n new</source>
        <translation>
            <numerusform>пауза, %n новое</numerusform>
            <numerusform>пауза, %n новых</numerusform>
            <numerusform>пауза, %n новых</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n подключение</numerusform>
            <numerusform>%n подключения</numerusform>
            <numerusform>%n подключений</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n connection(s)</source>
        <translation>
            <numerusform>%1 из %n подключения</numerusform>
            <numerusform>%1 из %n подключений</numerusform>
            <numerusform>%1 из %n подключений</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy as CS&amp;V</source>
        <translation>Копировать к&amp;ак CSV</translation>
    </message>
    <message>
        <source>Copy &amp;destination</source>
        <translation>Копировать &amp;назначение</translation>
    </message>
    <message>
        <source>&amp;Filter by this destination</source>
        <translation>&amp;Фильтр по этому назначению</translation>
    </message>
    <message numerus="yes">
        <source>C&amp;lose %n connection(s)</source>
        <translation>
            <numerusform>&amp;Закрыть %n подключение</numerusform>
            <numerusform>&amp;Закрыть %n подключения</numerusform>
            <numerusform>&amp;Закрыть %n подключений</numerusform>
        </translation>
    </message>
    <message>
        <source>Colu&amp;mns</source>
        <translation>С&amp;толбцы</translation>
    </message>
    <message>
        <source>Close connections</source>
        <translation>Закрыть соединения</translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s) are running and would be cut.</source>
        <translation>
            <numerusform>%n поток ещё передаётся и будет оборван.</numerusform>
            <numerusform>%n потока ещё передаются и будут оборваны.</numerusform>
            <numerusform>%n потоков ещё передаются и будут оборваны.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Close %n connection(s)</source>
        <translation>
            <numerusform>Закрыть %n соединение</numerusform>
            <numerusform>Закрыть %n соединения</numerusform>
            <numerusform>Закрыть %n соединений</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::ConnectionsTab</name>
    <message>
        <source>De&amp;tails</source>
        <translation>Подро&amp;бности</translation>
    </message>
    <message>
        <source>Tr&amp;affic</source>
        <translation>&amp;Трафик</translation>
    </message>
    <message>
        <source>H&amp;osts</source>
        <translation>&amp;Хосты</translation>
    </message>
    <message>
        <source>&amp;Finished</source>
        <translation>&amp;Завершённые</translation>
    </message>
</context>
<context>
    <name>sami::gui::CopyAddressMenu</name>
    <message>
        <source>For this computer: %1</source>
        <translation>Для этого компьютера: %1</translation>
    </message>
    <message>
        <source>For another device: %1</source>
        <translation>Для другого устройства: %1</translation>
    </message>
    <message>
        <source>For this computer, with the password: %1</source>
        <translation>Для этого компьютера, с паролем: %1</translation>
    </message>
    <message>
        <source>For another device, with the password: %1</source>
        <translation>Для другого устройства, с паролем: %1</translation>
    </message>
    <message>
        <source>For this computer, without the password: %1</source>
        <translation>Для этого компьютера, без пароля: %1</translation>
    </message>
    <message>
        <source>For another device, without the password: %1</source>
        <translation>Для другого устройства, без пароля: %1</translation>
    </message>
    <message>
        <source>Copied with the password: %1</source>
        <translation>Скопировано с паролем: %1</translation>
    </message>
    <message>
        <source>Copied without the password: %1</source>
        <translation>Скопировано без пароля: %1</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>Скопировано: %1</translation>
    </message>
    <message>
        <source>Other devices cannot use the proxy now</source>
        <translation>Другим устройствам прокси сейчас недоступен</translation>
    </message>
</context>
<context>
    <name>sami::gui::CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>Скопировано: %1</translation>
    </message>
    <message>
        <source>Copy: %1</source>
        <translation>Копировать: %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::CopySettingsMenu</name>
    <message>
        <source>Other computers cannot reach this address</source>
        <translation>Этот адрес недоступен другим устройствам</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Этот компьютер</translation>
    </message>
    <message>
        <source>This computer, without the password</source>
        <translation>Этот компьютер, без пароля</translation>
    </message>
    <message>
        <source>Another computer</source>
        <translation>Другое устройство</translation>
    </message>
    <message>
        <source>Another computer, without the password</source>
        <translation>Другое устройство, без пароля</translation>
    </message>
    <message>
        <source>With the password</source>
        <translation>С паролем</translation>
    </message>
    <message>
        <source>Without the password</source>
        <translation>Без пароля</translation>
    </message>
    <message>
        <source>Copied with the password: %1</source>
        <translation>Скопировано с паролем: %1</translation>
    </message>
    <message>
        <source>Copied without the password: %1</source>
        <translation>Скопировано без пароля: %1</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>Скопировано: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more user(s)</source>
        <translation>
            <numerusform>ещё %n пользователь</numerusform>
            <numerusform>ещё %n пользователя</numerusform>
            <numerusform>ещё %n пользователей</numerusform>
        </translation>
    </message>
    <message>
        <source>This computer, with PASSWORD to be replaced</source>
        <translation>Этот компьютер; PASSWORD заменить паролем</translation>
    </message>
    <message>
        <source>Another computer, with PASSWORD to be replaced</source>
        <translation>Другой компьютер; PASSWORD заменить паролем</translation>
    </message>
    <message>
        <source>With PASSWORD to be replaced</source>
        <translation>PASSWORD заменить паролем</translation>
    </message>
    <message>
        <source>Copied: %1. Write the password in place of PASSWORD</source>
        <translation>Скопировано: %1. Впишите пароль вместо PASSWORD</translation>
    </message>
</context>
<context>
    <name>sami::gui::CoreText</name>
    <message>
        <source>the list has no entry; leave the setting out instead</source>
        <translation>в списке нет ни одной записи; лучше не задавайте эту настройку вовсе</translation>
    </message>
    <message>
        <source>write %1</source>
        <translation>укажите %1</translation>
    </message>
    <message>
        <source>write a whole number%1 from %2 to %3</source>
        <translation>введите целое число%1 от %2 до %3</translation>
    </message>
    <message>
        <source> of milliseconds</source>
        <translation> миллисекунд</translation>
    </message>
    <message>
        <source> of seconds</source>
        <translation> секунд</translation>
    </message>
    <message>
        <source> of attempts</source>
        <translation> попыток</translation>
    </message>
    <message>
        <source> of connections</source>
        <translation> подключений</translation>
    </message>
    <message>
        <source> of bytes</source>
        <translation> байт</translation>
    </message>
    <message>
        <source> of threads</source>
        <translation> потоков</translation>
    </message>
    <message>
        <source>write an address: 127.0.0.1 or ::1</source>
        <translation>введите адрес: 127.0.0.1 или ::1</translation>
    </message>
    <message>
        <source>write the address alone; the port has a setting of its own</source>
        <translation>введите только адрес; для порта есть отдельная настройка</translation>
    </message>
    <message>
        <source>write an address of this machine like 192.0.2.7, or 127.0.0.1 (this machine only), 0.0.0.0 (every IPv4 address), :: (every address)</source>
        <translation>введите адрес этого компьютера, например 192.0.2.7, либо 127.0.0.1 (только этот компьютер), 0.0.0.0 (все адреса IPv4), :: (все адреса)</translation>
    </message>
    <message>
        <source>write true, false, or a list of ranges like 192.168.1.0/24</source>
        <translation>укажите true, false или список диапазонов, например 192.168.1.0/24</translation>
    </message>
    <message>
        <source>a user name cannot have a colon (RFC 7617)</source>
        <translation>в имени пользователя не может быть двоеточия (RFC 7617)</translation>
    </message>
    <message>
        <source>is a directory; name a file with PEM certificates</source>
        <translation>это папка; укажите файл с сертификатами PEM</translation>
    </message>
    <message>
        <source>cannot be read: %1</source>
        <translation>не удаётся прочитать: %1</translation>
    </message>
    <message>
        <source>has no PEM certificate (-----BEGIN CERTIFICATE-----)</source>
        <translation>нет сертификата PEM (-----BEGIN CERTIFICATE-----)</translation>
    </message>
    <message>
        <source>is a directory, not a file</source>
        <translation>это папка, а не файл</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>файл пуст</translation>
    </message>
    <message>
        <source>begins with a byte order mark; save it as UTF-8 without one</source>
        <translation>начинается с метки порядка байтов (BOM); сохраните файл в UTF-8 без неё</translation>
    </message>
    <message>
        <source>is not UTF-8</source>
        <translation>кодировка не UTF-8</translation>
    </message>
    <message>
        <source>holds no password: %1</source>
        <translation>не содержит пароля: %1</translation>
    </message>
    <message>
        <source>it has a line break (does it come from a file with Windows line ends?)</source>
        <translation>в нём есть перевод строки (не из файла ли он с концами строк Windows?)</translation>
    </message>
    <message>
        <source>it has a control character, which RFC 7617 does not allow</source>
        <translation>в нём есть управляющий символ, а RFC 7617 этого не допускает</translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation>он не в кодировке UTF-8</translation>
    </message>
    <message>
        <source>it is a placeholder, which everyone knows; choose a password of your own, such as openssl rand -hex 24 prints</source>
        <translation>это заглушка, которую знают все; придумайте свой пароль, например такой, как печатает openssl rand -hex 24</translation>
    </message>
    <message>
        <source>a value has no line breaks</source>
        <translation>в значении не может быть перевода строки</translation>
    </message>
    <message>
        <source>an address or a range is missing</source>
        <translation>не указан адрес или диапазон</translation>
    </message>
    <message>
        <source>a zone (%…) has no meaning in a list; leave it out</source>
        <translation>зона (%…) в списке не имеет смысла; уберите её</translation>
    </message>
    <message>
        <source>write the address without brackets</source>
        <translation>введите адрес без скобок</translation>
    </message>
    <message>
        <source>not an address (like 192.0.2.7 or 2001:db8::1) or a range (like 192.0.2.0/24)</source>
        <translation>это не адрес (например, 192.0.2.7 или 2001:db8::1) и не диапазон (например, 192.0.2.0/24)</translation>
    </message>
    <message>
        <source>write an IPv4-mapped address as IPv4: %1</source>
        <translation>адрес IPv4, записанный внутри IPv6, введите как IPv4: %1</translation>
    </message>
    <message>
        <source>the prefix length must be 0 to %1</source>
        <translation>длина префикса должна быть от 0 до %1</translation>
    </message>
    <message>
        <source>the address has bits set beyond the prefix; write %1 for the network or %2 for the one address</source>
        <translation>в адресе заданы биты за пределами префикса; введите %1 для всей сети или %2 для одного адреса</translation>
    </message>
    <message>
        <source>the host name is missing</source>
        <translation>не указано имя хоста</translation>
    </message>
    <message>
        <source>&quot;*&quot; may only stand in front, as in *.example.com</source>
        <translation>«*» может стоять только в начале, как в *.example.com</translation>
    </message>
    <message>
        <source>write an international name as punycode (xn--…)</source>
        <translation>национальное имя введите в punycode (xn--…)</translation>
    </message>
    <message>
        <source>write the host alone, without a scheme, a path or a prefix length</source>
        <translation>введите только хост, без схемы, пути и длины префикса</translation>
    </message>
    <message>
        <source>a host name has only letters, digits, &quot;-&quot;, &quot;_&quot; and &quot;.&quot;</source>
        <translation>в имени хоста могут быть только латинские буквы, цифры, «-», «_» и «.»</translation>
    </message>
    <message>
        <source>not a host name</source>
        <translation>это не имя хоста</translation>
    </message>
    <message>
        <source>not an IPv4 address: write four decimal numbers, as in 192.0.2.7</source>
        <translation>это не адрес IPv4: введите четыре десятичных числа, как в 192.0.2.7</translation>
    </message>
    <message>
        <source>the closing &quot;]&quot; of the IPv6 address is missing</source>
        <translation>не хватает закрывающей «]» адреса IPv6</translation>
    </message>
    <message>
        <source>only a port may follow the &quot;]&quot;</source>
        <translation>после «]» может идти только порт</translation>
    </message>
    <message>
        <source>brackets are for IPv6 addresses only</source>
        <translation>скобки нужны только для адресов IPv6</translation>
    </message>
    <message>
        <source>write the host alone, without a scheme</source>
        <translation>введите только хост, без схемы</translation>
    </message>
    <message>
        <source>the port must be 1 to 65535</source>
        <translation>порт должен быть от 1 до 65535</translation>
    </message>
    <message>
        <source>&quot;*&quot; alone would allow every host; leave the list empty for that, or write *.example.com</source>
        <translation>одна «*» разрешила бы любой хост; если нужно именно это, оставьте список пустым, иначе введите имя вида *.example.com</translation>
    </message>
    <message>
        <source>&quot;*.&quot; goes before a name, not before an address</source>
        <translation>«*.» ставится перед именем, а не перед адресом</translation>
    </message>
    <message>
        <source>not an IPv6 address</source>
        <translation>это не адрес IPv6</translation>
    </message>
    <message>
        <source>write a port from 1 to 65535, or a range like 1024-65535</source>
        <translation>введите порт от 1 до 65535 или диапазон вида 1024-65535</translation>
    </message>
    <message>
        <source>the range is reversed; write %1-%2</source>
        <translation>диапазон задан наоборот; введите %1-%2</translation>
    </message>
    <message>
        <source>%1 is in use by another program: stop that program or choose another PROXY_PORT</source>
        <translation>%1 занят другой программой: остановите её или выберите другой номер в поле «Порт»</translation>
    </message>
    <message>
        <source>%1 is not an address of this machine: set PROXY_ADDRESS to one of its own, 0.0.0.0 for all, or 127.0.0.1 for this machine alone</source>
        <translation>у этого компьютера нет адреса %1: выберите в поле «Адрес» один из его адресов, 0.0.0.0 (все) или 127.0.0.1 (только этот компьютер)</translation>
    </message>
    <message>
        <source>%1 may not be opened by this user: choose a PROXY_PORT over 1023 or give the program the right to bind low ports</source>
        <translation>%1 нельзя открыть от имени этого пользователя: выберите в поле «Порт» номер больше 1023 или дайте программе право открывать младшие порты</translation>
    </message>
    <message>
        <source>cannot listen on %1: %2</source>
        <translation>не удаётся принимать подключения на %1: %2</translation>
    </message>
    <message>
        <source>cannot read this machine&apos;s own addresses, which nobody may reach through the proxy: %1. It takes a free descriptor, and on Linux the right to open a netlink socket</source>
        <translation>не удаётся узнать собственные адреса этого компьютера, к которым через прокси обращаться нельзя: %1. Для этого нужен свободный дескриптор, а в Linux ещё и право открыть сокет netlink</translation>
    </message>
    <message>
        <source>the method is not a token</source>
        <translation>недопустимый метод</translation>
    </message>
    <message>
        <source>the request target is empty or holds a control character</source>
        <translation>цель запроса пуста или содержит управляющий символ</translation>
    </message>
    <message>
        <source>the request line is not: method, target, version</source>
        <translation>строка запроса состоит не из метода, цели и версии</translation>
    </message>
    <message>
        <source>the HTTP version is neither 1.0 nor 1.1</source>
        <translation>версия HTTP — не 1.0 и не 1.1</translation>
    </message>
    <message>
        <source>only HTTP/1.0 and HTTP/1.1 are spoken here</source>
        <translation>здесь поддерживаются только HTTP/1.0 и HTTP/1.1</translation>
    </message>
    <message>
        <source>the status line is malformed</source>
        <translation>строка статуса составлена неверно</translation>
    </message>
    <message>
        <source>a CR is not followed by LF</source>
        <translation>за CR не следует LF</translation>
    </message>
    <message>
        <source>a line ends with LF without CR</source>
        <translation>строка заканчивается на LF без CR</translation>
    </message>
    <message>
        <source>a header field holds a control character</source>
        <translation>поле заголовка содержит управляющий символ</translation>
    </message>
    <message>
        <source>a header field name is not a token</source>
        <translation>недопустимое имя поля заголовка</translation>
    </message>
    <message>
        <source>white space stands between a field name and its colon</source>
        <translation>между именем поля и двоеточием стоит пробел</translation>
    </message>
    <message>
        <source>a header line has no colon</source>
        <translation>в строке заголовка нет двоеточия</translation>
    </message>
    <message>
        <source>a header field is folded over several lines</source>
        <translation>поле заголовка разбито на несколько строк</translation>
    </message>
    <message>
        <source>white space stands before the first header field</source>
        <translation>перед первым полем заголовка стоит пробел</translation>
    </message>
    <message>
        <source>the request target is too long</source>
        <translation>цель запроса слишком длинная</translation>
    </message>
    <message>
        <source>the header section is too large</source>
        <translation>заголовок слишком велик</translation>
    </message>
    <message>
        <source>there are too many header fields</source>
        <translation>полей заголовка слишком много</translation>
    </message>
    <message>
        <source>malformed head</source>
        <translation>заголовок составлен неверно</translation>
    </message>
    <message>
        <source>CONNECT takes host:port and nothing else</source>
        <translation>в CONNECT указывают только хост и порт (host:port)</translation>
    </message>
    <message>
        <source>CONNECT needs host:port</source>
        <translation>для CONNECT нужны хост и порт (host:port)</translation>
    </message>
    <message>
        <source>the IPv6 address in the request target has no brackets</source>
        <translation>адрес IPv6 в цели запроса указан без квадратных скобок</translation>
    </message>
    <message>
        <source>the host in the request target is missing or malformed</source>
        <translation>хост в цели запроса отсутствует или задан неверно</translation>
    </message>
    <message>
        <source>the port in the request target is not between 1 and 65535</source>
        <translation>порт в цели запроса — не от 1 до 65535</translation>
    </message>
    <message>
        <source>only http:// and https:// targets are forwarded</source>
        <translation>передаются только запросы к http:// и https://</translation>
    </message>
    <message>
        <source>the request target is malformed</source>
        <translation>цель запроса задана неверно</translation>
    </message>
    <message>
        <source>bad request target</source>
        <translation>неверная цель запроса</translation>
    </message>
    <message>
        <source>both Content-Length and Transfer-Encoding are given</source>
        <translation>указаны сразу и Content-Length, и Transfer-Encoding</translation>
    </message>
    <message>
        <source>more than one Content-Length is given</source>
        <translation>Content-Length указано несколько раз</translation>
    </message>
    <message>
        <source>Content-Length is not a number that can be a length</source>
        <translation>значение Content-Length не может быть длиной</translation>
    </message>
    <message>
        <source>the last transfer coding is not chunked</source>
        <translation>последнее кодирование передачи — не chunked</translation>
    </message>
    <message>
        <source>the transfer coding chunked is given twice</source>
        <translation>кодирование передачи chunked указано дважды</translation>
    </message>
    <message>
        <source>a transfer coding other than chunked is not supported</source>
        <translation>кодирование передачи, кроме chunked, не поддерживается</translation>
    </message>
    <message>
        <source>HTTP/1.0 knows no Transfer-Encoding</source>
        <translation>в HTTP/1.0 нет Transfer-Encoding</translation>
    </message>
    <message>
        <source>Transfer-Encoding has an empty element</source>
        <translation>в Transfer-Encoding есть пустой элемент</translation>
    </message>
    <message>
        <source>bad framing</source>
        <translation>неверно указана длина тела</translation>
    </message>
    <message>
        <source>a chunk size is malformed</source>
        <translation>размер фрагмента задан неверно</translation>
    </message>
    <message>
        <source>a chunk extension is malformed</source>
        <translation>расширение фрагмента составлено неверно</translation>
    </message>
    <message>
        <source>a chunk extension is too long</source>
        <translation>расширение фрагмента слишком длинное</translation>
    </message>
    <message>
        <source>chunk data is not followed by CRLF</source>
        <translation>за данными фрагмента нет CRLF</translation>
    </message>
    <message>
        <source>a trailer field is malformed</source>
        <translation>поле после тела составлено неверно</translation>
    </message>
    <message>
        <source>the trailer section is too large</source>
        <translation>поля после тела слишком велики</translation>
    </message>
    <message>
        <source>the body ended early</source>
        <translation>тело оборвалось раньше времени</translation>
    </message>
    <message>
        <source>malformed body</source>
        <translation>тело составлено неверно</translation>
    </message>
    <message>
        <source>there are no sections; remove this line</source>
        <translation>разделов здесь нет; удалите эту строку</translation>
    </message>
    <message>
        <source>not &quot;key = value&quot; and not a comment (# …)</source>
        <translation>это не «ключ = значение» и не комментарий (# …)</translation>
    </message>
    <message>
        <source>a key has only letters, digits, &quot;_&quot;, &quot;-&quot; and &quot;.&quot;</source>
        <translation>в ключе могут быть только латинские буквы, цифры, «_», «-» и «.»</translation>
    </message>
    <message>
        <source>the value is not UTF-8; save the file as UTF-8</source>
        <translation>значение не в UTF-8; сохраните файл в UTF-8</translation>
    </message>
    <message>
        <source>a NUL in the value</source>
        <translation>в значении есть символ NUL</translation>
    </message>
    <message>
        <source>a carriage return inside the line; save the file with LF or CRLF line ends</source>
        <translation>внутри строки есть возврат каретки; сохраните файл с концами строк LF или CRLF</translation>
    </message>
    <message>
        <source>%1 is set here and on line %2; keep one of them</source>
        <translation>%1 указан и здесь, и в строке %2; оставьте что-то одно</translation>
    </message>
    <message>
        <source>is a directory, not a settings file</source>
        <translation>это папка, а не файл настроек</translation>
    </message>
    <message>
        <source>is over 1 MiB; that is not a settings file</source>
        <translation>больше 1 МиБ; это не может быть файлом настроек</translation>
    </message>
    <message>
        <source>unknown key</source>
        <translation>неизвестный ключ</translation>
    </message>
    <message>
        <source>unknown key; did you mean %1?</source>
        <translation>неизвестный ключ; возможно, имелось в виду %1?</translation>
    </message>
    <message>
        <source>the password itself is set too (%1); keep one of the two</source>
        <translation>задан и сам пароль (%1); оставьте одно из двух</translation>
    </message>
    <message>
        <source>a user name without a password; set %1 or %2 too, or none of them</source>
        <translation>имя пользователя без пароля; задайте также %1 или %2 либо ничего из этого</translation>
    </message>
    <message>
        <source>a password without a user name; set %1 too, or none of them</source>
        <translation>пароль без имени пользователя; задайте также %1 либо ничего из этого</translation>
    </message>
    <message>
        <source>cannot be set aside: make its folder writable, or name another file with --config</source>
        <translation>не удаётся переименовать: разрешите запись в его папку или укажите другой файл через --config</translation>
    </message>
    <message>
        <source>no such preset; did you mean %1? There are %2</source>
        <translation>нет такого набора хостов; возможно, имелся в виду %1? Есть: %2</translation>
    </message>
    <message>
        <source>a preset takes no port; ALLOWED_PORTS says which ports</source>
        <translation>у набора хостов не бывает порта; порты задаёт список «Порты»</translation>
    </message>
    <message>
        <source>no such preset; there are %1</source>
        <translation>нет такого набора хостов; есть: %1</translation>
    </message>
    <message>
        <source>not an address of this machine; write one that it has, or leave the setting out</source>
        <translation>такого адреса у этого компьютера нет; укажите один из его адресов или не задавайте эту настройку</translation>
    </message>
    <message>
        <source>no connection can be made from it: %1</source>
        <translation>с этого адреса нельзя установить соединение: %1</translation>
    </message>
    <message>
        <source>write an address of this machine like 192.0.2.7 or 2001:db8::7</source>
        <translation>укажите адрес этого компьютера, например 192.0.2.7 или 2001:db8::7</translation>
    </message>
    <message>
        <source>a link-local address reaches nothing beyond its own link; write a global one</source>
        <translation>локальный адрес канала (link-local) действует только в своём сегменте сети; укажите глобальный</translation>
    </message>
    <message>
        <source>stands for every address; write one, or leave the setting out</source>
        <translation>означает любой адрес; укажите какой-то один или не задавайте эту настройку</translation>
    </message>
    <message>
        <source>nothing can be sent from such an address; write the address of a host</source>
        <translation>с такого адреса ничего нельзя отправить; укажите обычный адрес компьютера</translation>
    </message>
    <message>
        <source>is the second of its family; write at most one of each</source>
        <translation>второй адрес того же протокола; укажите не больше одного IPv4 и одного IPv6</translation>
    </message>
    <message>
        <source>the quotes are part of the value; leave them out</source>
        <translation>кавычки считаются частью значения; уберите их</translation>
    </message>
    <message>
        <source>it is a pair of quotes with nothing in it; leave the setting out instead</source>
        <translation>это пустые кавычки; лучше не задавайте настройку вовсе</translation>
    </message>
    <message>
        <source>it names a variable, and nothing has put its value there (docker run --env-file does not)</source>
        <translation>это имя переменной, её значение сюда никто не подставил (docker run --env-file этого не делает)</translation>
    </message>
    <message>
        <source>the only word that may stand here is private; everything else is an address or a range</source>
        <translation>из слов здесь может стоять только private; всё остальное — адрес или диапазон</translation>
    </message>
    <message>
        <source>is a link to a file that is not there</source>
        <translation>это ссылка на файл, которого нет</translation>
    </message>
    <message>
        <source>is UTF-16; save it as UTF-8</source>
        <translation>файл в UTF-16; сохраните его в UTF-8</translation>
    </message>
    <message>
        <source>does not count while an access rule may be missing</source>
        <translation>не действует, пока может не хватать правила доступа</translation>
    </message>
    <message>
        <source>write the whole path of a folder, from the root</source>
        <translation>укажите полный путь к папке, от корня</translation>
    </message>
    <message>
        <source>write a name like proxy.example.com, or an address like 192.0.2.7 or 2001:db8::7</source>
        <translation>укажите имя, например proxy.example.com, или адрес, например 192.0.2.7 или 2001:db8::7</translation>
    </message>
    <message>
        <source>an address with a zone means something only on this machine</source>
        <translation>адрес с зоной имеет смысл только на этой машине</translation>
    </message>
    <message>
        <source>no server can be reached at such an address; write the address of a host</source>
        <translation>по такому адресу сервер недоступен; укажите адрес узла</translation>
    </message>
    <message>
        <source>write each name; a wildcard is for certificates of your own</source>
        <translation>укажите каждое имя; звёздочка бывает только в ваших собственных сертификатах</translation>
    </message>
    <message>
        <source>write the name in its ASCII form (xn--…)</source>
        <translation>укажите имя в виде ASCII (xn--…)</translation>
    </message>
    <message>
        <source>write the name alone, without a scheme or a port</source>
        <translation>укажите только имя, без схемы и порта</translation>
    </message>
    <message>
        <source>a certificate without its key; set %1 too, or none of them</source>
        <translation>сертификат без ключа; задайте также %1 либо ничего из этого</translation>
    </message>
    <message>
        <source>a key without its certificate; set %1 too, or none of them</source>
        <translation>ключ без сертификата; задайте также %1 либо ничего из этого</translation>
    </message>
    <message>
        <source>there is no certificate to show; set %1, where the proxy makes one, or %2 and %3</source>
        <translation>показывать нечего: нет сертификата; задайте %1, где прокси сделает его сам, или %2 и %3</translation>
    </message>
    <message>
        <source>clients can speak TLS with the proxy on Linux only</source>
        <translation>клиенты могут соединяться с прокси по TLS только на Linux</translation>
    </message>
    <message>
        <source>a % is not followed by two hexadecimal digits; write a percent sign as %1</source>
        <translation>за знаком % нет двух шестнадцатеричных цифр; сам знак процента пишется как %1</translation>
    </message>
    <message>
        <source>the percent-encoded octets are not UTF-8</source>
        <translation>после раскодирования процентов получается не UTF-8</translation>
    </message>
    <message>
        <source>the user name before the @ is missing</source>
        <translation>перед @ нет имени пользователя</translation>
    </message>
    <message>
        <source>this is not a user name: %1</source>
        <translation>это не имя пользователя: %1</translation>
    </message>
    <message>
        <source>the user name has over %1 octets</source>
        <translation>имя пользователя длиннее %1 байт</translation>
    </message>
    <message>
        <source>this is not a password: %1</source>
        <translation>это не пароль: %1</translation>
    </message>
    <message>
        <source>the password has over %1 octets</source>
        <translation>пароль длиннее %1 байт</translation>
    </message>
    <message>
        <source>this is not a host; write a name like proxy.example.com, or an address like 192.0.2.7 or [2001:db8::7]</source>
        <translation>это не хост; напишите имя вроде proxy.example.com или адрес вроде 192.0.2.7 или [2001:db8::7]</translation>
    </message>
    <message>
        <source>write an IPv6 address in brackets, as in [2001:db8::7]:8443</source>
        <translation>адрес IPv6 пишется в квадратных скобках: [2001:db8::7]:8443</translation>
    </message>
    <message>
        <source>write a port after the host, 1 to 65535</source>
        <translation>после хоста нужен порт, от 1 до 65535</translation>
    </message>
    <message>
        <source>write key=value after the ?, with &amp; between them</source>
        <translation>после ? пишется ключ=значение, между ними &amp;</translation>
    </message>
    <message>
        <source>has over %1 octets; that is not the address of a proxy</source>
        <translation>длиннее %1 байт; это не адрес прокси</translation>
    </message>
    <message>
        <source>has a blank or another character that must be percent-encoded (a blank is %1)</source>
        <translation>содержит пробел или символ, которого в адресе быть не может; закодируйте его через процент (пробел — %1)</translation>
    </message>
    <message>
        <source>has a #; in a user name or a password write it as %1</source>
        <translation>содержит #; в имени пользователя и пароле пишите его как %1</translation>
    </message>
    <message>
        <source>write the whole address of a proxy, as in https://user:password@proxy.example.com:8443</source>
        <translation>напишите адрес прокси целиком, например https://user:password@proxy.example.com:8443</translation>
    </message>
    <message>
        <source>a user name or a password has a bare @, / or ?; write them as %1, %2 and %3</source>
        <translation>в имени пользователя или пароле есть @, / или ?; пишите их как %1, %2 и %3</translation>
    </message>
    <message>
        <source>the address of a proxy ends at the port; leave the path out</source>
        <translation>адрес прокси кончается портом; уберите путь</translation>
    </message>
    <message>
        <source>%1 is given twice; keep one</source>
        <translation>%1 указано дважды; оставьте одно</translation>
    </message>
    <message>
        <source>this is not a pin; write the 43 characters of base64url that stand for 32 octets, or what --pin prints</source>
        <translation>это не отпечаток: нужны 43 символа base64url, то есть 32 байта, или то, что печатает --pin</translation>
    </message>
    <message>
        <source>the same pin is given twice; keep one</source>
        <translation>один и тот же отпечаток указан дважды; оставьте один</translation>
    </message>
    <message>
        <source>there are more than %1 pins; keep those that are in use</source>
        <translation>отпечатков больше %1; оставьте действующие</translation>
    </message>
    <message>
        <source>tls may only be 0; without it the link is for TLS</source>
        <translation>tls может быть только 0; без него ссылка означает TLS</translation>
    </message>
    <message>
        <source>the key %1 is not known; there are %2</source>
        <translation>ключ %1 неизвестен; есть %2</translation>
    </message>
    <message>
        <source>pin, name and tls</source>
        <translation>pin, name и tls</translation>
    </message>
    <message>
        <source>pin and name</source>
        <translation>pin и name</translation>
    </message>
    <message>
        <source>a link with a user name has a password too; write user:password</source>
        <translation>в ссылке с именем пользователя есть и пароль; напишите user:password</translation>
    </message>
    <message>
        <source>SOCKS5 takes a password of 1 to 255 octets</source>
        <translation>SOCKS5 принимает пароль от 1 до 255 байт</translation>
    </message>
    <message>
        <source>no such kind of parent; there are sami-proxy://, https://, http://, socks5:// and direct</source>
        <translation>такого вида прокси нет; есть sami-proxy://, https://, http://, socks5:// и direct</translation>
    </message>
    <message>
        <source>a pin is for a parent with TLS, and this one uses clear text; leave the pin out, or write https://</source>
        <translation>отпечаток нужен для прокси с TLS, а с этим обмен идёт открытым текстом; уберите отпечаток или напишите https://</translation>
    </message>
    <message>
        <source>a name has 1 to %1 octets</source>
        <translation>в названии от 1 до %1 байт</translation>
    </message>
    <message>
        <source>a name neither begins nor ends with a blank</source>
        <translation>название не начинается и не кончается пробелом</translation>
    </message>
    <message>
        <source>a name has no control characters, and no blanks but the usual one</source>
        <translation>в названии нет управляющих символов, а из пробелов — только обычный</translation>
    </message>
    <message>
        <source>direct means no parent at all; choose another name</source>
        <translation>direct означает «без прокси»; выберите другое название</translation>
    </message>
    <message>
        <source>this is not a link; one begins with sami-proxy://</source>
        <translation>это не ссылка; ссылка начинается с sami-proxy://</translation>
    </message>
    <message>
        <source>the list has no entry; write direct, or leave the setting out</source>
        <translation>в списке ничего нет; напишите direct или уберите настройку</translation>
    </message>
    <message>
        <source>direct comes before it, so it is never used; put direct last</source>
        <translation>перед этим стоит direct, поэтому сюда дело не дойдёт; direct пишется последним</translation>
    </message>
    <message>
        <source>the list has more than %1 entries</source>
        <translation>в списке больше %1 записей</translation>
    </message>
    <message>
        <source>is already in the list; keep one of them</source>
        <translation>уже есть в списке; оставьте одно из двух</translation>
    </message>
    <message>
        <source>another entry has the same name; give one of them another with ?name=…</source>
        <translation>у другой записи такое же название; дайте одной из них другое через ?name=…</translation>
    </message>
    <message>
        <source>is open to others; chmod 600 it</source>
        <translation>открыт для других; выполните chmod 600</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>это не обычный файл</translation>
    </message>
    <message>
        <source>is over 64 KiB</source>
        <translation>больше 64 КиБ</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>строка %1: %2</translation>
    </message>
    <message>
        <source>a user name without a password; write user:password (user: for an empty one), or give the password in %1</source>
        <translation>имя пользователя без пароля; напишите user:password (user: — если пароль пуст) или укажите пароль в %1</translation>
    </message>
    <message>
        <source>this parent has no user name in the list; write user@ before its host</source>
        <translation>у этого прокси в списке нет имени пользователя; напишите user@ перед хостом</translation>
    </message>
    <message>
        <source>this parent already has a password; keep one of the two</source>
        <translation>у этого прокси пароль уже есть; оставьте один из двух</translation>
    </message>
    <message>
        <source>leads to this proxy itself, which listens on port %1</source>
        <translation>ведёт к самому этому прокси: он слушает порт %1</translation>
    </message>
    <message>
        <source>write a parent&apos;s name, a blank and its password; a blank in the name is %1</source>
        <translation>напишите название прокси, пробел и пароль; пробел в названии пишется как %1</translation>
    </message>
    <message>
        <source>the password is missing</source>
        <translation>нет пароля</translation>
    </message>
    <message>
        <source>the servers of the settings file cannot be read, so nothing goes out: enter them again, or keep the good lines to do without them</source>
        <translation>серверы из файла настроек не прочитать, поэтому наружу ничего не уходит: задайте их заново или оставьте исправные строки, чтобы обойтись без них</translation>
    </message>
    <message>
        <source>Unix sockets are for Linux only; take 127.0.0.1 and a port</source>
        <translation>сокеты Unix работают только в Linux; укажите 127.0.0.1 и порт</translation>
    </message>
    <message>
        <source>write the whole path, such as unix:/run/sami-llm-proxy/admin.sock</source>
        <translation>укажите полный путь, например unix:/run/sami-llm-proxy/admin.sock</translation>
    </message>
    <message>
        <source>a socket&apos;s path has 107 octets at most</source>
        <translation>путь сокета — не больше 107 байт</translation>
    </message>
    <message>
        <source>write an address and a port, such as 127.0.0.1:8081 or [::1]:8081, with tls: before it for TLS</source>
        <translation>укажите адрес и порт, например 127.0.0.1:8081 или [::1]:8081; для TLS — с tls: впереди</translation>
    </message>
    <message>
        <source>the port is a whole number from 0 to 65535</source>
        <translation>порт — целое число от 0 до 65535</translation>
    </message>
    <message>
        <source>beyond this machine a token would travel in clear text; write tls:%1</source>
        <translation>за пределами этой машины токен шёл бы открытым текстом; напишите tls:%1</translation>
    </message>
    <message>
        <source>%1: counts for the doors of PROXY_ADMIN, and there are none</source>
        <translation>%1: действует для входов PROXY_ADMIN, а их нет</translation>
    </message>
    <message>
        <source>that is the proxy&apos;s own port; choose another one</source>
        <translation>это порт самого прокси; выберите другой</translation>
    </message>
    <message>
        <source>another door has that port already; choose another one</source>
        <translation>этот порт уже занят другим входом; выберите другой</translation>
    </message>
    <message>
        <source>%1 is off</source>
        <translation>%1 выключен</translation>
    </message>
    <message>
        <source>nobody could show a token; set %1, or %2, where the file admin-tokens has them</source>
        <translation>ни у кого не могло бы быть токена; задайте %1 или %2 — там токены лежат в файле admin-tokens</translation>
    </message>
    <message>
        <source>%1: anyone who can reach %2 can read the metrics, without a token</source>
        <translation>%1: метрики прочтёт без токена любой, кому доступен %2</translation>
    </message>
    <message>
        <source>is given twice</source>
        <translation>указано дважды</translation>
    </message>
    <message>
        <source>write at least one door, such as 127.0.0.1:8081</source>
        <translation>укажите хотя бы один вход, например 127.0.0.1:8081</translation>
    </message>
    <message>
        <source>there can be at most eight doors</source>
        <translation>входов может быть не больше восьми</translation>
    </message>
    <message>
        <source>it has a line break, and a user is one line</source>
        <translation>в нём перевод строки, а пользователь — это одна строка</translation>
    </message>
    <message>
        <source>it has a control character</source>
        <translation>в нём управляющий символ</translation>
    </message>
    <message>
        <source>it begins or ends with a blank</source>
        <translation>в начале или в конце стоит пробел</translation>
    </message>
    <message>
        <source>the name is empty</source>
        <translation>имя не указано</translation>
    </message>
    <message>
        <source>it has more than %1 octets</source>
        <translation>длиннее %1 байт</translation>
    </message>
    <message>
        <source>&quot;#&quot; in front makes it a comment</source>
        <translation>с «#» в начале это комментарий</translation>
    </message>
    <message>
        <source>write a number from 1 to %1, or 0 for no limit</source>
        <translation>укажите число от 1 до %1 или 0 — без ограничения</translation>
    </message>
    <message>
        <source>write the last day like 2027-01-31</source>
        <translation>укажите последний день в виде 2027-01-31</translation>
    </message>
    <message>
        <source>names no host; leave it out to allow what ALLOWED_HOSTS allows</source>
        <translation>не указан ни один хост; чтобы разрешить всё, что разрешает ALLOWED_HOSTS, уберите этот ключ</translation>
    </message>
    <message>
        <source>%1 appears twice</source>
        <translation>ключ %1 указан дважды</translation>
    </message>
    <message>
        <source>disabled takes no value: leave it out to let the user in</source>
        <translation>у disabled нет значения: чтобы пускать пользователя, уберите этот ключ</translation>
    </message>
    <message>
        <source>note: %1</source>
        <translation>заметка: %1</translation>
    </message>
    <message>
        <source>there is a key that this program does not know; there are connections=, hosts=, until=, disabled and, as the last, note=</source>
        <translation>ключ не известен программе; есть connections=, hosts=, until=, disabled и последним note=</translation>
    </message>
    <message>
        <source>there is no colon; a line is NAME:HASH</source>
        <translation>нет двоеточия; строка выглядит так: ИМЯ:ХЕШ</translation>
    </message>
    <message>
        <source>the name: %1</source>
        <translation>имя: %1</translation>
    </message>
    <message>
        <source>the hash %1</source>
        <translation>хеш: %1</translation>
    </message>
    <message>
        <source>line 1: there is a byte order mark; save the file as UTF-8 without one</source>
        <translation>строка 1: в начале метка порядка байтов (BOM); сохраните файл в UTF-8 без неё</translation>
    </message>
    <message>
        <source>the name is already in line %1</source>
        <translation>это имя уже есть в строке %1</translation>
    </message>
    <message>
        <source>has no user of that name</source>
        <translation>в нём нет такого пользователя</translation>
    </message>
    <message>
        <source>already has a user of that name, in line %1</source>
        <translation>в нём уже есть пользователь с таким именем, в строке %1</translation>
    </message>
    <message>
        <source>has more than 4 MiB; that is not a list of users</source>
        <translation>больше 4 МиБ; это не список пользователей</translation>
    </message>
    <message>
        <source>is damaged: a piece of it is missing, or something was put in</source>
        <translation>повреждён: части не хватает или вставлено лишнее</translation>
    </message>
    <message>
        <source>costs too much: checking it can take over a second. Make one of a lower cost, or let user passwd make it</source>
        <translation>слишком дорог: проверка может занять больше секунды. Сделайте хеш дешевле или создайте его командой user passwd</translation>
    </message>
    <message>
        <source>is missing: a line has at least NAME:HASH</source>
        <translation>не указан: в строке должно быть хотя бы ИМЯ:ХЕШ</translation>
    </message>
    <message>
        <source>is not one that this program knows. If it is the password itself, remove it: user add and user passwd make passwords and their hashes</source>
        <translation>неизвестен программе. Если это сам пароль, уберите его: пароли и их хеши создают команды user add и user passwd</translation>
    </message>
    <message>
        <source>has fewer than %1 iterations, which does not stop guessing; let user passwd make another</source>
        <translation>меньше %1 итераций, это не защищает от подбора; создайте другой командой user passwd</translation>
    </message>
    <message>
        <source>is of the kind %1, which this system&apos;s crypt(3) does not know; user passwd makes one that is known everywhere</source>
        <translation>вида %1, которого не знает crypt(3) этой системы; команда user passwd создаёт такой, который понятен везде</translation>
    </message>
    <message>
        <source>is of a kind that is not accepted; there are $2y$ and $2b$ (htpasswd -B), $y$, $6$, and what user passwd makes</source>
        <translation>такого вида не принимается; подходят $2y$ и $2b$ (htpasswd -B), $y$, $6$ и то, что создаёт user passwd</translation>
    </message>
    <message>
        <source>cannot be made: the cryptographic library failed</source>
        <translation>не удалось создать: ошибка криптографической библиотеки</translation>
    </message>
    <message>
        <source>it has a user of the same name as PROXY_AUTH_USERNAME: remove one of the two</source>
        <translation>в нём есть пользователь с тем же именем, что и PROXY_AUTH_USERNAME: уберите одного из двух</translation>
    </message>
    <message>
        <source>cannot be written: its folder does not exist, or this user may not write to it</source>
        <translation>не удаётся записать: папки нет или в неё нельзя писать</translation>
    </message>
    <message>
        <source>is a folder, not a file</source>
        <translation>это папка, а не файл</translation>
    </message>
    <message>
        <source>is in a folder that is a symbolic link; name the folder that it leads to</source>
        <translation>находится в папке, которая является символической ссылкой; укажите папку, на которую она ведёт</translation>
    </message>
    <message>
        <source>cannot be created: its folder does not exist; make the folder first</source>
        <translation>не удаётся создать: нет его папки; сначала создайте её</translation>
    </message>
    <message>
        <source>is in a folder that cannot be opened: %1</source>
        <translation>находится в папке, которую не удаётся открыть: %1</translation>
    </message>
    <message>
        <source>keeps being replaced; try again later</source>
        <translation>кто-то постоянно его заменяет; попробуйте позже</translation>
    </message>
    <message>
        <source>is not there</source>
        <translation>нет такого файла</translation>
    </message>
    <message>
        <source>is a symbolic link; name the file that it leads to</source>
        <translation>это символическая ссылка; укажите файл, на который она ведёт</translation>
    </message>
    <message>
        <source>cannot be locked: %1</source>
        <translation>не удаётся заблокировать: %1</translation>
    </message>
    <message>
        <source>is being changed by another process that does not finish</source>
        <translation>его изменяет другой процесс и никак не закончит</translation>
    </message>
    <message>
        <source>has more than %1 octets; this program did not write it</source>
        <translation>больше %1 байт; это не наш файл</translation>
    </message>
    <message>
        <source>belongs to user %1 and group %2, which writing it would change; do it as that user, or as root</source>
        <translation>принадлежит пользователю %1 и группе %2, и это изменилось бы; сделайте это от имени того пользователя или root</translation>
    </message>
    <message>
        <source>cannot be written: this user may not write to its folder; do it as the folder&apos;s owner, or as root</source>
        <translation>не удаётся записать: у этого пользователя нет права писать в папку; сделайте это от имени её владельца или root</translation>
    </message>
    <message>
        <source>cannot be replaced: it is mounted as a single file; mount its folder instead</source>
        <translation>не удаётся заменить: смонтирован сам файл; монтируйте вместо него папку</translation>
    </message>
    <message>
        <source>cannot be written: %1</source>
        <translation>не удаётся записать: %1</translation>
    </message>
    <message>
        <source>would have more than %1 octets</source>
        <translation>стал бы больше %1 байт</translation>
    </message>
    <message>
        <source>was changed by somebody else meanwhile; try again</source>
        <translation>тем временем его изменил кто-то другой; повторите</translation>
    </message>
    <message>
        <source>means any free port; write the one that clients use, as in --host proxy.example.com:8443</source>
        <translation>означает любой свободный порт; укажите тот, к которому подключаются клиенты, например --host proxy.example.com:8443</translation>
    </message>
    <message>
        <source>PROXY_TLS is off</source>
        <translation>PROXY_TLS выключено</translation>
    </message>
    <message>
        <source>the proxy has no certificate to show; PROXY_STATE_DIR gives it one</source>
        <translation>у прокси нет сертификата; он появится, если указать PROXY_STATE_DIR</translation>
    </message>
    <message>
        <source>the proxy&apos;s certificate is not for this host, which matters only to clients that check it without the pin: %1</source>
        <translation>сертификат прокси выдан не для этого хоста, что важно только тем, кто проверяет его без отпечатка: %1</translation>
    </message>
    <message>
        <source>this link is for clear text, so anybody on the way can read its password: %1</source>
        <translation>по этой ссылке всё идёт без шифрования, и пароль может прочитать любой на пути: %1</translation>
    </message>
    <message>
        <source>is needed: every user of %1 has a link of their own</source>
        <translation>нужно указать: у каждого пользователя из %1 своя ссылка</translation>
    </message>
    <message>
        <source>it has an invisible character (U+%1)</source>
        <translation>в нём есть невидимый символ (U+%1)</translation>
    </message>
    <message>
        <source>it is empty; if nobody is to be let in, write a comment in it</source>
        <translation>он пуст; если не нужно пускать никого, напишите в нём комментарий</translation>
    </message>
    <message>
        <source>must give the name or address at which clients reach this proxy: this machine does not listen at a public address</source>
        <translation>нужно указать имя или адрес, по которому клиенты обращаются к этому прокси: публичного адреса у этой машины нет</translation>
    </message>
    <message>
        <source>cannot be locked: %1 in its folder is not a regular file</source>
        <translation>не удаётся заблокировать: %1 в той же папке — не обычный файл</translation>
    </message>
    <message>
        <source>cannot be read: %1; user %2 needs the right to read it, and to enter its folder</source>
        <translation>не удаётся прочитать: %1; пользователю %2 нужно право читать его и входить в его папку</translation>
    </message>
    <message>
        <source>has a blank in it; put a comma between two entries</source>
        <translation>содержит пробел; между значениями ставится запятая</translation>
    </message>
    <message>
        <source>has quotes around it; leave them out</source>
        <translation>взято в кавычки; уберите их</translation>
    </message>
    <message>
        <source>is broken over two lines; write it in one</source>
        <translation>разорвано на две строки; запишите одной</translation>
    </message>
    <message>
        <source>goes on in the next line; write it in one</source>
        <translation>продолжается на следующей строке; запишите одной</translation>
    </message>
    <message>
        <source>write an address and a port, such as 127.0.0.1:9464</source>
        <translation>укажите адрес и порт, например 127.0.0.1:9464</translation>
    </message>
    <message>
        <source>is not there; sami-llm-proxy user add NAME makes it</source>
        <translation>такого файла нет; его создаёт команда sami-llm-proxy user add ИМЯ</translation>
    </message>
    <message>
        <source>write a host, or a host and a port, without https:// and without a path</source>
        <translation>введите хост или хост с портом, без https:// и без пути</translation>
    </message>
    <message>
        <source>the proxy listens on %1 alone, which other machines do not reach: the link works for them once PROXY_ADDRESS is 0.0.0.0, or where something passes their connections on</source>
        <translation>прокси слушает только на %1, с других машин туда не попасть: ссылка заработает у них при PROXY_ADDRESS=0.0.0.0 или если их подключения что-то передаёт прокси</translation>
    </message>
    <message>
        <source>this link is for clear text, so anybody on the way can read which hosts are called: %1</source>
        <translation>по этой ссылке всё идёт без шифрования, и любой на пути увидит, к каким хостам идут запросы: %1</translation>
    </message>
    <message>
        <source>can be written by others; chmod 600 it</source>
        <translation>могут изменить другие; выполните для него chmod 600</translation>
    </message>
    <message>
        <source>the keychain has not given the passwords of all servers, so nothing goes out: unlock it, or enter these servers again</source>
        <translation>связка ключей отдала пароли не всех серверов, поэтому запросы никуда не идут: откройте её или добавьте эти серверы заново</translation>
    </message>
    <message>
        <source>no host contains a $; is a line break missing?</source>
        <translation>в имени хоста не бывает $: не потерян ли перевод строки?</translation>
    </message>
</context>
<context>
    <name>sami::gui::DamageStrip</name>
    <message>
        <source>Keep the good lines</source>
        <translation>Оставить исправные строки</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Настройки…</translation>
    </message>
    <message>
        <source>Lines of the settings file that do not count</source>
        <translation>Строки файла настроек, которые не действуют</translation>
    </message>
</context>
<context>
    <name>sami::gui::DamageText</name>
    <message numerus="yes">
        <source>The settings file is damaged: %n line(s) do not count, the others do.</source>
        <translation>
            <numerusform>Файл настроек повреждён: %n строка не действует, остальные действуют.</numerusform>
            <numerusform>Файл настроек повреждён: %n строки не действуют, остальные действуют.</numerusform>
            <numerusform>Файл настроек повреждён: %n строк не действуют, остальные действуют.</numerusform>
        </translation>
    </message>
    <message>
        <source>A rule about who may use the proxy may be missing, so it was not started: other computers could reach it.</source>
        <translation>Возможно, потеряно правило о том, кому можно пользоваться прокси, поэтому он не запущен: до него могли бы добраться другие компьютеры.</translation>
    </message>
    <message>
        <source>A rule about who may use the proxy may be missing, so only this computer can use it now. Look at the settings.</source>
        <translation>Возможно, потеряно правило о том, кому можно пользоваться прокси, поэтому сейчас он доступен только с этого компьютера. Проверьте настройки.</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Строка %1: %2</translation>
    </message>
    <message>
        <source>The damaged file is kept as %1</source>
        <translation>Повреждённый файл сохранён как %1</translation>
    </message>
    <message>
        <source>Before anything is written, the damaged file is kept as %1</source>
        <translation>Прежде чем что-то записать, программа сохранит повреждённый файл как %1</translation>
    </message>
    <message>
        <source>Servers that requests go out through may be missing, so the proxy does not start: requests would go directly. Enter the servers again, or keep the good lines to do without them.</source>
        <translation>Возможно, потеряны серверы, через которые уходят запросы, поэтому прокси не запускается: иначе запросы пошли бы напрямую. Задайте серверы заново или оставьте исправные строки, чтобы обойтись без них.</translation>
    </message>
    <message>
        <source>The settings file cannot be read. Everything has its default value now.</source>
        <translation>Файл настроек не читается. Для всех настроек действуют значения по умолчанию.</translation>
    </message>
    <message>
        <source>The settings file is not in UTF-8. All of it counts. “Keep the good lines” writes it in UTF-8.</source>
        <translation>Файл настроек не в UTF-8. Он действует целиком. «Оставить исправные строки» сохраняет его в UTF-8.</translation>
    </message>
</context>
<context>
    <name>sami::gui::DeniedBadge</name>
    <message>
        <source>Show who is blocked, and lift it</source>
        <translation>Показать, кто заблокирован, и снять блокировку</translation>
    </message>
    <message numerus="yes">
        <source>%n new refusal(s) since you last looked</source>
        <translation>
            <numerusform>%n новый отказ с тех пор, как вы смотрели</numerusform>
            <numerusform>%n новых отказа с тех пор, как вы смотрели</numerusform>
            <numerusform>%n новых отказов с тех пор, как вы смотрели</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n client(s) blocked</source>
        <translation>
            <numerusform>Заблокирован %n клиент</numerusform>
            <numerusform>Заблокировано %n клиента</numerusform>
            <numerusform>Заблокировано %n клиентов</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::DeniedModel</name>
    <message>
        <source>%1, for %2 more</source>
        <comment>why a client is blocked, and how long it still is</comment>
        <translation>%1 (ещё %2)</translation>
    </message>
    <message>
        <source>Last time</source>
        <translation>Последний раз</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Назначение</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Сколько раз</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>let through; would be refused: %1</source>
        <comment>and why</comment>
        <translation>пропущен; был бы отказ: %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::DeniedPage</name>
    <message>
        <source>Filter by client, destination or reason</source>
        <translation>Фильтр по клиенту, назначению или причине</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>Refused clients and destinations</source>
        <translation>Отклонённые клиенты и назначения</translation>
    </message>
    <message>
        <source>Choose a row to see what can be done about it.</source>
        <translation>Выберите строку, чтобы увидеть, что можно сделать.</translation>
    </message>
    <message>
        <source>&amp;Allow</source>
        <translation>Разре&amp;шить</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
    <message>
        <source>&amp;Allow or lift</source>
        <translation>Разре&amp;шить или снять</translation>
    </message>
    <message>
        <source>Let in again, with its wrong passwords forgotten: %1.</source>
        <comment>addresses</comment>
        <translation>Блокировка снята, неверные пароли забыты: %1.</translation>
    </message>
    <message>
        <source>The block was over already: %1.</source>
        <comment>addresses</comment>
        <translation>Блокировка уже закончилась: %1.</translation>
    </message>
    <message>
        <source>Only this c&amp;lient</source>
        <translation>Только &amp;этот клиент</translation>
    </message>
    <message>
        <source>Only this &amp;destination</source>
        <translation>Только это &amp;назначение</translation>
    </message>
    <message>
        <source>Only this &amp;reason</source>
        <translation>Только эта &amp;причина</translation>
    </message>
    <message>
        <source>&amp;Show in the log</source>
        <translation>Показать в &amp;журнале</translation>
    </message>
    <message>
        <source>Copy clie&amp;nt</source>
        <translation>Копировать к&amp;лиента</translation>
    </message>
    <message>
        <source>Copy d&amp;estination</source>
        <translation>Копировать н&amp;азначение</translation>
    </message>
</context>
<context>
    <name>sami::gui::DestinationsPage</name>
    <message>
        <source>Allowed hosts</source>
        <translation>Разрешённые хосты</translation>
    </message>
    <message>
        <source>Allowed ports</source>
        <translation>Разрешённые порты</translation>
    </message>
    <message>
        <source>Private ranges</source>
        <translation>Частные диапазоны</translation>
    </message>
    <message>
        <source>&amp;Hosts:</source>
        <translation>&amp;Хосты:</translation>
    </message>
    <message>
        <source>While the list is empty, every host may be reached.</source>
        <translation>Пока список пуст, доступны все хосты.</translation>
    </message>
    <message>
        <source>add a port, 443 at least</source>
        <translation>добавьте порт, хотя бы 443</translation>
    </message>
    <message>
        <source>443 or 1024-65535, for example</source>
        <translation>например, 443 или 1024-65535</translation>
    </message>
    <message>
        <source>P&amp;orts:</source>
        <translation>&amp;Порты:</translation>
    </message>
    <message>
        <source>No</source>
        <translation>запрещён</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>разрешён</translation>
    </message>
    <message>
        <source>Only these ranges</source>
        <translation>только к этим диапазонам</translation>
    </message>
    <message>
        <source>192.168.1.0/24, for example</source>
        <translation>например, 192.168.1.0/24</translation>
    </message>
    <message>
        <source>add a range, or choose “No”</source>
        <translation>добавьте диапазон или выберите «запрещён»</translation>
    </message>
    <message>
        <source>&amp;Private addresses:</source>
        <translation>&amp;Доступ к локальной сети:</translation>
    </message>
    <message>
        <source>Whether private, local and special addresses, and this computer&apos;s own, may be reached.</source>
        <translation>К частным, локальным и особым адресам и к самому этому компьютеру.</translation>
    </message>
    <message>
        <source>&amp;Ranges that may be reached:</source>
        <translation>Доступ&amp;ные диапазоны:</translation>
    </message>
    <message>
        <source>the system&apos;s certificates only</source>
        <translation>только сертификаты системы</translation>
    </message>
    <message>
        <source>More &amp;certificates (PEM):</source>
        <translation>Ещё &amp;сертификаты (PEM):</translation>
    </message>
    <message>
        <source>api.example.com, *.example.com:443 or @openai, for example</source>
        <translation>например, api.example.com, *.example.com:443 или @openai</translation>
    </message>
    <message>
        <source>Add a provider</source>
        <translation>Добавить провайдера</translation>
    </message>
    <message>
        <source>Refuse them</source>
        <translation>Отказывать</translation>
    </message>
    <message>
        <source>Let them pass and report them</source>
        <translation>Пропускать и записывать в журнал</translation>
    </message>
    <message>
        <source>O&amp;ther hosts:</source>
        <translation>Ос&amp;тальные хосты:</translation>
    </message>
    <message>
        <source>The page “Denied” and the log show the hosts that were reported.</source>
        <translation>Пропущенные хосты видны на вкладке «Отказы» и в журнале.</translation>
    </message>
    <message>
        <source>%1 (all of these)</source>
        <translation>%1 (все сразу)</translation>
    </message>
    <message>
        <source>More certificates (PEM)</source>
        <translation>Ещё сертификаты (PEM)</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>Сертификаты (*.pem *.crt *.cer);;Все файлы (*)</translation>
    </message>
    <message>
        <source>The networks and addresses that programs may reach although they are private. One entry for one server is the safest.</source>
        <translation>Сети и адреса, к которым программы могут обращаться, хотя они и частные. Безопаснее всего указать адрес одного сервера.</translation>
    </message>
</context>
<context>
    <name>sami::gui::DetailsPane</name>
    <message>
        <source>Details of one connection</source>
        <translation>Подробности одного подключения</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Пользователь</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Назначение</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Запрос</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Подключился</translation>
    </message>
    <message>
        <source>Server reached</source>
        <translation>Связь с сервером</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>Первый байт</translation>
    </message>
    <message>
        <source>Sent by the client</source>
        <translation>Отправлено клиентом</translation>
    </message>
    <message>
        <source>Received by the client</source>
        <translation>Получено клиентом</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>Самая долгая тишина</translation>
    </message>
    <message>
        <source>Choose a connection above to see its times here.</source>
        <translation>Выберите подключение выше: здесь появятся его подробности.</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 назад</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>пока ничего</translation>
    </message>
    <message>
        <source>%1, the last %2</source>
        <comment>octets; when the last of them</comment>
        <translation>%1, последний раз %2</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>вход не выполнен</translation>
    </message>
    <message>
        <source>no request yet</source>
        <translation>запросов ещё не было</translation>
    </message>
    <message>
        <source>%1, number %2 on this connection</source>
        <translation>%1, запрос № %2 в этом подключении</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>a time of day; how long ago</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>через %1</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>ещё нет</translation>
    </message>
    <message>
        <source>This connection is gone.</source>
        <translation>Этого подключения больше нет.</translation>
    </message>
    <message>
        <source>This connection ended at %1. %2</source>
        <comment>a time of day; why it ended</comment>
        <translation>Подключение завершилось в %1. %2</translation>
    </message>
    <message>
        <source>&amp;Copy all details</source>
        <translation>&amp;Копировать все подробности</translation>
    </message>
    <message>
        <source>never</source>
        <translation>не было</translation>
    </message>
    <message>
        <source>Finished at %1. %2</source>
        <comment>a time of day; why it ended</comment>
        <translation>Завершено в %1. %2</translation>
    </message>
    <message>
        <source>%1, answered with %2</source>
        <comment>a method; a status: 200</comment>
        <translation>%1, ответ %2</translation>
    </message>
    <message>
        <source>%1, for %2</source>
        <comment>when it began; how long it took</comment>
        <translation>%1, длилось %2</translation>
    </message>
    <message>
        <source>%1, through the balancer %2</source>
        <comment>two addresses</comment>
        <translation>%1, через балансировщик %2</translation>
    </message>
    <message>
        <source>%1, directly</source>
        <comment>a host</comment>
        <translation>%1, напрямую</translation>
    </message>
    <message>
        <source>%1, through the server %2</source>
        <comment>a host; a name</comment>
        <translation>%1, через сервер %2</translation>
    </message>
</context>
<context>
    <name>sami::gui::DurationEdit</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n минуты</numerusform>
            <numerusform>%n минут</numerusform>
            <numerusform>%n минут</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n секунды</numerusform>
            <numerusform>%n секунд</numerusform>
            <numerusform>%n секунд</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 seconds</source>
        <translation>%1 секунды</translation>
    </message>
    <message>
        <source> min</source>
        <translation> мин</translation>
    </message>
    <message>
        <source> s</source>
        <translation> с</translation>
    </message>
    <message>
        <source>choose a time from %1 to %2</source>
        <translation>выберите время от %1 до %2</translation>
    </message>
    <message>
        <source>%1: minutes</source>
        <translation>%1: минуты</translation>
    </message>
    <message>
        <source>%1: seconds</source>
        <translation>%1: секунды</translation>
    </message>
</context>
<context>
    <name>sami::gui::ElidedLabel</name>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
</context>
<context>
    <name>sami::gui::EmptyState</name>
    <message>
        <source>Nothing matches the filter.</source>
        <translation>Под фильтр ничего не подходит.</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Сбросить фильтр</translation>
    </message>
</context>
<context>
    <name>sami::gui::EmptyStates</name>
    <message>
        <source>The table is paused.</source>
        <translation>Таблица на паузе.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>The proxy is stopped: no program can connect.</source>
        <translation>Прокси остановлен: программы не могут подключиться.</translation>
    </message>
    <message>
        <source>Start the proxy</source>
        <translation>Запустить прокси</translation>
    </message>
    <message>
        <source>The proxy cannot run; the top of the window says why.</source>
        <translation>Прокси не может работать; причина указана вверху окна.</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>Открыть настройки</translation>
    </message>
    <message>
        <source>The proxy is stopping and takes no new connections.</source>
        <translation>Прокси останавливается и не принимает новых подключений.</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>Остановить сейчас</translation>
    </message>
    <message>
        <source>No program is using the proxy now.</source>
        <translation>Сейчас прокси никто не пользуется.</translation>
    </message>
    <message>
        <source>Copy settings for</source>
        <translation>Скопировать настройки для</translation>
    </message>
    <message>
        <source>Connect a program</source>
        <translation>Подключить программу</translation>
    </message>
    <message>
        <source>Nothing has finished yet. Finished requests appear here, each with its reason.</source>
        <translation>Пока ничего не завершилось. Здесь появятся завершённые запросы с причиной.</translation>
    </message>
    <message>
        <source>No destination has been used yet.</source>
        <translation>Пока никто никуда не обращался.</translation>
    </message>
    <message>
        <source>Nobody has been refused anything. The settings say who may use the proxy, and for what.</source>
        <translation>Отказов не было. Кому и что разрешено, задано в настройках.</translation>
    </message>
    <message>
        <source>The log is empty so far. The settings say how much is written to it.</source>
        <translation>Журнал пока пуст. Что в него пишется, задано в настройках.</translation>
    </message>
</context>
<context>
    <name>sami::gui::EncryptionPage</name>
    <message>
        <source>Certificate (PEM)</source>
        <translation>Сертификат (PEM)</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>Сертификаты (*.pem *.crt *.cer);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Key (PEM)</source>
        <translation>Ключ (PEM)</translation>
    </message>
    <message>
        <source>Keys (*.pem *.key);;All files (*)</source>
        <translation>Ключи (*.pem *.key);;Все файлы (*)</translation>
    </message>
    <message>
        <source>if they ask for it</source>
        <translation>если они этого хотят</translation>
    </message>
    <message>
        <source>always: nothing goes in clear text</source>
        <translation>всегда: ничего открытым текстом</translation>
    </message>
    <message>
        <source>never</source>
        <translation>никогда</translation>
    </message>
    <message>
        <source>Clients speak &amp;TLS:</source>
        <translation>Клиенты говорят по &amp;TLS:</translation>
    </message>
    <message>
        <source>Over TLS nobody on the way from a client to this proxy can read its password or the hosts that it reaches. The proxy&apos;s address in the client then begins with https://.</source>
        <translation>По TLS никто между клиентом и этим прокси не прочтёт ни пароля, ни имён хостов. Адрес прокси у клиента тогда начинается с https://.</translation>
    </message>
    <message>
        <source>none: no TLS</source>
        <translation>нет: без TLS</translation>
    </message>
    <message>
        <source>Certi&amp;ficate (PEM):</source>
        <translation>&amp;Сертификат (PEM):</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>&amp;Key (PEM):</source>
        <translation>&amp;Ключ (PEM):</translation>
    </message>
    <message>
        <source>The files may be renewed at any time: the proxy checks them every minute, and running streams go on.</source>
        <translation>Файлы можно обновлять когда угодно: они проверяются каждую минуту, а идущие потоки не прерываются.</translation>
    </message>
    <message>
        <source>For this the proxy needs a certificate.</source>
        <translation>Для этого прокси нужен сертификат.</translation>
    </message>
    <message>
        <source>The key needs its certificate too.</source>
        <translation>К ключу нужен и сертификат.</translation>
    </message>
    <message>
        <source>The certificate needs its key too.</source>
        <translation>К сертификату нужен и ключ.</translation>
    </message>
    <message>
        <source>&amp;Export certificate…</source>
        <translation>&amp;Экспортировать сертификат…</translation>
    </message>
    <message>
        <source>none: the program&apos;s own</source>
        <translation>нет: собственный сертификат</translation>
    </message>
    <message>
        <source>Clients are shown:</source>
        <translation>Клиенты видят:</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Отпечаток ключа</translation>
    </message>
    <message>
        <source>&amp;Pin:</source>
        <translation>&amp;Отпечаток ключа:</translation>
    </message>
    <message>
        <source>A client can recognise the proxy by this pin, whatever its certificate: it is the SHA-256 of the key, in the form that curl&apos;s --proxy-pinnedpubkey takes.</source>
        <translation>По нему клиент узнаёт прокси, какой бы сертификат тот ни показывал: это SHA-256 ключа в том виде, в каком его принимает --proxy-pinnedpubkey в curl.</translation>
    </message>
    <message>
        <source>A client that cannot check a pin has to trust the certificate (NODE_EXTRA_CA_CERTS, curl --proxy-cacert).</source>
        <translation>Клиент, который не умеет сверять отпечаток ключа, принимает сам сертификат как доверенный (NODE_EXTRA_CA_CERTS, curl --proxy-cacert).</translation>
    </message>
    <message>
        <source>nothing: TLS is off</source>
        <translation>ничего: TLS выключен</translation>
    </message>
    <message>
        <source>nothing: there is no certificate</source>
        <translation>ничего: сертификата нет</translation>
    </message>
    <message>
        <source>a certificate that the program makes for itself when the proxy starts</source>
        <translation>сертификат, который программа выпустит для себя сама при запуске прокси</translation>
    </message>
    <message>
        <source>a certificate that the program has made for itself, good until %1 and renewed in time; its pin stays the same</source>
        <translation>сертификат, который программа выпустила для себя сама. Действует до %1 и вовремя обновляется; отпечаток ключа не меняется</translation>
    </message>
    <message>
        <source>a certificate that the program has made for itself</source>
        <translation>сертификат, который программа выпустила для себя сама</translation>
    </message>
    <message>
        <source>the certificate in the file, good until %1</source>
        <translation>сертификат из файла, действует до %1</translation>
    </message>
    <message>
        <source>the certificate in the file</source>
        <translation>сертификат из файла</translation>
    </message>
    <message>
        <source>nothing new, because of a problem: %1</source>
        <translation>ничего нового из-за проблемы: %1</translation>
    </message>
    <message>
        <source>Export certificate</source>
        <translation>Экспорт сертификата</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Сохранено: %1</translation>
    </message>
    <message>
        <source>Not saved as %1: %2</source>
        <comment>a path; why</comment>
        <translation>Не удалось сохранить %1: %2</translation>
    </message>
</context>
<context>
    <name>sami::gui::ExitPage</name>
    <message>
        <source>IPv4 and IPv6</source>
        <translation>IPv4 и IPv6</translation>
    </message>
    <message>
        <source>IPv4 only</source>
        <translation>Только IPv4</translation>
    </message>
    <message>
        <source>IPv6 only</source>
        <translation>Только IPv6</translation>
    </message>
    <message>
        <source>&amp;Reach servers over:</source>
        <translation>&amp;Подключаться к серверам по:</translation>
    </message>
    <message>
        <source>A service that serves some countries only may place your IPv4 and your IPv6 address in different ones.</source>
        <translation>Сервис, доступный не во всех странах, может отнести ваши адреса IPv4 и IPv6 к разным странам.</translation>
    </message>
    <message>
        <source>the system chooses</source>
        <translation>выбирает система</translation>
    </message>
    <message>
        <source>&amp;Connect from:</source>
        <translation>&amp;С адреса:</translation>
    </message>
    <message>
        <source>An address of this computer, or one IPv4 and one IPv6 address with a comma in between.</source>
        <translation>Адрес этого компьютера или один адрес IPv4 и один IPv6 через запятую.</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Да</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Add a &amp;Via header:</source>
        <translation>Добавлять заголовок &amp;Via:</translation>
    </message>
    <message>
        <source>HTTP asks for it, and it stops requests that go in circles. Some servers send nothing compressed to a proxy that adds it.</source>
        <translation>Этого требует стандарт HTTP: так обрываются запросы, которые ходят по кругу. Некоторые серверы не сжимают ответы прокси, который добавляет этот заголовок.</translation>
    </message>
</context>
<context>
    <name>sami::gui::ExposureLine</name>
    <message>
        <source>On another device…</source>
        <translation>На другом устройстве…</translation>
    </message>
</context>
<context>
    <name>sami::gui::ExposureText</name>
    <message>
        <source>Set a password</source>
        <translation>Задать пароль</translation>
    </message>
    <message>
        <source>Only this computer</source>
        <translation>Только этот компьютер</translation>
    </message>
    <message>
        <source>A firewall may still block them.</source>
        <translation>Доступ может ограничить брандмауэр.</translation>
    </message>
    <message>
        <source>Only programs on this computer can use it, with the password.</source>
        <translation>Прокси доступен только программам на этом компьютере, с паролем.</translation>
    </message>
    <message>
        <source>Only programs on this computer can use it.</source>
        <translation>Прокси доступен только программам на этом компьютере.</translation>
    </message>
    <message>
        <source>The clients in the list of allowed IPs can use it, with the password.</source>
        <translation>Прокси доступен клиентам из списка разрешённых IP, с паролем.</translation>
    </message>
    <message>
        <source>The clients in the list of allowed IPs can use it, without a password.</source>
        <translation>Прокси доступен клиентам из списка разрешённых IP, без пароля.</translation>
    </message>
    <message>
        <source>Anyone who can reach port %1 and knows the password can use it.</source>
        <translation>Прокси доступен каждому, кто может подключиться к порту %1 и знает пароль.</translation>
    </message>
    <message>
        <source>ANYONE who can reach port %1 can use it, without a password.</source>
        <translation>Прокси доступен ВСЕМ, кто может подключиться к порту %1, без пароля.</translation>
    </message>
    <message>
        <source>The list of hosts is only reported: every host can be reached.</source>
        <translation>Список хостов пока ничего не запрещает: доступен любой хост.</translation>
    </message>
    <message>
        <source>Only private networks</source>
        <translation>Только частные сети</translation>
    </message>
    <message>
        <source>It takes no new requests; those that run may finish.</source>
        <translation>Новые запросы прокси не принимает, начатые доводит до конца.</translation>
    </message>
    <message>
        <source>When it runs again: %1</source>
        <translation>После нового запуска %1</translation>
    </message>
    <message>
        <source>Nobody can use it now.</source>
        <translation>Сейчас прокси не доступен никому.</translation>
    </message>
    <message>
        <source>When it runs: %1</source>
        <translation>После запуска %1</translation>
    </message>
    <message>
        <source>Open to ANYONE, without a password</source>
        <translation>Доступен ВСЕМ, без пароля</translation>
    </message>
    <message>
        <source>Nobody can use it: see the list of allowed IPs</source>
        <translation>Не доступен никому: см. список разрешённых IP</translation>
    </message>
    <message>
        <source>Only programs on this computer that connect from an address in the list of allowed IPs can use it, with the password.</source>
        <translation>Прокси доступен только тем программам на этом компьютере, которые подключаются с адреса из списка разрешённых IP, с паролем.</translation>
    </message>
    <message>
        <source>Only programs on this computer that connect from an address in the list of allowed IPs can use it.</source>
        <translation>Прокси доступен только тем программам на этом компьютере, которые подключаются с адреса из списка разрешённых IP.</translation>
    </message>
    <message>
        <source>Devices in private networks, such as a home network, can use it, with the password.</source>
        <translation>Прокси доступен устройствам в частных сетях (например, в домашней), с паролем.</translation>
    </message>
    <message>
        <source>Devices in private networks, such as a home network, can use it, without a password.</source>
        <translation>Прокси доступен устройствам в частных сетях (например, в домашней), без пароля.</translation>
    </message>
    <message>
        <source>Nobody can use it: no program that can reach %1 is in the list of allowed IPs.</source>
        <translation>Прокси не доступен никому: тех, кто может подключиться к %1, нет в списке разрешённых IP.</translation>
    </message>
    <message>
        <source>Nothing but TLS is accepted.</source>
        <translation>Принимаются только подключения по TLS.</translation>
    </message>
    <message>
        <source>Without TLS the password and host names travel in clear text.</source>
        <translation>Без TLS пароль и имена хостов не защищены.</translation>
    </message>
    <message>
        <source>The password and host names travel in clear text.</source>
        <translation>Пароль и имена хостов не защищены.</translation>
    </message>
    <message>
        <source>It is open as a SOCKS5 proxy too.</source>
        <translation>Он открыт и как SOCKS5-прокси.</translation>
    </message>
</context>
<context>
    <name>sami::gui::FailureStrip</name>
    <message>
        <source>Try again</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Настройки…</translation>
    </message>
</context>
<context>
    <name>sami::gui::FieldNames</name>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Имя пользователя</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Password file</source>
        <translation>Файл с паролем</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>Allowed IPs</source>
        <translation>Разрешённые IP</translation>
    </message>
    <message>
        <source>Status pages</source>
        <translation>Служебные страницы</translation>
    </message>
    <message>
        <source>Silence of a stream</source>
        <translation>Тайм-аут тишины</translation>
    </message>
    <message>
        <source>Reaching a server</source>
        <translation>Соединение с сервером</translation>
    </message>
    <message>
        <source>Head of a request</source>
        <translation>Ждать начала запроса</translation>
    </message>
    <message>
        <source>TCP keepalive</source>
        <translation>Проверка связи (TCP)</translation>
    </message>
    <message>
        <source>More certificates</source>
        <translation>Ещё сертификаты</translation>
    </message>
    <message>
        <source>Reach servers over</source>
        <translation>Подключаться к серверам по</translation>
    </message>
    <message>
        <source>Connect from</source>
        <translation>С адреса</translation>
    </message>
    <message>
        <source>Add a Via header</source>
        <translation>Добавлять заголовок Via</translation>
    </message>
    <message>
        <source>Block a client after</source>
        <translation>Блокировать клиента после</translation>
    </message>
    <message>
        <source>Wrong passwords are counted for</source>
        <translation>Неверные пароли считаются за время</translation>
    </message>
    <message>
        <source>Connections at once</source>
        <translation>Подключений одновременно</translation>
    </message>
    <message>
        <source>Connections at once from one client</source>
        <translation>Подключений одновременно от одного клиента</translation>
    </message>
    <message>
        <source>Length of a URL</source>
        <translation>Длина URL</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>Хосты</translation>
    </message>
    <message>
        <source>Other hosts</source>
        <translation>Остальные хосты</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Порты</translation>
    </message>
    <message>
        <source>Private addresses</source>
        <translation>Доступ к локальной сети</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Рабочих потоков</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>«%1»</translation>
    </message>
    <message>
        <source>Clients speak TLS</source>
        <translation>Клиенты говорят по TLS</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Сертификат</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Ключ</translation>
    </message>
    <message>
        <source>Speak SOCKS5 too</source>
        <translation>Понимать и SOCKS5</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Серверы</translation>
    </message>
    <message>
        <source>Always directly</source>
        <translation>Всегда напрямую</translation>
    </message>
    <message>
        <source>File of users</source>
        <translation>Файл пользователей</translation>
    </message>
</context>
<context>
    <name>sami::gui::FileField</name>
    <message>
        <source>Browse…</source>
        <translation>Обзор…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Обзор: %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::FirstStartPage</name>
    <message>
        <source>Connect a program</source>
        <translation>Подключить программу</translation>
    </message>
    <message>
        <source>Sami LLM Proxy passes the requests of other programs on to the services that they name, and shows how long each takes and who ended it. It sees amounts and times, never what is in an encrypted request. It stays in the tray when its window is closed.</source>
        <translation>Sami LLM Proxy передаёт запросы других программ сервисам, к которым они обращаются, и показывает, сколько длится каждый запрос и кто его завершил. Прокси видит объёмы и время, но никогда не содержимое зашифрованного запроса. Когда окно закрыто, программа остаётся в области уведомлений.</translation>
    </message>
    <message>
        <source>Put this into the program&apos;s proxy settings</source>
        <translation>Введите это в настройках прокси вашей программы</translation>
    </message>
    <message>
        <source>Or ready to paste:</source>
        <translation>Или готовый текст:</translation>
    </message>
    <message>
        <source>Test the way to a provider</source>
        <translation>Проверка связи с провайдером</translation>
    </message>
    <message>
        <source>Show this again at the next start</source>
        <translation>Показать снова при следующем запуске</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>на этом компьютере</translation>
    </message>
    <message>
        <source>on another computer</source>
        <translation>на другом устройстве (телефон, компьютер)</translation>
    </message>
    <message>
        <source>The program runs</source>
        <translation>Программа работает</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Хост</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Тип</translation>
    </message>
    <message>
        <source>Username</source>
        <translation>Имя пользователя</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Показать пароль</translation>
    </message>
    <message>
        <source>One request without a key goes through this proxy when you press the button.</source>
        <translation>По нажатию кнопки через этот прокси пройдёт один запрос без ключа.</translation>
    </message>
    <message>
        <source>Provider to test</source>
        <translation>Провайдер для проверки</translation>
    </message>
    <message>
        <source>Own address</source>
        <translation>Свой адрес</translation>
    </message>
    <message>
        <source>Address to test</source>
        <translation>Адрес для проверки</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Проверить</translation>
    </message>
    <message>
        <source>Result of the test</source>
        <translation>Результат проверки</translation>
    </message>
    <message>
        <source>Other computers cannot reach this address</source>
        <translation>Этот адрес недоступен другим устройствам</translation>
    </message>
    <message>
        <source>none: leave it empty</source>
        <translation>нет: оставьте поле пустым</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Отмена</translation>
    </message>
    <message>
        <source>On a phone or another device…</source>
        <translation>На телефоне или другом устройстве…</translation>
    </message>
    <message>
        <source>Copy settings for…</source>
        <translation>Скопировать настройки для…</translation>
    </message>
    <message>
        <source>each user&apos;s own</source>
        <translation>у каждого свой</translation>
    </message>
</context>
<context>
    <name>sami::gui::Formatting</name>
    <message>
        <source>B</source>
        <translation>Б</translation>
    </message>
    <message>
        <source>kB</source>
        <translation>кБ</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>МБ</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>ГБ</translation>
    </message>
    <message>
        <source>TB</source>
        <translation>ТБ</translation>
    </message>
    <message>
        <source>PB</source>
        <translation>ПБ</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a number and its unit: 1.2 MB</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1/s</source>
        <comment>an amount a second: 1.2 MB/s</comment>
        <translation>%1/с</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 мс</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
    <message>
        <source>%1m %2s</source>
        <translation>%1 мин %2 с</translation>
    </message>
    <message>
        <source>%1h %2m</source>
        <translation>%1 ч %2 мин</translation>
    </message>
    <message>
        <source>%1d %2h</source>
        <translation>%1 д %2 ч</translation>
    </message>
</context>
<context>
    <name>sami::gui::HostTotals</name>
    <message>
        <source>Destination</source>
        <translation>Назначение</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Сейчас</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Завершено</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Отдано</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Принято</translation>
    </message>
</context>
<context>
    <name>sami::gui::HostsPane</name>
    <message>
        <source>Filter by destination</source>
        <translation>Фильтр по назначению</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>Totals by destination</source>
        <translation>Итоги по назначениям</translation>
    </message>
    <message>
        <source>Since %1, across stops and starts of the proxy.</source>
        <comment>when the program was started</comment>
        <translation>С %1, включая остановки и запуски прокси.</translation>
    </message>
    <message>
        <source>Show its &amp;live connections</source>
        <translation>Показать &amp;активные соединения с ним</translation>
    </message>
    <message>
        <source>Show what has &amp;finished</source>
        <translation>Показать &amp;завершённые</translation>
    </message>
    <message>
        <source>Copy &amp;destination</source>
        <translation>Копировать &amp;назначение</translation>
    </message>
    <message>
        <source>Allow &amp;only this destination…</source>
        <translation>Разрешить &amp;только это назначение…</translation>
    </message>
    <message>
        <source>&amp;Allow this destination</source>
        <translation>&amp;Разрешить это назначение</translation>
    </message>
    <message numerus="yes">
        <source>%n finished request(s) are not counted here: too many ended at once.</source>
        <translation>
            <numerusform>%n завершённый запрос здесь не учтён: слишком много запросов закончилось одновременно.</numerusform>
            <numerusform>%n завершённых запроса здесь не учтены: слишком много запросов закончилось одновременно.</numerusform>
            <numerusform>%n завершённых запросов здесь не учтены: слишком много запросов закончилось одновременно.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::KeychainText</name>
    <message>
        <source>it is locked, or they are not in it</source>
        <translation>она заблокирована, или их в ней нет</translation>
    </message>
    <message>
        <source>access was denied</source>
        <translation>в доступе отказано</translation>
    </message>
    <message>
        <source>no keychain answers</source>
        <translation>ни одна связка ключей не отвечает</translation>
    </message>
    <message>
        <source>Passwords are kept in the settings file beside this portable program.</source>
        <translation>Пароли хранятся в файле настроек рядом с этой переносной программой.</translation>
    </message>
    <message>
        <source>Passwords are kept in this computer&apos;s keychain.</source>
        <translation>Пароли хранятся в связке ключей этого компьютера.</translation>
    </message>
    <message>
        <source>The keychain is being asked for the passwords.</source>
        <translation>Пароли запрашиваются у связки ключей.</translation>
    </message>
    <message>
        <source>The keychain does not answer. It may be waiting for you to unlock it. Until then, new passwords are kept in the settings file, which only you can read.</source>
        <translation>Связка ключей не отвечает. Возможно, она ждёт, пока вы её откроете. До тех пор новые пароли хранятся в файле настроек, читать который можете только вы.</translation>
    </message>
    <message>
        <source>The keychain does not give the passwords of these servers: %1. Unlock it and start the proxy again, or remove the servers and add them again.</source>
        <translation>Связка ключей не отдаёт пароли этих серверов: %1. Откройте её и запустите прокси снова или удалите серверы и добавьте их заново.</translation>
    </message>
    <message>
        <source>The keychain does not take the passwords: %1. They are kept in the settings file, which only you can read.</source>
        <translation>Связка ключей не принимает пароли: %1. Они хранятся в файле настроек, читать который можете только вы.</translation>
    </message>
    <message>
        <source>Passwords are kept in the settings file, which only you can read: this build of the program knows no keychain.</source>
        <translation>Пароли хранятся в файле настроек, читать который можете только вы: эта сборка программы не умеет работать со связкой ключей.</translation>
    </message>
</context>
<context>
    <name>sami::gui::LimitsPage</name>
    <message>
        <source>&amp;Connections at once:</source>
        <translation>&amp;Подключений одновременно:</translation>
    </message>
    <message>
        <source>The system&apos;s limit on open files may lower it.</source>
        <translation>Системный предел числа открытых файлов может уменьшить это значение.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>без ограничения</translation>
    </message>
    <message>
        <source>… from one c&amp;lient:</source>
        <translation>… от одного &amp;клиента:</translation>
    </message>
    <message>
        <source>Connections at once from one client</source>
        <translation>Подключений одновременно от одного клиента</translation>
    </message>
    <message numerus="yes">
        <source> byte(s)</source>
        <comment>after the number in the field</comment>
        <translation>
            <numerusform> байт</numerusform>
            <numerusform> байта</numerusform>
            <numerusform> байт</numerusform>
        </translation>
    </message>
    <message>
        <source>one per core, at most 8</source>
        <translation>по одному на ядро, не больше 8</translation>
    </message>
    <message>
        <source>&amp;Threads:</source>
        <translation>&amp;Рабочих потоков:</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Только ошибки</translation>
    </message>
    <message>
        <source>One line for each request</source>
        <translation>По одной строке на запрос</translation>
    </message>
    <message>
        <source>Everything (for finding faults)</source>
        <translation>Всё (для поиска неполадок)</translation>
    </message>
    <message>
        <source>Lo&amp;g:</source>
        <translation>&amp;Журнал:</translation>
    </message>
    <message>
        <source>Length of a &amp;URL:</source>
        <translation>&amp;Длина URL:</translation>
    </message>
    <message>
        <source>Takes effect after the proxy is restarted.</source>
        <translation>Подействует после перезапуска прокси.</translation>
    </message>
</context>
<context>
    <name>sami::gui::ListEditor</name>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>%1: new entry</source>
        <translation>%1: новая запись</translation>
    </message>
    <message>
        <source>%1: add</source>
        <translation>%1: добавить</translation>
    </message>
    <message>
        <source>%1: remove</source>
        <translation>%1: удалить</translation>
    </message>
    <message>
        <source>press “Add”, or clear the field</source>
        <translation>нажмите «Добавить» или очистите поле</translation>
    </message>
</context>
<context>
    <name>sami::gui::ListeningPage</name>
    <message>
        <source>This computer only (127.0.0.1)</source>
        <translation>Только этот компьютер (127.0.0.1)</translation>
    </message>
    <message>
        <source>Every IPv4 address of this computer (0.0.0.0)</source>
        <translation>Все адреса IPv4 этого компьютера (0.0.0.0)</translation>
    </message>
    <message>
        <source>Every address of this computer, IPv4 and IPv6 (::)</source>
        <translation>Все адреса этого компьютера, IPv4 и IPv6 (::)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>address (name of the network interface)</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Another address…</source>
        <translation>Другой адрес…</translation>
    </message>
    <message>
        <source>192.0.2.7, for example</source>
        <translation>например, 192.0.2.7</translation>
    </message>
    <message>
        <source>&amp;Address:</source>
        <translation>&amp;Адрес:</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Another address</source>
        <translation>Другой адрес</translation>
    </message>
    <message>
        <source>any free port</source>
        <translation>любой свободный порт</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>&amp;Порт:</translation>
    </message>
    <message>
        <source>Running connections are kept: a new address or port counts for new ones.</source>
        <translation>Новые подключения пойдут на новый адрес; текущие не прервутся.</translation>
    </message>
    <message>
        <source>Where strangers cannot use it</source>
        <translation>Если чужим до него не добраться</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Да</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Speak &amp;SOCKS5 too:</source>
        <translation>Понимать и &amp;SOCKS5:</translation>
    </message>
    <message>
        <source>On the same port, for the same users and by the same rules. Strangers cannot use a proxy that only this computer reaches or that asks for a password.</source>
        <translation>На том же порту, для тех же пользователей и по тем же правилам. Чужим не добраться до прокси, который доступен только этому компьютеру или спрашивает пароль.</translation>
    </message>
</context>
<context>
    <name>sami::gui::LockText</name>
    <message>
        <source>Set by the environment (%1); it cannot be changed here.</source>
        <translation>Задано в окружении (%1); здесь это не изменить.</translation>
    </message>
    <message>
        <source>Set on the command line (%1); it cannot be changed here.</source>
        <translation>Задано в командной строке (%1); здесь это не изменить.</translation>
    </message>
</context>
<context>
    <name>sami::gui::LogModel</name>
    <message numerus="yes">
        <source>… %n line(s) lost here …</source>
        <translation>
            <numerusform>… здесь потеряна %n строка …</numerusform>
            <numerusform>… здесь потеряны %n строки …</numerusform>
            <numerusform>… здесь потеряно %n строк …</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::LogPage</name>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Автопрокрутка</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>Сохран&amp;ить…</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Уровень</translation>
    </message>
    <message>
        <source>All lines</source>
        <translation>Все строки</translation>
    </message>
    <message>
        <source>Without debug lines</source>
        <translation>Без отладочных строк</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Ошибки</translation>
    </message>
    <message>
        <source>Stay at the newest line. Scrolling up ends that.</source>
        <translation>Оставаться на самой новой строке. Прокрутка вверх отключает это.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation>Сохранить журнал</translation>
    </message>
    <message>
        <source>&amp;Keep log files</source>
        <translation>&amp;Вести файлы журнала</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>О&amp;ткрыть папку</translation>
    </message>
    <message>
        <source>Copy as the log file &amp;has it</source>
        <translation>Копировать как в &amp;файле журнала</translation>
    </message>
    <message>
        <source>The whole selected line</source>
        <translation>Выбранная строка целиком</translation>
    </message>
    <message>
        <source>Choose a line to read all of it here.</source>
        <translation>Выберите строку, чтобы прочитать её здесь целиком.</translation>
    </message>
    <message>
        <source>Off: the log is lost when the program ends.</source>
        <translation>Выключено: журнал пропадёт, когда программа закроется.</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) at most</source>
        <translation>
            <numerusform>Не больше %n файла</numerusform>
            <numerusform>Не больше %n файлов</numerusform>
            <numerusform>Не больше %n файлов</numerusform>
        </translation>
    </message>
    <message>
        <source>of %1, without passwords or contents.</source>
        <translation>по %1, без паролей и содержимого.</translation>
    </message>
    <message>
        <source>Nothing can be written: the disk is full. The program keeps trying.</source>
        <translation>Запись не идёт: диск заполнен. Попытки продолжаются.</translation>
    </message>
    <message>
        <source>Another copy of this program writes the files in this folder; this one waits until it ends.</source>
        <translation>Файлы в этой папке пишет другая копия программы; эта ждёт, когда та закроется.</translation>
    </message>
    <message>
        <source>The folder cannot be created, or nothing can be written in it. The program keeps trying.</source>
        <translation>Папку не удаётся создать, или в неё нельзя писать. Попытки продолжаются.</translation>
    </message>
    <message>
        <source>The file cannot be written: %1. The program keeps trying.</source>
        <translation>Файл не записывается: %1. Попытки продолжаются.</translation>
    </message>
    <message>
        <source>Log files</source>
        <translation>Файлы журнала</translation>
    </message>
    <message>
        <source>The folder cannot be opened: %1</source>
        <translation>Не удалось открыть папку: %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::LogText</name>
    <message>
        <source>started</source>
        <translation>запущен</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>остановлен</translation>
    </message>
    <message>
        <source>settings applied</source>
        <translation>настройки применены</translation>
    </message>
    <message>
        <source>the listener does not answer: restarting the proxy</source>
        <translation>прокси не отвечает по своему адресу: перезапускается</translation>
    </message>
    <message>
        <source>log files are kept</source>
        <translation>журнал пишется в файлы</translation>
    </message>
    <message>
        <source>log files are not kept any more</source>
        <translation>журнал больше не пишется в файлы</translation>
    </message>
    <message>
        <source>log files cannot be written</source>
        <translation>файлы журнала не записываются</translation>
    </message>
    <message>
        <source>log files are written again</source>
        <translation>файлы журнала снова пишутся</translation>
    </message>
    <message>
        <source>the log file has disappeared: starting a new one</source>
        <translation>файл журнала пропал: начат новый</translation>
    </message>
    <message>
        <source>cannot tell whether another copy runs: no lock file can be written</source>
        <translation>не удалось узнать, запущена ли другая копия: файл блокировки не записывается</translation>
    </message>
    <message>
        <source>log lines dropped: the reader of the log is too slow, or its disk is full</source>
        <translation>строки журнала потеряны: их не успевают читать или диск заполнен</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>подключение принято</translation>
    </message>
    <message>
        <source>state</source>
        <translation>состояние</translation>
    </message>
    <message>
        <source>client blocked for guessing credentials</source>
        <translation>клиент заблокирован за подбор пароля</translation>
    </message>
    <message>
        <source>blocks for guessing credentials are lifted</source>
        <translation>блокировки за подбор пароля сняты</translation>
    </message>
    <message>
        <source>draining</source>
        <translation>работающие потоки завершаются, новые не принимаются</translation>
    </message>
    <message>
        <source>the grace time is over: cutting what is left</source>
        <translation>время на завершение вышло: оставшееся обрывается</translation>
    </message>
    <message>
        <source>lines of own pages and refusals were left out: LOG_LEVEL=debug has them</source>
        <translation>строки о собственных страницах и отказах пропущены: они есть при LOG_LEVEL=debug</translation>
    </message>
    <message>
        <source>log lines were left out: too many came at once</source>
        <translation>строки журнала пропущены: их было слишком много сразу</translation>
    </message>
    <message>
        <source>fewer connections than MAX_CONCURRENT_CONNECTIONS asks for: the limit on open files allows no more</source>
        <translation>подключений будет меньше, чем задано в MAX_CONCURRENT_CONNECTIONS: больше не позволяет предел открытых файлов</translation>
    </message>
    <message>
        <source>loading the list of trusted authorities takes long: accepting without it</source>
        <translation>список доверенных центров сертификации загружается долго: приём начат без него</translation>
    </message>
    <message>
        <source>cannot accept: raise the limit on open files or lower MAX_CONCURRENT_CONNECTIONS</source>
        <translation>подключения не принимаются: повысьте предел открытых файлов или уменьшите MAX_CONCURRENT_CONNECTIONS</translation>
    </message>
    <message>
        <source>cannot read this machine&apos;s own addresses: those known so far stay refused</source>
        <translation>не удалось прочитать адреса этого компьютера: известные до сих пор остаются под запретом</translation>
    </message>
    <message>
        <source>this machine&apos;s own addresses can be read again</source>
        <translation>адреса этого компьютера снова читаются</translation>
    </message>
    <message>
        <source>hosts of this network may be reached through the proxy: it is too wide to be this machine&apos;s own, or a point-to-point link</source>
        <translation>узлы этой сети доступны через прокси: она слишком велика для собственной сети компьютера или это соединение точка-точка</translation>
    </message>
    <message>
        <source>names get fake-IP addresses here, as from Clash, sing-box and the like: ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: fc00::/18) lets clients reach them</source>
        <translation>имена получают здесь поддельные адреса (fake-IP), как у Clash, sing-box и подобных: доступ к ним открывает ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: fc00::/18)</translation>
    </message>
    <message>
        <source>the list of trusted authorities could be read again</source>
        <translation>список доверенных центров сертификации снова прочитан</translation>
    </message>
    <message>
        <source>no TLS library on this machine: https:// targets are refused, tunnels (CONNECT) are not concerned</source>
        <translation>на этом компьютере нет библиотеки TLS: запросы к https:// отклоняются, туннелей (CONNECT) это не касается</translation>
    </message>
    <message>
        <source>the list of trusted authorities cannot be read for want of descriptors or threads: what was known of it stays in use</source>
        <translation>список доверенных центров сертификации не прочитан из-за нехватки дескрипторов или потоков: действует то, что было известно</translation>
    </message>
    <message>
        <source>this machine has no list of trusted authorities: install one (ca-certificates) or set PROXY_UPSTREAM_CA_FILE; tunnels (CONNECT) are not concerned</source>
        <translation>на этом компьютере нет списка доверенных центров сертификации: установите его (ca-certificates) или задайте PROXY_UPSTREAM_CA_FILE; туннелей (CONNECT) это не касается</translation>
    </message>
    <message>
        <source>PROXY_UPSTREAM_CA_FILE holds no certificate: nothing is added to the trust list</source>
        <translation>в PROXY_UPSTREAM_CA_FILE нет сертификатов: к списку доверенных ничего не добавлено</translation>
    </message>
    <message>
        <source>cannot start: </source>
        <translation>не удалось запустить: </translation>
    </message>
    <message>
        <source>the window&apos;s layout is not kept: </source>
        <translation>вид окна не сохранён: </translation>
    </message>
    <message>
        <source>later copies cannot reach this one: </source>
        <translation>другие копии программы не смогут обратиться к этой: </translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Ошибка</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Сведения</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Отладка</translation>
    </message>
    <message>
        <source>the settings file is damaged</source>
        <translation>файл настроек повреждён</translation>
    </message>
    <message>
        <source>handshake failed</source>
        <translation>рукопожатие не удалось</translation>
    </message>
    <message>
        <source>a password came in clear text: change it</source>
        <translation>пароль пришёл открытым текстом: смените его</translation>
    </message>
    <message>
        <source>a balancer&apos;s connection began without a PROXY protocol header that counts</source>
        <translation>подключение балансировщика началось без правильного заголовка протокола PROXY</translation>
    </message>
    <message>
        <source>the certificate at the door is not changed: the old one stays</source>
        <translation>сертификат прокси не сменён: остаётся прежний</translation>
    </message>
    <message>
        <source>the certificate at the door has changed: running streams keep theirs</source>
        <translation>сертификат прокси сменился: начатые потоки идут с прежним</translation>
    </message>
    <message>
        <source>about the certificate at the door</source>
        <translation>о сертификате прокси</translation>
    </message>
    <message>
        <source>no TLS at the door: its folder cannot be used</source>
        <translation>TLS выключен: папка для сертификата непригодна</translation>
    </message>
    <message>
        <source>no parent is healthy: trying each of them anyway</source>
        <translation>ни один родительский прокси не работает: всё равно пробуется каждый</translation>
    </message>
    <message>
        <source>a parent has failed: new requests go another way</source>
        <translation>родительский прокси отказал: новые запросы идут другим путём</translation>
    </message>
    <message>
        <source>a parent is healthy again: new requests go through it</source>
        <translation>родительский прокси снова работает: новые запросы идут через него</translation>
    </message>
    <message>
        <source>the list of users is not changed: the old one stays</source>
        <translation>список пользователей не изменён: остаётся прежний</translation>
    </message>
    <message>
        <source>the list of users has changed: nobody else&apos;s streams are touched</source>
        <translation>список пользователей изменился: чужие потоки не затронуты</translation>
    </message>
    <message>
        <source>done by the admin API</source>
        <translation>сделано через API управления</translation>
    </message>
    <message>
        <source>wrong token</source>
        <translation>неверный токен</translation>
    </message>
    <message>
        <source>wrong tokens: the address is blocked</source>
        <translation>неверные токены: адрес заблокирован</translation>
    </message>
    <message>
        <source>a token may not do that</source>
        <translation>у токена нет на это права</translation>
    </message>
    <message>
        <source>cannot accept</source>
        <translation>не удаётся принять соединение</translation>
    </message>
    <message>
        <source>a peer of another user was turned away</source>
        <translation>отказано процессу другого пользователя</translation>
    </message>
    <message>
        <source>the tokens stay as they were</source>
        <translation>токены остаются прежними</translation>
    </message>
    <message>
        <source>admin door open</source>
        <translation>вход управления открыт</translation>
    </message>
    <message>
        <source>metrics door open</source>
        <translation>вход метрик открыт</translation>
    </message>
    <message>
        <source>the users file cannot be used</source>
        <translation>файл пользователей нельзя использовать</translation>
    </message>
    <message>
        <source>a client does not trust the proxy&apos;s certificate: give it the link or the certificate</source>
        <translation>клиент не доверяет сертификату прокси: дайте ему ссылку или сертификат</translation>
    </message>
    <message>
        <source>the listener cannot be checked yet: this program can make no connection</source>
        <translation>пока нельзя проверить, отвечает ли прокси по своему адресу: программа не может открыть соединение</translation>
    </message>
    <message>
        <source>the keychain does not answer</source>
        <translation>связка ключей не отвечает</translation>
    </message>
    <message>
        <source>the keychain gives no passwords: </source>
        <translation>связка ключей не отдаёт пароли: </translation>
    </message>
    <message>
        <source>the keychain takes no passwords: </source>
        <translation>связка ключей не принимает пароли: </translation>
    </message>
</context>
<context>
    <name>sami::gui::MainWindow</name>
    <message>
        <source>&amp;Denied</source>
        <translation>&amp;Отказы</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>&amp;Журнал</translation>
    </message>
    <message>
        <source>&amp;Proxy</source>
        <translation>П&amp;рокси</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>0 B/s</source>
        <translation>0 Б/с</translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>Активных: %n</numerusform>
            <numerusform>Активных: %n</numerusform>
            <numerusform>Активных: %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Since the program was started, across stops and starts of the proxy.</source>
        <translation>С запуска программы, включая остановки и запуски прокси.</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>О&amp;кно</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Найти</translation>
    </message>
    <message>
        <source>&amp;Close window</source>
        <translation>&amp;Закрыть окно</translation>
    </message>
    <message numerus="yes">
        <source>Since %1: ↑ %2  ↓ %3, %n request(s)</source>
        <comment>when the program was started</comment>
        <translation>
            <numerusform>С %1: ↑ %2  ↓ %3, %n запрос</numerusform>
            <numerusform>С %1: ↑ %2  ↓ %3, %n запроса</numerusform>
            <numerusform>С %1: ↑ %2  ↓ %3, %n запросов</numerusform>
        </translation>
    </message>
    <message>
        <source>Act&amp;ivity</source>
        <translation>Актив&amp;ность</translation>
    </message>
</context>
<context>
    <name>sami::gui::OptionHelp</name>
    <message>
        <source>Where programs reach the proxy. 127.0.0.1 is for programs on this computer alone; choose an address of your network, or all of them, to let other devices in.</source>
        <translation>По этому адресу программы обращаются к прокси. 127.0.0.1 — только для программ на этом компьютере; чтобы пустить другие устройства, выберите адрес в своей сети или все адреса.</translation>
    </message>
    <message>
        <source>The number that programs need beside the address. Choose another one when some program has it already.</source>
        <translation>Номер, который нужен программам вместе с адресом. Выберите другой, если этот уже занят.</translation>
    </message>
    <message>
        <source>nobody is asked</source>
        <translation>вход не требуется</translation>
    </message>
    <message>
        <source>The password that programs sign in with. Set one as soon as other devices can reach the proxy, and another one when somebody may know it.</source>
        <translation>Пароль, с которым программы входят на прокси. Задайте его, как только прокси станет доступен другим устройствам, и смените, если его мог узнать посторонний.</translation>
    </message>
    <message>
        <source>How many different wrong passwords one address may try before it is kept out for a while. Fewer are safer; more spare those who mistype.</source>
        <translation>Сколько разных неверных паролей можно попробовать с одного адреса, прежде чем он будет на время заблокирован. Меньше — безопаснее, больше — удобнее тем, кто ошибается при вводе.</translation>
    </message>
    <message>
        <source>The time in which wrong passwords are counted together. A longer one catches those who guess slowly, and blocks them for longer.</source>
        <translation>Время, за которое считаются неверные пароли. Чем оно больше, тем вернее попадётся тот, кто подбирает медленно, и тем дольше будет блокировка.</translation>
    </message>
    <message>
        <source>Which addresses may use the proxy. Fill it when others in your network should be kept out; everyone else is refused then.</source>
        <translation>С каких адресов можно пользоваться прокси. Заполните, если в вашей сети есть посторонние: всем, кого нет в списке, будет отказано.</translation>
    </message>
    <message>
        <source>every address</source>
        <translation>любые адреса</translation>
    </message>
    <message>
        <source>Who may open the proxy&apos;s own pages, which say that it runs and how much it does. Others get an answer as if there were no such page.</source>
        <translation>Кто может открыть страницы самого прокси: на них видно, что он работает и чем занят. Остальные получат ответ, что такой страницы нет.</translation>
    </message>
    <message>
        <source>everyone</source>
        <translation>все</translation>
    </message>
    <message>
        <source>Which hosts programs may reach. Fill it when the proxy is for certain services alone, so that it is of no use for anything else.</source>
        <translation>К каким хостам могут обращаться программы. Заполните, если прокси нужен только для определённых сервисов: ни для чего другого он тогда не пригодится.</translation>
    </message>
    <message>
        <source>every host</source>
        <translation>любые хосты</translation>
    </message>
    <message>
        <source>What happens to a host that is not in the list. Let them pass for some days to see what a new list would cut off.</source>
        <translation>Что делать с хостом, которого нет в списке. Пропускайте их несколько дней, чтобы увидеть, что отрезал бы новый список.</translation>
    </message>
    <message>
        <source>refuse them</source>
        <translation>отказывать</translation>
    </message>
    <message>
        <source>Which ports of a host programs may reach. The default leaves out mail and SSH, which strangers like to misuse a proxy for.</source>
        <translation>К каким портам хоста могут обращаться программы. По умолчанию закрыты почта и SSH: ради них чужими прокси злоупотребляют чаще всего.</translation>
    </message>
    <message>
        <source>Whether programs may reach routers, printers and servers of your own network, and this computer itself, through the proxy. Allow it for a model server at home, best by its range alone.</source>
        <translation>Можно ли через прокси обращаться к роутерам, принтерам и серверам вашей сети и к самому этому компьютеру. Разрешите, если модель работает у вас дома, — лучше только её адрес.</translation>
    </message>
    <message>
        <source>no</source>
        <translation>запрещён</translation>
    </message>
    <message>
        <source>A file of certificates to trust in addition to the system&apos;s, for requests that the proxy encrypts itself. It is needed for a server whose certificate was made by you or your company.</source>
        <translation>Файл с сертификатами, которым прокси доверяет помимо системных, когда шифрует запросы сам. Нужен для сервера, чей сертификат выпустили вы или ваша компания.</translation>
    </message>
    <message>
        <source>the system&apos;s certificates only</source>
        <translation>только сертификаты системы</translation>
    </message>
    <message>
        <source>Whether to reach servers over IPv4, IPv6 or both. Choose one when a service places you in another country, or when the other one does not work here.</source>
        <translation>По IPv4 или по IPv6 соединяться с серверами. Выберите что-то одно, если сервис принимает вас за жителя другой страны или если второе у вас не работает.</translation>
    </message>
    <message>
        <source>IPv4 and IPv6</source>
        <translation>IPv4 и IPv6</translation>
    </message>
    <message>
        <source>The address of this computer that connections leave from. It matters only where the computer has several, with a VPN for example.</source>
        <translation>С какого адреса этого компьютера уходят соединения. Важно, только если адресов несколько, например при включённом VPN.</translation>
    </message>
    <message>
        <source>the system chooses</source>
        <translation>выбирает система</translation>
    </message>
    <message>
        <source>Whether requests that are not encrypted say that they came through a proxy. Turn it off for a server that sends nothing compressed because of it.</source>
        <translation>Сообщать ли в незашифрованных запросах, что они прошли через прокси. Выключите, если из-за этого сервер присылает ответы несжатыми.</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>да</translation>
    </message>
    <message>
        <source>How long both sides of a request or tunnel may be silent before the proxy closes it. Raise it when long answers of a thinking model break off.</source>
        <translation>Сколько могут молчать обе стороны, прежде чем прокси закроет запрос или туннель. Увеличьте, если у думающей модели обрываются долгие ответы.</translation>
    </message>
    <message>
        <source>How long reaching a server may take before the proxy gives up. Raise it for a slow network; lower it to hear sooner that a server is down.</source>
        <translation>Сколько ждать соединения с сервером. Увеличьте для медленной сети; уменьшите, чтобы быстрее узнавать, что сервер не отвечает.</translation>
    </message>
    <message>
        <source>How long a program may take to send the beginning of a request. It keeps out those who hold connections open by sending next to nothing.</source>
        <translation>Сколько ждать, пока программа пришлёт начало запроса. Защищает от тех, кто держит подключения, почти ничего не присылая.</translation>
    </message>
    <message>
        <source>After how much silence a sign of life is sent. Lower it when a router forgets silent connections; it is no part of the data, and costs nothing.</source>
        <translation>После какого молчания отправлять проверку связи. Уменьшите, если роутер забывает молчащие соединения. Проверка идёт отдельно от данных и ничего не стоит.</translation>
    </message>
    <message>
        <source>How many connections of programs there may be at once. Lower it on a computer with little memory; further ones are refused.</source>
        <translation>Сколько подключений программ может быть одновременно. Уменьшите, если памяти мало: лишним будет отказано.</translation>
    </message>
    <message>
        <source>The same for one address (of IPv6: for one network), so that one device cannot take all of them.</source>
        <translation>То же для одного адреса (для IPv6 — одной сети), чтобы одно устройство не заняло все подключения.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>без ограничения</translation>
    </message>
    <message>
        <source>How long the address in a request may be, in bytes. Raise it when a program is told that its address is too long (414).</source>
        <translation>Наибольшая длина адреса в запросе, в байтах. Увеличьте, если программа получает ответ, что адрес слишком длинный (414).</translation>
    </message>
    <message>
        <source>How many threads carry the traffic. The default is nearly always right; a single thread leaves more of the processor to other programs.</source>
        <translation>Сколько рабочих потоков передают трафик. Значение по умолчанию подходит почти всегда; с одним потоком другим программам достанется больше.</translation>
    </message>
    <message>
        <source>one per core, at most 8</source>
        <translation>по одному на ядро, не больше 8</translation>
    </message>
    <message>
        <source>How much the log says. “Everything” is for finding a fault: it is a lot, and costs some speed.</source>
        <translation>Насколько подробен журнал. «Всё» нужно для поиска неполадок: записей очень много, и прокси работает чуть медленнее.</translation>
    </message>
    <message>
        <source>one line for each request</source>
        <translation>одна строка на запрос</translation>
    </message>
    <message>
        <source>Default: %1</source>
        <translation>По умолчанию: %1</translation>
    </message>
    <message>
        <source>Variable: %1</source>
        <translation>Переменная: %1</translation>
    </message>
    <message>
        <source>Whether clients may, or must, encrypt what they say to this proxy. Require it when they come over a network that you do not trust.</source>
        <translation>Могут ли клиенты шифровать то, что говорят этому прокси, или обязаны. Требуйте шифрования, если они приходят через сеть, которой вы не доверяете.</translation>
    </message>
    <message>
        <source>if they ask for it</source>
        <translation>если они этого хотят</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>The private key of that certificate, without a passphrase. Nobody else should be able to read the file.</source>
        <translation>Закрытый ключ этого сертификата, без пароля. Читать этот файл не должен никто другой.</translation>
    </message>
    <message>
        <source>Whether programs may ask by SOCKS5 instead of HTTP. It is for programs that support no other kind of proxy; turn it off if nobody needs it.</source>
        <translation>Могут ли программы обращаться по SOCKS5 вместо HTTP. Это для тех, кто не знает других прокси; если такое никому не нужно, выключите.</translation>
    </message>
    <message>
        <source>where strangers cannot use it</source>
        <translation>если чужим до него не добраться</translation>
    </message>
    <message>
        <source>The certificate that clients are shown over TLS, and those of the authorities that signed it. Without one the program shows its own, where it has one.</source>
        <translation>Сертификат, который видят клиенты, подключаясь по TLS, и сертификаты подписавших его центров. Если он не задан, программа показывает собственный, когда он у неё есть.</translation>
    </message>
    <message>
        <source>Other proxies that requests go out through, in the order in which they are tried. The operator of a server can give you its link.</source>
        <translation>Другие прокси, через которые уходят запросы, в том порядке, в каком их пробуют. Ссылку на сервер даёт тот, кто его держит.</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>напрямую</translation>
    </message>
    <message>
        <source>Hosts that are always reached without a server, for example those of your own network.</source>
        <translation>Хосты, к которым прокси всегда обращается без сервера, например хосты вашей сети.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>ничего</translation>
    </message>
    <message>
        <source>A file that holds more users, each with a hashed password and limits. Name one that is there, or let the list below make one.</source>
        <translation>Файл с другими пользователями: у каждого хеш пароля и свои ограничения. Укажите готовый файл или создайте его с помощью списка ниже.</translation>
    </message>
    <message>
        <source>The name that programs sign in with, unless they have a user of their own in the file below; letters and digits need no quoting anywhere.</source>
        <translation>Имя, с которым входят программы, если в файле ниже у них нет своего пользователя. Латинские буквы и цифры не придётся нигде экранировать.</translation>
    </message>
</context>
<context>
    <name>sami::gui::PasswordDialog</name>
    <message>
        <source>The password of %1</source>
        <translation>Пароль пользователя %1</translation>
    </message>
    <message>
        <source>The password is shown only once: the program keeps just its hash. Hand it over before you close this window; a new one can be made at any time.</source>
        <translation>Пароль показывается только сейчас: программа хранит лишь его хеш. Передайте его, пока окно открыто; новый можно создать в любое время.</translation>
    </message>
    <message>
        <source>QR code of the address with the password</source>
        <translation>QR-код адреса с паролем</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Имя пользователя</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Ссылка</translation>
    </message>
    <message>
        <source>The link is for another Sami LLM Proxy (Settings, Servers), the address and the picture are for everything else. Each holds the password.</source>
        <translation>Ссылка — для другого Sami LLM Proxy («Настройки», «Серверы»), адрес и картинка — для всего остального. В каждом из них есть пароль.</translation>
    </message>
    <message>
        <source>There is no link: %1</source>
        <translation>Ссылки нет: %1</translation>
    </message>
    <message>
        <source>The proxy can be reached only from this computer: see the page “Listening” for other devices.</source>
        <translation>Прокси доступен только с этого компьютера. Для других устройств смотрите страницу «Адрес и порт».</translation>
    </message>
    <message>
        <source>The link is for another Sami LLM Proxy (Settings, Servers), the address is for everything else. Each holds the password.</source>
        <translation>Ссылка — для другого Sami LLM Proxy («Настройки», «Серверы»), адрес — для всего остального. В каждом из них есть пароль.</translation>
    </message>
</context>
<context>
    <name>sami::gui::RecentModel</name>
    <message>
        <source>Time</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Пользователь</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Назначение</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Метод</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Статус</translation>
    </message>
    <message>
        <source>Up (bytes)</source>
        <translation>Отдано (байт)</translation>
    </message>
    <message>
        <source>Down (bytes)</source>
        <translation>Принято (байт)</translation>
    </message>
    <message>
        <source>First byte (ms)</source>
        <translation>Первый байт (мс)</translation>
    </message>
    <message>
        <source>Longest silence (ms)</source>
        <translation>Самая долгая тишина (мс)</translation>
    </message>
    <message>
        <source>Duration (ms)</source>
        <translation>Длительность (мс)</translation>
    </message>
    <message>
        <source>Why it ended</source>
        <translation>Почему завершено</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Отдано</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Принято</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>Первый байт</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>Макс. тишина</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Длительность</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Итог</translation>
    </message>
    <message>
        <source>Via</source>
        <translation>Через</translation>
    </message>
    <message>
        <source>The server that it went out through</source>
        <translation>Сервер, через который шёл запрос</translation>
    </message>
</context>
<context>
    <name>sami::gui::RecentPane</name>
    <message>
        <source>Filter by any of the columns</source>
        <translation>Фильтр по любому из столбцов</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>Export as CS&amp;V…</source>
        <translation>&amp;Экспорт в CSV…</translation>
    </message>
    <message>
        <source>Finished requests and tunnels</source>
        <translation>Завершённые запросы и туннели</translation>
    </message>
    <message numerus="yes">
        <source>%n finished</source>
        <translation>
            <numerusform>завершено: %n</numerusform>
            <numerusform>завершено: %n</numerusform>
            <numerusform>завершено: %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n finished</source>
        <translation>
            <numerusform>%1 из %n завершённого</numerusform>
            <numerusform>%1 из %n завершённых</numerusform>
            <numerusform>%1 из %n завершённых</numerusform>
        </translation>
    </message>
    <message>
        <source>Export finished requests</source>
        <translation>Экспорт завершённых запросов</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Итог</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Copy “%1”</source>
        <translation>Копировать «%1»</translation>
    </message>
    <message>
        <source>Colu&amp;mns</source>
        <translation>С&amp;толбцы</translation>
    </message>
    <message>
        <source>Only this &amp;destination</source>
        <translation>Только это &amp;назначение</translation>
    </message>
    <message>
        <source>Only this c&amp;lient</source>
        <translation>Только этот к&amp;лиент</translation>
    </message>
    <message>
        <source>Only this &amp;user</source>
        <translation>Только этот &amp;пользователь</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Copy v&amp;alue</source>
        <translation>Копировать &amp;значение</translation>
    </message>
</context>
<context>
    <name>sami::gui::Remedy</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <comment>names, and how many are not shown</comment>
        <translation>
            <numerusform>%1 и ещё %n</numerusform>
            <numerusform>%1 и ещё %n</numerusform>
            <numerusform>%1 и ещё %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Enter the user name and password of this proxy in the client. They are under Settings.</source>
        <translation>Введите в клиенте имя пользователя и пароль этого прокси. Они есть в настройках.</translation>
    </message>
    <message>
        <source>The client asks this proxy for the proxy itself. No setting allows that.</source>
        <translation>Программа обращается через прокси к нему самому. Никакая настройка этого не разрешает.</translation>
    </message>
    <message>
        <source>The block is over.</source>
        <translation>Блокировка закончилась.</translation>
    </message>
    <message>
        <source>The settings allow this now.</source>
        <translation>Теперь разрешено.</translation>
    </message>
    <message>
        <source>Allow the client %1</source>
        <translation>Разрешить клиента %1</translation>
    </message>
    <message>
        <source>Allow the network %1</source>
        <translation>Разрешить сеть %1</translation>
    </message>
    <message>
        <source>Allow the destination %1</source>
        <translation>Разрешить назначение %1</translation>
    </message>
    <message>
        <source>Allow port %1</source>
        <translation>Разрешить порт %1</translation>
    </message>
    <message>
        <source>Allow private destinations in %1…</source>
        <translation>Разрешить частные адреса %1…</translation>
    </message>
    <message>
        <source>Lift the block of %1</source>
        <translation>Снять блокировку с %1</translation>
    </message>
    <message>
        <source>The list of allowed IPs is empty: every client is let in. With %1 as its only entry, every other client is shut out.</source>
        <translation>Список разрешённых IP пуст: допускаются все клиенты. Если %1 станет единственной записью, все остальные клиенты потеряют доступ.</translation>
    </message>
    <message>
        <source>The list of destinations is empty: every host can be reached. With %1 as its only entry, no other host can be reached.</source>
        <translation>Список назначений пуст: доступны все хосты. Если %1 станет единственной записью, ни один другой хост не будет доступен.</translation>
    </message>
    <message>
        <source>Refused: %1.</source>
        <translation>Отказ: %1.</translation>
    </message>
    <message>
        <source>Allow the fake-IP addresses %1…</source>
        <translation>Разрешить fake-IP-адреса %1…</translation>
    </message>
    <message>
        <source>Clash, sing-box and similar programs on this computer answer names with addresses in %1 and route connections to them by their own rules. Allow every destination in it, for every client?</source>
        <translation>Clash, sing-box и подобные программы на этом компьютере выдают именам адреса из %1, а подключения к ним направляют по своим правилам. Разрешить всем клиентам обращаться к любому адресу этого диапазона?</translation>
    </message>
    <message>
        <source>Let through, because the list is only reported: %1.</source>
        <translation>Пропущен, потому что список пока ничего не запрещает: %1.</translation>
    </message>
    <message>
        <source>Every client in the list of allowed IPs could then reach %1: this computer or its network, where services often ask for no password.</source>
        <translation>Тогда каждый клиент из списка разрешённых IP сможет обращаться к %1 — к этому компьютеру или его сети, где сервисы часто не спрашивают пароль.</translation>
    </message>
    <message>
        <source>Everybody who knows the proxy&apos;s password could then reach %1: this computer or its network, where services often ask for no password.</source>
        <translation>Тогда каждый, кто знает пароль прокси, сможет обращаться к %1 — к этому компьютеру или его сети, где сервисы часто не спрашивают пароль.</translation>
    </message>
    <message>
        <source>ANYONE who can reach this proxy could then reach %1: this computer or its network, where services often ask for no password.</source>
        <translation>Тогда ЛЮБОЙ, кому доступен этот прокси, сможет обращаться к %1 — к этому компьютеру или его сети, где сервисы часто не спрашивают пароль.</translation>
    </message>
    <message>
        <source>The destination is a name, and its address is not known here: every destination in %1 would be allowed.</source>
        <translation>Назначение задано именем, а его адрес здесь неизвестен: будут разрешены все адреса %1.</translation>
    </message>
    <message>
        <source>These would lose access: %1.</source>
        <translation>Доступ потеряют: %1.</translation>
    </message>
    <message>
        <source>Give the client an https:// address of this proxy.</source>
        <translation>Укажите в клиенте адрес этого прокси с https://.</translation>
    </message>
    <message>
        <source>Enter a user name and password of this proxy in the client. Under Settings, Users, a new password can be made.</source>
        <translation>Введите в программе имя пользователя и пароль этого прокси. Новый пароль можно создать на странице «Пользователи» в настройках.</translation>
    </message>
    <message>
        <source>The list of users says so: see Settings, Users.</source>
        <translation>Так задано в списке пользователей: откройте «Настройки», «Пользователи».</translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerIntake</name>
    <message>
        <source>Link of a server</source>
        <translation>Ссылка на сервер</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Добавить…</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>Вс&amp;тавить</translation>
    </message>
    <message>
        <source>Paste a link</source>
        <translation>Вставить ссылку</translation>
    </message>
    <message>
        <source>the list of servers is set elsewhere, and cannot be changed here</source>
        <translation>список серверов задан в другом месте, здесь его не изменить</translation>
    </message>
    <message>
        <source>use the box below the list for that</source>
        <translation>для этого есть галочка под списком</translation>
    </message>
    <message>
        <source>the password is missing: write USER:PASSWORD@ before the host</source>
        <translation>нет пароля: напишите перед хостом ПОЛЬЗОВАТЕЛЬ:ПАРОЛЬ@</translation>
    </message>
    <message>
        <source>a server of this name is in the list already</source>
        <translation>сервер с таким именем уже есть в списке</translation>
    </message>
    <message>
        <source>a server of this name is being tested already</source>
        <translation>сервер с таким именем уже проверяется</translation>
    </message>
    <message>
        <source>Add a server</source>
        <translation>Новый сервер</translation>
    </message>
    <message>
        <source>Test it first</source>
        <translation>Сначала проверить</translation>
    </message>
    <message>
        <source>Add it</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Add it without encryption</source>
        <translation>Добавить без шифрования</translation>
    </message>
    <message>
        <source>the file %1</source>
        <comment>what is wrong with it</comment>
        <translation>файл %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerTestView</name>
    <message>
        <source>&amp;Keep it all the same</source>
        <translation>Всё равно со&amp;хранить</translation>
    </message>
    <message>
        <source>Testing %1:</source>
        <translation>Проверка %1:</translation>
    </message>
    <message>
        <source>&amp;Cancel the test</source>
        <translation>&amp;Отменить проверку</translation>
    </message>
    <message>
        <source>Do &amp;not keep it</source>
        <translation>Не сохран&amp;ять</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Закрыть</translation>
    </message>
    <message numerus="yes">
        <source>(then %n more)</source>
        <translation>
            <numerusform>(затем ещё %n)</numerusform>
            <numerusform>(затем ещё %n)</numerusform>
            <numerusform>(затем ещё %n)</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>Со&amp;хранить</translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerTestWording</name>
    <message>
        <source>The server&apos;s name (DNS)</source>
        <translation>Имя сервера (DNS)</translation>
    </message>
    <message>
        <source>Connection to the server (TCP)</source>
        <translation>Соединение с сервером (TCP)</translation>
    </message>
    <message>
        <source>Encryption (TLS)</source>
        <translation>Шифрование (TLS)</translation>
    </message>
    <message>
        <source>The server&apos;s certificate</source>
        <translation>Сертификат сервера</translation>
    </message>
    <message>
        <source>The server&apos;s key (pin)</source>
        <translation>Ключ сервера (отпечаток)</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Имя и пароль</translation>
    </message>
    <message>
        <source>A provider through it</source>
        <translation>Провайдер через этот сервер</translation>
    </message>
    <message>
        <source>%1 can be reached through it.</source>
        <translation>До %1 через него можно добраться.</translation>
    </message>
    <message>
        <source>%1 asks for an API key (401), which this test does not send: all is well.</source>
        <translation>%1 просит ключ API (401), который проверка не отправляет: всё в порядке.</translation>
    </message>
    <message>
        <source>%1 answered with status %2.</source>
        <translation>Ответ %1: статус %2.</translation>
    </message>
    <message>
        <source>%1 works; it is %2 away.</source>
        <comment>a server; a time</comment>
        <translation>%1 работает, задержка до него %2.</translation>
    </message>
    <message>
        <source>%1 works.</source>
        <translation>%1 работает.</translation>
    </message>
    <message>
        <source>STOP: the server at the address of %1 has another key than the link says. Either somebody on the way is reading along, or the server has a new key. Nothing was sent to it, and it is not kept. Ask the person who gave you the link for a new one.</source>
        <translation>СТОП: у того, кто отвечает по адресу %1, другой ключ, не тот, что указан в ссылке. Либо кто-то по дороге читает ваш трафик, либо на сервере сменили ключ. Ему ничего не отправлено, и в список он не попадёт. Попросите новую ссылку у того, кто её дал.</translation>
    </message>
    <message>
        <source>The address of %1 was not found: %2. Check the link and this computer&apos;s network.</source>
        <translation>Не удалось найти адрес %1: %2. Проверьте ссылку и сеть этого компьютера.</translation>
    </message>
    <message>
        <source>%1 could not be reached: %2. It may be off, or a firewall in between.</source>
        <translation>Не удалось связаться с %1: %2. Возможно, сервер выключен или мешает брандмауэр.</translation>
    </message>
    <message>
        <source>%1 was reached, but no encrypted connection could be set up: %2. Something on the way may be blocking it.</source>
        <translation>Соединение с %1 есть, но зашифровать его не удалось: %2. Возможно, кто-то по дороге этого не пропускает.</translation>
    </message>
    <message>
        <source>The certificate of %1 is not one that this computer trusts: %2. No password was sent.</source>
        <translation>Этот компьютер не доверяет сертификату %1: %2. Пароль не отправлялся.</translation>
    </message>
    <message>
        <source>%1 was reached, but cannot be used: %2.</source>
        <translation>Соединение с %1 есть, но использовать его нельзя: %2.</translation>
    </message>
    <message>
        <source>%1 works, but %2 answers with status %3. Providers refuse countries and networks that they do not serve.</source>
        <translation>%1 работает, но %2 отвечает статусом %3. Так провайдеры отказывают странам и сетям, которые не обслуживают.</translation>
    </message>
    <message>
        <source>%1 takes the user name and the password, but %2 could not be reached through it: %3.</source>
        <translation>%1 принял имя и пароль, но связаться через него с %2 не удалось: %3.</translation>
    </message>
    <message>
        <source>not allowed by the server&apos;s rules</source>
        <translation>запрещено правилами сервера</translation>
    </message>
    <message>
        <source>%1 answers, but its own rules do not allow %2, so what lies beyond it was not tested. It may be meant for other hosts, or not for this computer.</source>
        <comment>a server; a list of hosts</comment>
        <translation>%1 отвечает, но его собственные правила не пропускают к %2, поэтому путь дальше не проверен. Возможно, сервер предназначен для других хостов или не для этого компьютера.</translation>
    </message>
    <message>
        <source>The server&apos;s own rules do not allow %1.</source>
        <translation>Собственные правила сервера не пропускают к %1.</translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerWording</name>
    <message>
        <source>SOCKS5 without encryption</source>
        <translation>SOCKS5 без шифрования</translation>
    </message>
    <message>
        <source>no encryption</source>
        <translation>без шифрования</translation>
    </message>
    <message>
        <source>TLS with a certificate that this computer trusts</source>
        <translation>TLS с сертификатом, которому доверяет этот компьютер</translation>
    </message>
    <message>
        <source>TLS with the pin %1</source>
        <translation>TLS с отпечатком ключа %1</translation>
    </message>
    <message>
        <source>TLS with the pins %1</source>
        <translation>TLS с отпечатками ключей %1</translation>
    </message>
    <message>
        <source>user %1</source>
        <translation>пользователь %1</translation>
    </message>
    <message>
        <source>none, and no password</source>
        <translation>нет, и пароля тоже</translation>
    </message>
    <message>
        <source>Requests to this proxy would go out through this server:</source>
        <translation>Запросы к этому прокси будут уходить через этот сервер:</translation>
    </message>
    <message>
        <source>Name: %1</source>
        <translation>Имя: %1</translation>
    </message>
    <message>
        <source>Address: %1</source>
        <translation>Адрес: %1</translation>
    </message>
    <message>
        <source>Protection: %1</source>
        <translation>Защита: %1</translation>
    </message>
    <message>
        <source>User: %1</source>
        <translation>Пользователь: %1</translation>
    </message>
    <message>
        <source>WARNING: the way to it is not encrypted. Anybody on that way can read its password and the names of the hosts that you reach.</source>
        <translation>ВНИМАНИЕ: путь до него не зашифрован. Любой на этом пути прочтёт пароль от сервера и имена хостов, к которым вы обращаетесь.</translation>
    </message>
    <message>
        <source>WARNING: the way to it is not encrypted. Anybody on that way can read the names of the hosts that you reach.</source>
        <translation>ВНИМАНИЕ: путь до него не зашифрован. Любой на этом пути прочтёт имена хостов, к которым вы обращаетесь.</translation>
    </message>
    <message>
        <source>Its operator sees which hosts you reach, when and how much. Only take a server from somebody you trust. Nothing is sent to it before you test it or apply the settings.</source>
        <translation>Тот, кто держит этот сервер, видит, к каким хостам вы обращаетесь, когда и сколько передаёте. Берите его только у того, кому доверяете. Пока вы не проверите его или не примените настройки, на сервер ничего не отправляется.</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>напрямую</translation>
    </message>
    <message>
        <source>cannot be reached</source>
        <translation>недоступен</translation>
    </message>
    <message>
        <source>shows another key than the pinned one</source>
        <translation>показывает другой ключ, не тот, что закреплён</translation>
    </message>
    <message>
        <source>does not answer as a proxy</source>
        <translation>отвечает не как прокси</translation>
    </message>
    <message>
        <source>says that it is overloaded</source>
        <translation>сообщает, что перегружен</translation>
    </message>
    <message>
        <source>could not be reached in time</source>
        <translation>не ответил вовремя на попытку соединения</translation>
    </message>
    <message>
        <source>was asked and does not answer</source>
        <translation>получил запрос и молчит</translation>
    </message>
    <message>
        <source>refuses the user name or the password</source>
        <translation>не принимает имя пользователя или пароль</translation>
    </message>
    <message>
        <source>Not used: it protects less than one before it that cannot show its key</source>
        <translation>Не используется: защищён слабее, чем сервер перед ним, который не подтвердил свой ключ</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Используется</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Готов</translation>
    </message>
    <message>
        <source>Resting for another %1: it %2</source>
        <comment>a time; what it does wrong</comment>
        <translation>Отключён ещё на %1: %2</translation>
    </message>
    <message>
        <source>Being tried again: it %1</source>
        <comment>what it does wrong</comment>
        <translation>Проверяется снова: %1</translation>
    </message>
    <message>
        <source>Not used until the settings change: it %1</source>
        <comment>what it does wrong</comment>
        <translation>Не используется, пока не изменятся настройки: %1</translation>
    </message>
    <message>
        <source>its certificate has expired</source>
        <translation>срок его сертификата истёк</translation>
    </message>
    <message numerus="yes">
        <source>its certificate is good for %n day(s)</source>
        <translation>
            <numerusform>его сертификат действует ещё %n день</numerusform>
            <numerusform>его сертификат действует ещё %n дня</numerusform>
            <numerusform>его сертификат действует ещё %n дней</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 away</source>
        <comment>a time</comment>
        <translation>задержка %1</translation>
    </message>
    <message>
        <source>%1 %2.</source>
        <comment>a server; what it does wrong</comment>
        <translation>Сервер %1 %2.</translation>
    </message>
    <message>
        <source>No server is well now: new requests try each of them and may fail.</source>
        <translation>Сейчас не работает ни один сервер: новые запросы пробуют каждый из них и могут не пройти.</translation>
    </message>
    <message>
        <source>New requests go directly: hosts see this computer&apos;s own address.</source>
        <translation>Новые запросы идут напрямую: сайты видят адрес этого компьютера.</translation>
    </message>
    <message>
        <source>New requests go out through %1.</source>
        <translation>Новые запросы идут через %1.</translation>
    </message>
    <message>
        <source>could not set up an encrypted connection</source>
        <translation>не смог установить зашифрованное соединение</translation>
    </message>
    <message>
        <source>Answers again; used once it has been steady for a minute</source>
        <translation>Снова отвечает; будет использоваться, если минуту проработает без сбоев</translation>
    </message>
    <message>
        <source>could not set up an encrypted connection in time</source>
        <translation>не смог вовремя установить зашифрованное соединение</translation>
    </message>
</context>
<context>
    <name>sami::gui::ServersPage</name>
    <message>
        <source>Move &amp;up</source>
        <translation>&amp;Выше</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>&amp;Ниже</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Удалить</translation>
    </message>
    <message>
        <source>Go directly &amp;when none of them answers</source>
        <translation>Идти нап&amp;рямую, если ни один не отвечает</translation>
    </message>
    <message>
        <source>Always directly</source>
        <translation>Всегда напрямую</translation>
    </message>
    <message>
        <source>&amp;Servers:</source>
        <translation>&amp;Серверы:</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Серверы</translation>
    </message>
    <message>
        <source>Directly</source>
        <translation>Напрямую</translation>
    </message>
    <message>
        <source>Without it, a request fails when no server can be reached. With it, hosts then see this computer&apos;s own address, and anyone who watches its network sees which hosts you reach.</source>
        <translation>Без этого запрос завершится ошибкой, если ни один сервер не доступен. С этим хосты тогда увидят собственный адрес этого компьютера, а тот, кто наблюдает за его сетью, — к каким хостам вы обращаетесь.</translation>
    </message>
    <message>
        <source>Always dir&amp;ectly:</source>
        <translation>Всегда напря&amp;мую:</translation>
    </message>
    <message>
        <source>Hosts and address ranges that are reached without a server.</source>
        <translation>Хосты и диапазоны адресов, к которым запросы идут без сервера.</translation>
    </message>
    <message>
        <source>None of them is on: requests go directly.</source>
        <translation>Ни один не включён: запросы идут напрямую.</translation>
    </message>
    <message>
        <source>There is no server: requests go directly.</source>
        <translation>Серверов нет: запросы идут напрямую.</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Проверить</translation>
    </message>
    <message>
        <source>None of them is well at the moment: requests go directly.</source>
        <translation>Сейчас ни один из них не работает: запросы идут напрямую.</translation>
    </message>
    <message>
        <source>Requests go out through the first of them that can be reached.</source>
        <translation>Запросы уходят через первый из них, который доступен.</translation>
    </message>
    <message>
        <source>Its password is missing</source>
        <translation>Нет его пароля</translation>
    </message>
</context>
<context>
    <name>sami::gui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Страницы</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Адрес и порт</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>Клиенты</translation>
    </message>
    <message>
        <source>Destinations</source>
        <translation>Назначения</translation>
    </message>
    <message>
        <source>Timeouts</source>
        <translation>Тайм-ауты</translation>
    </message>
    <message>
        <source>Limits and log</source>
        <translation>Ограничения и журнал</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>Программа</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a page of the settings, and what is wrong on it</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Way out</source>
        <translation>Выход в сеть</translation>
    </message>
    <message>
        <source>Defaults of this page</source>
        <translation>Сбросить эту страницу</translation>
    </message>
    <message>
        <source>The settings are being applied.</source>
        <translation>Настройки применяются.</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Шифрование</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Серверы</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Пользователи</translation>
    </message>
    <message>
        <source>A server is being tested. Wait for the result, or cancel the test.</source>
        <translation>Идёт проверка сервера. Дождитесь результата или отмените её.</translation>
    </message>
</context>
<context>
    <name>sami::gui::ShareDialog</name>
    <message>
        <source>Phone or another device</source>
        <translation>Телефон или другое устройство</translation>
    </message>
    <message>
        <source>&amp;Address of this computer:</source>
        <translation>&amp;Адрес этого компьютера:</translation>
    </message>
    <message>
        <source>Put this into the device&apos;s proxy settings</source>
        <translation>Впишите это в настройки прокси на устройстве</translation>
    </message>
    <message>
        <source>QR code of the address with the password</source>
        <translation>QR-код с адресом и паролем</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Хост</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
    <message>
        <source>Username</source>
        <translation>Имя пользователя</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Android: Settings › Wi-Fi › your network › Edit › Advanced › Proxy: Manual. It has no fields for the password: browsers ask for it, other apps may not.</source>
        <translation>Android: Настройки › Wi-Fi › ваша сеть › Изменить › Дополнительно › Прокси-сервер: Вручную. Полей для пароля там нет: браузеры его спросят, другие приложения могут и не спросить.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Показать пароль</translation>
    </message>
    <message>
        <source>%1 (%2, a VPN or a virtual network)</source>
        <translation>%1 (%2, VPN или виртуальная сеть)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>address (name of the network interface)</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>This computer is not connected to a network now: connect it to the device&apos;s network and open this again.</source>
        <translation>Сейчас этот компьютер не подключён ни к одной сети. Подключите его к той же сети, что и устройство, и откройте это окно снова.</translation>
    </message>
    <message>
        <source>A device in this network can use the proxy with these values.</source>
        <translation>Устройство в этой сети может пользоваться прокси с такими данными.</translation>
    </message>
    <message>
        <source>Start the proxy</source>
        <translation>Запустить прокси</translation>
    </message>
    <message>
        <source>Open for the home network</source>
        <translation>Открыть для домашней сети</translation>
    </message>
    <message>
        <source>This build of the program shows no QR code: it was made without libqrencode.</source>
        <translation>Эта сборка программы не показывает QR-код: она собрана без libqrencode.</translation>
    </message>
    <message>
        <source>The address is too long for a QR code.</source>
        <translation>Адрес слишком длинный для QR-кода.</translation>
    </message>
    <message>
        <source>The picture holds the address with the password: show it only to those who may use the proxy. A phone does not set up its proxy from a picture: its camera shows the address to copy from; some proxy apps take it as it is.</source>
        <translation>В картинке адрес вместе с паролем: показывайте её только тем, кому можно пользоваться прокси. Сам телефон прокси по картинке не настроит: камера покажет адрес, из которого можно скопировать данные; некоторые приложения для прокси принимают его целиком.</translation>
    </message>
    <message>
        <source>A firewall on this computer may have to be told to allow connections to port %1.</source>
        <translation>Возможно, в брандмауэре этого компьютера придётся разрешить входящие подключения к порту %1.</translation>
    </message>
    <message>
        <source>The port changes at each start: choose a fixed one in the settings.</source>
        <translation>Порт меняется при каждом запуске: задайте постоянный в настройках.</translation>
    </message>
    <message>
        <source>To let a phone or another computer in this network use the proxy, this changes:</source>
        <translation>Чтобы телефон или другой компьютер в этой сети мог пользоваться прокси, изменится следующее:</translation>
    </message>
    <message>
        <source>The proxy starts.</source>
        <translation>Прокси будет запущен.</translation>
    </message>
    <message>
        <source>iPhone: Settings › Wi-Fi › (i) beside your network › Configure Proxy › Manual, with Authentication switched on.</source>
        <translation>iPhone: Настройки › Wi-Fi › (i) рядом с вашей сетью › Настройка прокси › Вручную, включите «Аутентификация».</translation>
    </message>
    <message>
        <source>With these values a device in this network can use the proxy when it runs.</source>
        <translation>С такими данными устройство в этой сети сможет пользоваться прокси, когда он будет работать.</translation>
    </message>
    <message>
        <source>The proxy accepts only TLS, which the proxy settings of phones do not support: such a device needs an app that does.</source>
        <translation>Прокси принимает только TLS, а настройки прокси в телефонах его не поддерживают: на таком устройстве понадобится приложение, которое умеет TLS.</translation>
    </message>
</context>
<context>
    <name>sami::gui::Sharing</name>
    <message>
        <source>The proxy listens on every address of this computer (%1), not on %2 alone.</source>
        <translation>Прокси будет принимать подключения на всех адресах этого компьютера (%1), а не только на %2.</translation>
    </message>
    <message>
        <source>It asks for a user name and a password. Programs on this computer that use it now need them too.</source>
        <translation>Понадобятся имя пользователя и пароль — в том числе программам на этом компьютере, которые уже пользуются прокси.</translation>
    </message>
    <message>
        <source>It lets in this computer and private networks, such as your home network, and nobody from the internet.</source>
        <translation>Доступ получат этот компьютер и частные сети (например, ваша домашняя), но никто из интернета.</translation>
    </message>
    <message>
        <source>It lets in private networks too, such as your home network.</source>
        <translation>Доступ получат и частные сети, например ваша домашняя.</translation>
    </message>
    <message>
        <source>It lets in this computer and the network %1, and nobody else.</source>
        <translation>Доступ получат этот компьютер и сеть %1, больше никто.</translation>
    </message>
    <message>
        <source>It lets in the network %1 too.</source>
        <translation>Доступ получит и сеть %1.</translation>
    </message>
    <message>
        <source>Set it to %1 there, or remove it there, and start this program again.</source>
        <translation>Задайте там значение %1 или уберите эту настройку оттуда и запустите программу снова.</translation>
    </message>
    <message>
        <source>Set a user name and a password there, or remove them there, and start this program again.</source>
        <translation>Задайте там имя пользователя и пароль или уберите их оттуда и запустите программу снова.</translation>
    </message>
    <message>
        <source>One more user with its own password can sign in, besides those of the file of users.</source>
        <translation>Появится ещё один пользователь со своим паролем, кроме тех, что в файле пользователей.</translation>
    </message>
</context>
<context>
    <name>sami::gui::ShutOutText</name>
    <message>
        <source>First entry of an empty list</source>
        <translation>Первая запись в пустом списке</translation>
    </message>
    <message>
        <source>The list is empty, so every client may come in. With this entry only %1 may; everyone else is shut out.</source>
        <translation>Список пуст, поэтому допускаются все клиенты. С этой записью доступ останется только у %1; все остальные его потеряют.</translation>
    </message>
    <message>
        <source>That shuts out the programs on this computer too.</source>
        <translation>Доступ потеряют и программы на этом компьютере.</translation>
    </message>
    <message numerus="yes">
        <source>%n connected client(s) would be shut out: %1</source>
        <translation>
            <numerusform>Потеряет доступ %n подключённый клиент: %1</numerusform>
            <numerusform>Потеряют доступ %n подключённых клиента: %1</numerusform>
            <numerusform>Потеряют доступ %n подключённых клиентов: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Add it all the same?</source>
        <translation>Всё равно добавить?</translation>
    </message>
    <message>
        <source>The list is empty, so every host may be reached. With this entry only %1 may; requests to all other hosts are refused.</source>
        <translation>Список пуст, поэтому доступны все хосты. С этой записью доступ останется только к %1; запросы ко всем остальным хостам будут отклонены.</translation>
    </message>
    <message>
        <source>Add the entry</source>
        <translation>Добавить запись</translation>
    </message>
</context>
<context>
    <name>sami::gui::Snippets</name>
    <message>
        <source>bash / zsh</source>
        <translation>bash / zsh</translation>
    </message>
    <message>
        <source>fish</source>
        <translation>fish</translation>
    </message>
    <message>
        <source>PowerShell</source>
        <translation>PowerShell</translation>
    </message>
    <message>
        <source>cmd (at its prompt)</source>
        <translation>cmd (в командной строке)</translation>
    </message>
    <message>
        <source>.env file</source>
        <translation>файл .env</translation>
    </message>
    <message>
        <source>Docker (docker run)</source>
        <translation>Docker (docker run)</translation>
    </message>
    <message>
        <source>Docker (~/.docker/config.json)</source>
        <translation>Docker (~/.docker/config.json)</translation>
    </message>
    <message>
        <source>git</source>
        <translation>git</translation>
    </message>
    <message>
        <source>Claude Code (settings.json)</source>
        <translation>Claude Code (settings.json)</translation>
    </message>
    <message>
        <source>Node.js (NODE_USE_ENV_PROXY)</source>
        <translation>Node.js (NODE_USE_ENV_PROXY)</translation>
    </message>
    <message>
        <source>The program must trust the proxy&apos;s certificate: Settings, Encryption, Export certificate</source>
        <translation>Программа должна доверять сертификату прокси: Настройки, Шифрование, Экспортировать сертификат</translation>
    </message>
    <message>
        <source>Over TLS (https:// proxy)</source>
        <translation>По TLS (прокси https://)</translation>
    </message>
    <message>
        <source>SOCKS5 (ALL_PROXY: curl, git)</source>
        <translation>SOCKS5 (ALL_PROXY: curl и git)</translation>
    </message>
</context>
<context>
    <name>sami::gui::StartFailureText</name>
    <message>
        <source>Another program uses port %1 already.</source>
        <translation>Порт %1 уже занят другой программой.</translation>
    </message>
    <message>
        <source>%1 uses port %2 already.</source>
        <comment>a program</comment>
        <translation>Порт %2 уже занят: %1.</translation>
    </message>
    <message>
        <source>This computer does not have the address %1 now.</source>
        <translation>У этого компьютера сейчас нет адреса %1.</translation>
    </message>
    <message>
        <source>Port %1 is reserved for administrators; ports from 1024 on are free for every program.</source>
        <translation>Порт %1 доступен только администраторам; любой программе подойдёт порт от 1024.</translation>
    </message>
    <message>
        <source>The system does not let this program use port %1.</source>
        <translation>Система не разрешает программе занять порт %1.</translation>
    </message>
    <message>
        <source>Listen on this computer only</source>
        <translation>Слушать только на этом компьютере</translation>
    </message>
    <message>
        <source>Use port %1</source>
        <translation>Взять порт %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::StatusBanner</name>
    <message>
        <source>Who can use the proxy</source>
        <translation>Кому доступен прокси</translation>
    </message>
</context>
<context>
    <name>sami::gui::StrandedStreams</name>
    <message numerus="yes">
        <source>%n running stream(s) belong to clients that may no longer use the proxy.</source>
        <translation>
            <numerusform>%n текущий поток — от клиента, которому прокси больше не разрешён.</numerusform>
            <numerusform>%n текущих потока — от клиентов, которым прокси больше не разрешён.</numerusform>
            <numerusform>%n текущих потоков — от клиентов, которым прокси больше не разрешён.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running stream(s) go to destinations that are no longer allowed.</source>
        <translation>
            <numerusform>%n текущий поток идёт туда, куда больше нельзя.</numerusform>
            <numerusform>%n текущих потока идут туда, куда больше нельзя.</numerusform>
            <numerusform>%n текущих потоков идут туда, куда больше нельзя.</numerusform>
        </translation>
    </message>
    <message>
        <source>Streams under the old settings</source>
        <translation>Потоки с прежними настройками</translation>
    </message>
    <message>
        <source>Close them</source>
        <translation>Закрыть их</translation>
    </message>
    <message>
        <source>Let them finish</source>
        <translation>Дать им завершиться</translation>
    </message>
    <message numerus="yes">
        <source>%n running stream(s) began without a user name and password that are valid now.</source>
        <translation>
            <numerusform>%n текущий поток начат без имени и пароля, которые действуют сейчас.</numerusform>
            <numerusform>%n текущих потока начаты без имени и пароля, которые действуют сейчас.</numerusform>
            <numerusform>%n текущих потоков начаты без имени и пароля, которые действуют сейчас.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::TableBehaviour</name>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
</context>
<context>
    <name>sami::gui::TestWording</name>
    <message>
        <source>The proxy is listening</source>
        <translation>Прокси принимает подключения</translation>
    </message>
    <message>
        <source>Sign-in and the proxy&apos;s rules</source>
        <translation>Пароль и правила прокси</translation>
    </message>
    <message>
        <source>The host&apos;s name (DNS)</source>
        <translation>Имя хоста (DNS)</translation>
    </message>
    <message>
        <source>Connection to the host (TCP)</source>
        <translation>Соединение с хостом (TCP)</translation>
    </message>
    <message>
        <source>Encryption and certificate (TLS)</source>
        <translation>Шифрование и сертификат (TLS)</translation>
    </message>
    <message>
        <source>Answer of the host (HTTP)</source>
        <translation>Ответ хоста (HTTP)</translation>
    </message>
    <message>
        <source>under way…</source>
        <translation>выполняется…</translation>
    </message>
    <message>
        <source>good</source>
        <translation>успешно</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>ошибка</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>не требуется</translation>
    </message>
    <message>
        <source>%1 can be reached through this proxy. It answered with status %2.</source>
        <translation>%1 доступен через этот прокси. Ответ со статусом %2.</translation>
    </message>
    <message>
        <source>%1 can be reached through this proxy. It asks for an API key (401), which this test does not send: all is well.</source>
        <translation>%1 доступен через этот прокси. Он просит ключ API (401), а эта проверка его не отправляет: всё в порядке.</translation>
    </message>
    <message>
        <source>The proxy did not accept the user name and the password (407).</source>
        <translation>Прокси не принял имя пользователя и пароль (407).</translation>
    </message>
    <message>
        <source>The proxy has blocked this computer after too many wrong passwords (429). Under “Denied” the block can be lifted.</source>
        <translation>Прокси заблокировал этот компьютер: слишком много неверных паролей (429). Снять блокировку можно на вкладке «Отказы».</translation>
    </message>
    <message>
        <source>The proxy&apos;s own rules forbid it (403): look at the allowed IPs, hosts and ports in the settings. “Denied” says which it was.</source>
        <translation>Это запрещают правила самого прокси (403): проверьте в настройках разрешённые IP, хосты и порты. Какое именно правило сработало, видно на вкладке «Отказы».</translation>
    </message>
    <message>
        <source>The proxy&apos;s own rules forbid it (403): %1 has a private or local address.</source>
        <translation>Это запрещают правила самого прокси (403): у %1 частный или локальный адрес.</translation>
    </message>
    <message>
        <source>The proxy takes no new work now (503): it is stopping, or has too many connections.</source>
        <translation>Прокси сейчас не принимает новые запросы (503): он останавливается или подключений слишком много.</translation>
    </message>
    <message>
        <source>The proxy could not do it (%1): %2.</source>
        <translation>Прокси не смог этого сделать (%1): %2.</translation>
    </message>
    <message>
        <source>Nothing accepts connections at the proxy&apos;s address. Start the proxy first.</source>
        <translation>По адресу прокси никто не отвечает. Сначала запустите прокси.</translation>
    </message>
    <message>
        <source>%1 was not found: %2. Check the name and this computer&apos;s network.</source>
        <translation>Не удалось найти адрес %1 (%2). Проверьте имя и подключение к интернету.</translation>
    </message>
    <message>
        <source>%1 could not be reached: %2. Check this computer&apos;s network and firewall.</source>
        <translation>Не удалось соединиться с %1: %2. Проверьте сеть и брандмауэр этого компьютера.</translation>
    </message>
    <message>
        <source>No trusted encrypted connection to %1 could be set up: %2.</source>
        <translation>Не удалось установить доверенное шифрованное соединение с %1: %2.</translation>
    </message>
    <message>
        <source>%1 was reached, but refuses requests from here (%2). Providers answer like this to countries and networks that they do not serve; the proxy cannot change that.</source>
        <translation>Связь с %1 есть, но он не принимает отсюда запросы (%2). Так провайдеры отвечают странам и сетям, которые не обслуживают; прокси этого изменить не может.</translation>
    </message>
    <message>
        <source>%1 can be reached through this proxy. It asks for fewer requests for now (429).</source>
        <translation>%1 доступен через этот прокси. Он просит пока присылать меньше запросов (429).</translation>
    </message>
    <message>
        <source>%1 was reached, but has trouble of its own (status %2). Try again later.</source>
        <translation>Связь с %1 есть, но у него самого неполадки (статус %2). Попробуйте позже.</translation>
    </message>
    <message>
        <source>%1 was reached, but does not answer in HTTP.</source>
        <translation>Связь с %1 есть, но он отвечает не по HTTP.</translation>
    </message>
    <message>
        <source>The program that listens at the proxy&apos;s address does not answer as a proxy.</source>
        <translation>Программа, которая принимает подключения по адресу прокси, отвечает не как прокси.</translation>
    </message>
    <message>
        <source>The connection was closed before the answer came, at the step “%1”.</source>
        <translation>Соединение закрылось до прихода ответа, на шаге «%1».</translation>
    </message>
    <message>
        <source>No answer came in time, at the step “%1”.</source>
        <translation>Ответ не пришёл вовремя, на шаге «%1».</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Отменено.</translation>
    </message>
    <message>
        <source>This is not an address that can be tested: it must begin with https:// or http://.</source>
        <translation>Этот адрес нельзя проверить: он должен начинаться с https:// или http://.</translation>
    </message>
    <message>
        <source>The proxy requires TLS, but no TLS connection to it could be set up: %1.</source>
        <translation>Прокси требует TLS, но установить с ним TLS-соединение не удалось: %1.</translation>
    </message>
    <message>
        <source>Connections from this computer are a balancer&apos;s here: each must begin with a PROXY protocol header, which this test does not send. Test it through the balancer.</source>
        <translation>Подключения с этого компьютера считаются подключениями балансировщика: каждое должно начинаться с заголовка PROXY protocol, а эта проверка его не отправляет. Проверьте через балансировщик.</translation>
    </message>
    <message>
        <source>This computer has no port left for the test: %1. The proxy itself was reached.</source>
        <translation>На этом компьютере не осталось порта для проверки: %1. Сам прокси доступен.</translation>
    </message>
</context>
<context>
    <name>sami::gui::TimeoutsPage</name>
    <message>
        <source>&amp;Silence of a stream:</source>
        <translation>&amp;Тайм-аут тишины:</translation>
    </message>
    <message>
        <source>A request or tunnel in which neither side says anything for so long is closed. A thinking model is silent for many minutes.</source>
        <translation>Запрос или туннель, в котором обе стороны молчат столько времени, закрывается. Думающая модель молчит по многу минут.</translation>
    </message>
    <message>
        <source>&amp;Reaching a server:</source>
        <translation>&amp;Соединение с сервером:</translation>
    </message>
    <message>
        <source>Looking its name up, connecting and TLS, all its addresses together.</source>
        <translation>Поиск адреса по имени, соединение и TLS, на все адреса вместе.</translation>
    </message>
    <message>
        <source>Head of a re&amp;quest:</source>
        <translation>Ждать начала &amp;запроса:</translation>
    </message>
    <message>
        <source>A client must have sent it by then.</source>
        <translation>За это время клиент должен прислать начало запроса целиком.</translation>
    </message>
    <message>
        <source>TCP &amp;keepalive:</source>
        <translation>&amp;Проверка связи (TCP):</translation>
    </message>
    <message>
        <source>After so much silence a probe keeps routers from forgetting the connection; 0 turns it off.</source>
        <translation>После такой тишины отправляется проверка связи, чтобы роутеры не забыли соединение; 0 отключает её.</translation>
    </message>
</context>
<context>
    <name>sami::gui::TrafficChart</name>
    <message>
        <source>Traffic of the last minutes</source>
        <translation>Трафик за последние минуты</translation>
    </message>
    <message>
        <source>0 B/s</source>
        <translation>0 Б/с</translation>
    </message>
    <message>
        <source>Up: %1</source>
        <translation>Отдача: %1</translation>
    </message>
    <message>
        <source>Down: %1</source>
        <translation>Приём: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n минуту назад</numerusform>
            <numerusform>%n минуты назад</numerusform>
            <numerusform>%n минут назад</numerusform>
        </translation>
    </message>
    <message>
        <source>now</source>
        <translation>сейчас</translation>
    </message>
    <message>
        <source>the proxy was stopped</source>
        <translation>прокси был остановлен</translation>
    </message>
    <message>
        <source>the computer was asleep</source>
        <translation>компьютер спал</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>нет данных</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n connection(s)</source>
        <translation>
            <numerusform>%1, %n подключение</numerusform>
            <numerusform>%1, %n подключения</numerusform>
            <numerusform>%1, %n подключений</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::TrayApplication</name>
    <message>
        <source>Quit Sami LLM Proxy</source>
        <translation>Выход из Sami LLM Proxy</translation>
    </message>
    <message>
        <source>Cut now</source>
        <translation>Оборвать сейчас</translation>
    </message>
    <message>
        <source>Stop the proxy</source>
        <translation>Остановить прокси</translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s) are running.</source>
        <translation>
            <numerusform>Передаётся %n поток.</numerusform>
            <numerusform>Передаются %n потока.</numerusform>
            <numerusform>Передаются %n потоков.</numerusform>
        </translation>
    </message>
    <message>
        <source>Close all connections</source>
        <translation>Закрыть все подключения</translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s) are running and would be cut.</source>
        <translation>
            <numerusform>%n поток ещё передаётся и будет оборван.</numerusform>
            <numerusform>%n потока ещё передаются и будут оборваны.</numerusform>
            <numerusform>%n потоков ещё передаются и будут оборваны.</numerusform>
        </translation>
    </message>
    <message>
        <source>Quit and cut them</source>
        <translation>Выйти и оборвать</translation>
    </message>
    <message>
        <source>Finish streams, then quit</source>
        <translation>Дождаться конца потоков и выйти</translation>
    </message>
</context>
<context>
    <name>sami::gui::TrayIcon</name>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>Активных: %n</numerusform>
            <numerusform>Активных: %n</numerusform>
            <numerusform>Активных: %n</numerusform>
        </translation>
    </message>
    <message>
        <source>/s</source>
        <translation>/с</translation>
    </message>
</context>
<context>
    <name>sami::gui::TrayNotices</name>
    <message>
        <source>The proxy keeps running. Open this window again, or quit, from the icon here.</source>
        <translation>Прокси остаётся включённым. Открыть окно снова или выйти можно через этот значок.</translation>
    </message>
    <message>
        <source>The proxy stops when the running streams have finished. Open this window again, or quit, from the icon here.</source>
        <translation>Прокси остановится, когда закончатся идущие потоки. Открыть окно снова или выйти можно через этот значок.</translation>
    </message>
    <message>
        <source>The proxy is not running, but goes on trying to start. Open this window again, or quit, from the icon here.</source>
        <translation>Прокси не работает, но программа продолжает попытки его запустить. Открыть окно снова или выйти можно через этот значок.</translation>
    </message>
    <message>
        <source>The proxy is stopped. Start it, open this window again, or quit, from the icon here.</source>
        <translation>Прокси остановлен. Запустить его, открыть окно снова или выйти можно через этот значок.</translation>
    </message>
    <message>
        <source>Sami LLM Proxy is still running</source>
        <translation>Sami LLM Proxy продолжает работать</translation>
    </message>
    <message>
        <source>Look at the settings</source>
        <translation>Проверьте настройки</translation>
    </message>
    <message>
        <source>The proxy cannot start</source>
        <translation>Не удалось запустить прокси</translation>
    </message>
    <message>
        <source>The proxy is running</source>
        <translation>Прокси работает</translation>
    </message>
    <message>
        <source>The proxy is running again</source>
        <translation>Прокси снова работает</translation>
    </message>
    <message>
        <source>A client was blocked</source>
        <translation>Клиент заблокирован</translation>
    </message>
    <message>
        <source>%1 gave too many wrong passwords. Under “Denied” the block can be lifted.</source>
        <translation>%1: слишком много неверных паролей. Снять блокировку можно на вкладке «Отказы».</translation>
    </message>
    <message>
        <source>Requests take another way out</source>
        <translation>Запросы идут другим путём</translation>
    </message>
</context>
<context>
    <name>sami::gui::UserDialog</name>
    <message>
        <source>Hosts</source>
        <translation>Хосты</translation>
    </message>
    <message>
        <source>Let the user in only &amp;until:</source>
        <translation>Пускать т&amp;олько до:</translation>
    </message>
    <message>
        <source>Add a user</source>
        <translation>Новый пользователь</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>Изменить: %1</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Имя:</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>без ограничения</translation>
    </message>
    <message>
        <source>At once, at &amp;most:</source>
        <translation>Одновременно не &amp;более:</translation>
    </message>
    <message>
        <source>Requests and tunnels at once</source>
        <translation>Одновременные запросы и туннели</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Последний день</translation>
    </message>
    <message>
        <source>That day still counts; it ends at midnight UTC.</source>
        <translation>Этот день ещё действует; он кончается в полночь по UTC.</translation>
    </message>
    <message>
        <source>No&amp;te:</source>
        <translation>&amp;Заметка:</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Заметка</translation>
    </message>
    <message>
        <source>api.example.com, *.example.com:443 or @openai, for example</source>
        <translation>например, api.example.com, *.example.com:443 или @openai</translation>
    </message>
    <message>
        <source>&amp;Hosts:</source>
        <translation>&amp;Хосты:</translation>
    </message>
    <message>
        <source>While the list is empty, the user may reach what everybody may. What the page “Destinations” refuses stays refused.</source>
        <translation>Пока список пуст, пользователю доступно то же, что и всем. Запреты страницы «Назначения» остаются в силе.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>type a name</source>
        <translation>введите имя</translation>
    </message>
    <message>
        <source>there is a user of that name already</source>
        <translation>пользователь с таким именем уже есть</translation>
    </message>
    <message>
        <source>Hosts: %1</source>
        <translation>Хосты: %1</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>Заметка: %1</translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersModel</name>
    <message>
        <source>turned off</source>
        <translation>отключён</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>срок истёк</translation>
    </message>
    <message>
        <source>on</source>
        <translation>включён</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Whether the user can sign in, and why not</source>
        <translation>Может ли пользователь войти, и если нет, то почему</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>Хосты</translation>
    </message>
    <message>
        <source>Which of the allowed hosts the user may reach</source>
        <translation>Какие из разрешённых хостов доступны пользователю</translation>
    </message>
    <message>
        <source>all allowed ones</source>
        <translation>все разрешённые</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>До</translation>
    </message>
    <message>
        <source>The last day, in UTC</source>
        <translation>Последний день, по UTC</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Лимит</translation>
    </message>
    <message>
        <source>How many requests and tunnels the user may have at once</source>
        <translation>Сколько запросов и туннелей может быть у пользователя одновременно</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Заметка</translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersPage</name>
    <message>
        <source>Clients must give a &amp;user name and a password</source>
        <translation>Требовать от к&amp;лиентов имя пользователя и пароль</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Сгенерировать</translation>
    </message>
    <message>
        <source>File of users</source>
        <translation>Файл пользователей</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Все файлы (*)</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Without it, and without a file of users, everyone who reaches the port may use the proxy. Turn it on as soon as other devices can.</source>
        <translation>Без этого и без файла пользователей прокси доступен каждому, кто может подключиться к порту. Включите, как только порт станет доступен другим устройствам.</translation>
    </message>
    <message>
        <source>User &amp;name:</source>
        <translation>&amp;Имя пользователя:</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Показать пароль</translation>
    </message>
    <message>
        <source>Generate a password</source>
        <translation>Сгенерировать пароль</translation>
    </message>
    <message>
        <source>Pass&amp;word:</source>
        <translation>&amp;Пароль:</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>&amp;File of users:</source>
        <translation>&amp;Файл пользователей:</translation>
    </message>
    <message numerus="yes">
        <source> wrong password(s)</source>
        <comment>after the number in the field</comment>
        <translation>
            <numerusform> неверного пароля</numerusform>
            <numerusform> неверных паролей</numerusform>
            <numerusform> неверных паролей</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Block a client after:</source>
        <translation>&amp;Блокировать клиента после:</translation>
    </message>
    <message>
        <source>… wi&amp;thin:</source>
        <translation>… &amp;за время:</translation>
    </message>
    <message>
        <source>Wrong passwords before a client is blocked</source>
        <translation>Неверных паролей до блокировки клиента</translation>
    </message>
    <message>
        <source>Wrong passwords are counted for</source>
        <translation>Неверные пароли считаются за время</translation>
    </message>
    <message>
        <source>The block lasts twice as long, at most an hour. “Denied” lists it, and there it can be lifted.</source>
        <translation>Блокировка длится вдвое дольше, но не более часа. Она видна на вкладке «Отказы», там же её можно снять.</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>без изменений</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Скрыть</translation>
    </message>
    <message>
        <source>type a user name</source>
        <translation>введите имя пользователя</translation>
    </message>
    <message>
        <source>a user of the file has this name</source>
        <translation>такое имя есть у пользователя из файла</translation>
    </message>
    <message>
        <source>type a password, or press “Generate”</source>
        <translation>введите пароль или нажмите «Сгенерировать»</translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersPanel</name>
    <message>
        <source>&amp;Add…</source>
        <translation>Д&amp;обавить…</translation>
    </message>
    <message>
        <source>Chan&amp;ge…</source>
        <translation>Изм&amp;енить…</translation>
    </message>
    <message>
        <source>New passwor&amp;d…</source>
        <translation>&amp;Новый пароль…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Удалить…</translation>
    </message>
    <message>
        <source>Users of the file</source>
        <translation>Пользователи из файла</translation>
    </message>
    <message>
        <source>Turn &amp;on</source>
        <translation>&amp;Включить</translation>
    </message>
    <message>
        <source>Turn &amp;off</source>
        <translation>О&amp;тключить</translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersWords</name>
    <message>
        <source>There is no file of users yet. “Add” makes one beside the settings file; each user has a password and limits of their own.</source>
        <translation>Файла пользователей пока нет. Кнопка «Добавить» создаст его рядом с файлом настроек; у каждого пользователя свой пароль и свои ограничения.</translation>
    </message>
    <message>
        <source>The list cannot be shown: %1 %2</source>
        <comment>a file; what is wrong with it</comment>
        <translation>Показать список нельзя. %1: %2</translation>
    </message>
    <message>
        <source>A running proxy keeps its current list.</source>
        <translation>Работающий прокси пользуется прежним списком.</translation>
    </message>
    <message>
        <source>Changes in this list take effect at once, without “Apply”. Streams of a user who is removed or turned off are cut within seconds.</source>
        <translation>Изменения в этом списке действуют сразу, без кнопки «Применить». Потоки удалённого или отключённого пользователя обрываются в течение нескольких секунд.</translation>
    </message>
    <message>
        <source>These users can sign in once the file is applied.</source>
        <translation>Эти пользователи смогут войти, когда файл будет применён.</translation>
    </message>
    <message>
        <source>The file has no users and there is none above: nobody can use the proxy. Clear the file&apos;s field if no password should be asked for.</source>
        <translation>В файле никого нет, и выше пользователь не указан: прокси никому не доступен. Чтобы не спрашивать пароль, очистите поле файла.</translation>
    </message>
    <message>
        <source>With a file of users, everybody must sign in, on this computer too.</source>
        <translation>При файле пользователей пароль нужен всем, и на этом компьютере тоже.</translation>
    </message>
    <message>
        <source>Nothing was changed: %1 %2</source>
        <comment>a file; what is wrong with it</comment>
        <translation>Ничего не изменено. %1: %2</translation>
    </message>
    <message>
        <source>So far nobody has to sign in. Once there is a user, everybody must, programs on this computer too.</source>
        <translation>Сейчас пароль ни у кого не спрашивается. С первым пользователем он понадобится всем, в том числе программам на этом компьютере.</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) of this user will be cut.</source>
        <translation>
            <numerusform>Будет оборвано %n подключение этого пользователя.</numerusform>
            <numerusform>Будут оборваны %n подключения этого пользователя.</numerusform>
            <numerusform>Будут оборваны %n подключений этого пользователя.</numerusform>
        </translation>
    </message>
    <message>
        <source>Turn off a user</source>
        <translation>Отключение пользователя</translation>
    </message>
    <message>
        <source>Turn off %1?</source>
        <translation>Отключить %1?</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Отключить</translation>
    </message>
    <message>
        <source>Remove a user</source>
        <translation>Удаление пользователя</translation>
    </message>
    <message>
        <source>Remove %1 and the password? This cannot be undone; turning the user off can.</source>
        <translation>Удалить %1 вместе с паролем? Отменить это нельзя, а отключение — можно.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Новый пароль</translation>
    </message>
    <message>
        <source>Make a new password for %1? The old one stops working; running streams go on.</source>
        <translation>Создать новый пароль для %1? Старый сразу перестанет подходить; текущие потоки не прервутся.</translation>
    </message>
    <message>
        <source>Make a new one</source>
        <translation>Создать новый</translation>
    </message>
    <message>
        <source>The field is empty, but the proxy still uses %1. Until you apply the change, its users can sign in, and none can be added.</source>
        <translation>Поле пустое, но прокси всё ещё использует %1. Пока изменение не применено, пользователи из этого файла могут входить, а добавить новых нельзя.</translation>
    </message>
</context>
<context>
    <name>sami::gui::Wording</name>
    <message>
        <source>this client is not in the list of allowed IPs</source>
        <translation>этого клиента нет в списке разрешённых IP</translation>
    </message>
    <message>
        <source>blocked after too many wrong passwords</source>
        <translation>блокировка за неверные пароли</translation>
    </message>
    <message>
        <source>no user name and password were given</source>
        <translation>не указаны имя пользователя и пароль</translation>
    </message>
    <message>
        <source>wrong user name or password</source>
        <translation>неверное имя пользователя или пароль</translation>
    </message>
    <message>
        <source>this host is not in the list of destinations</source>
        <translation>этого хоста нет в списке назначений</translation>
    </message>
    <message>
        <source>this port is not in the list of ports</source>
        <translation>этого порта нет в списке портов</translation>
    </message>
    <message>
        <source>the destination has a private or local address</source>
        <translation>это адрес частной или локальной сети</translation>
    </message>
    <message>
        <source>the destination is this computer itself</source>
        <translation>запрос направлен на этот же компьютер</translation>
    </message>
    <message>
        <source>the request leads back to this proxy</source>
        <translation>запрос ведёт обратно к этому прокси</translation>
    </message>
    <message>
        <source>this client has too many connections</source>
        <translation>у этого клиента слишком много подключений</translation>
    </message>
    <message>
        <source>the proxy has too many connections</source>
        <translation>у прокси слишком много подключений</translation>
    </message>
    <message>
        <source>too many unfinished requests are held already</source>
        <translation>незавершённых запросов уже слишком много</translation>
    </message>
    <message>
        <source>the name server did not answer in time</source>
        <translation>сервер имён не ответил вовремя</translation>
    </message>
    <message>
        <source>the rules forbid the address of the host</source>
        <translation>правила запрещают адрес хоста</translation>
    </message>
    <message>
        <source>there is no route to the host (network unreachable)</source>
        <translation>к хосту нет маршрута (сеть недоступна)</translation>
    </message>
    <message>
        <source>the host refused the connection</source>
        <translation>хост отклонил соединение</translation>
    </message>
    <message>
        <source>the host did not answer in time</source>
        <translation>хост не ответил вовремя</translation>
    </message>
    <message>
        <source>the server cut the connection</source>
        <translation>сервер оборвал соединение</translation>
    </message>
    <message>
        <source>the certificate of the server is not trusted</source>
        <translation>сертификат сервера не вызывает доверия</translation>
    </message>
    <message>
        <source>no encrypted connection could be set up (TLS)</source>
        <translation>не удалось установить шифрованное соединение (TLS)</translation>
    </message>
    <message>
        <source>the proxy ran out of resources</source>
        <translation>прокси не хватило ресурсов</translation>
    </message>
    <message>
        <source>the server was silent for too long</source>
        <translation>сервер слишком долго молчал</translation>
    </message>
    <message>
        <source>the answer of the server broke off</source>
        <translation>ответ сервера оборвался</translation>
    </message>
    <message>
        <source>the server did not answer in valid HTTP</source>
        <translation>сервер ответил не по правилам HTTP</translation>
    </message>
    <message>
        <source>the request was not valid HTTP</source>
        <translation>запрос составлен не по правилам HTTP</translation>
    </message>
    <message>
        <source>the server refused to change the protocol</source>
        <translation>сервер отказался сменить протокол</translation>
    </message>
    <message>
        <source>the server changed the protocol unasked</source>
        <translation>сервер сменил протокол без запроса</translation>
    </message>
    <message>
        <source>the answer broke off before its end</source>
        <translation>ответ оборвался, не дойдя до конца</translation>
    </message>
    <message>
        <source>the request broke off before its end</source>
        <translation>запрос оборвался, не дойдя до конца</translation>
    </message>
    <message>
        <source>the server closed without an answer</source>
        <translation>сервер закрыл соединение без ответа</translation>
    </message>
    <message>
        <source>the client did not finish its request in time</source>
        <translation>клиент не завершил запрос вовремя</translation>
    </message>
    <message>
        <source>the Host field is missing or malformed</source>
        <translation>поле Host отсутствует или задано неверно</translation>
    </message>
    <message>
        <source>the Max-Forwards field is malformed</source>
        <translation>поле Max-Forwards задано неверно</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Остановлен</translation>
    </message>
    <message>
        <source>Running at %1</source>
        <translation>Работает на %1</translation>
    </message>
    <message>
        <source>Finishing running streams at %1, then stopping</source>
        <translation>Завершает текущие потоки на %1, затем остановится</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>подключается</translation>
    </message>
    <message>
        <source>streaming</source>
        <translation>передаёт</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>ждёт ответа</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>ждёт запроса</translation>
    </message>
    <message>
        <source>closing</source>
        <translation>закрывается</translation>
    </message>
    <message>
        <source>This is read from timing alone: the proxy does not look inside. Nothing is closed because of it.</source>
        <translation>Определено только по времени: прокси не смотрит внутрь. Из-за этого ничего не закрывается.</translation>
    </message>
    <message>
        <source>The proxy is reaching the server.</source>
        <translation>Прокси устанавливает соединение с сервером.</translation>
    </message>
    <message>
        <source>Data is moving.</source>
        <translation>Данные передаются.</translation>
    </message>
    <message>
        <source>The client spoke last and waits for an answer: a thinking model can take many minutes.</source>
        <translation>Последним говорил клиент, он ждёт ответа: модель может думать много минут.</translation>
    </message>
    <message>
        <source>The server spoke last: the answer is probably over and the connection is kept for the next request.</source>
        <translation>Последним говорил сервер: ответ, скорее всего, закончен, и подключение сохраняется для следующего запроса.</translation>
    </message>
    <message>
        <source>The last data is being delivered.</source>
        <translation>Доставляются последние данные.</translation>
    </message>
    <message>
        <source>Complete after %1</source>
        <translation>Завершено за %1</translation>
    </message>
    <message>
        <source>The client closed the connection after %1</source>
        <translation>Клиент закрыл подключение через %1</translation>
    </message>
    <message>
        <source>The server closed the connection after %1</source>
        <translation>Сервер закрыл соединение через %1</translation>
    </message>
    <message>
        <source>The client cut the connection after %1 (reset)</source>
        <translation>Клиент оборвал подключение через %1 (сброс)</translation>
    </message>
    <message>
        <source>The server, or something on the way to it, cut the connection after %1 (reset)</source>
        <translation>Сервер или узел на пути к нему оборвал соединение через %1 (сброс)</translation>
    </message>
    <message>
        <source>Lost contact with the client: no answer to keep-alive probes, silent for %1</source>
        <translation>Связь с клиентом потеряна (нет ответа на проверку), молчание %1</translation>
    </message>
    <message>
        <source>Lost contact with the server: no answer to keep-alive probes, silent for %1</source>
        <translation>Связь с сервером потеряна (нет ответа на проверку), молчание %1</translation>
    </message>
    <message>
        <source>The connection to the client failed after %1</source>
        <translation>Ошибка подключения клиента через %1</translation>
    </message>
    <message>
        <source>The connection to the server failed after %1</source>
        <translation>Ошибка соединения с сервером через %1</translation>
    </message>
    <message>
        <source>Closed by the proxy: both sides were silent for %1</source>
        <translation>Закрыто прокси: обе стороны молчали %1</translation>
    </message>
    <message>
        <source>The server could not be reached in time (%1)</source>
        <translation>Не удалось вовремя соединиться с сервером (%1)</translation>
    </message>
    <message>
        <source>Closed by the proxy: the client did not finish its request within %1</source>
        <translation>Закрыто прокси: клиент не завершил запрос за %1</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Отказ: %1</translation>
    </message>
    <message>
        <source>The server could not be reached: %1</source>
        <translation>Не удалось соединиться с сервером: %1</translation>
    </message>
    <message>
        <source>Refused as not valid HTTP: %1</source>
        <translation>Отклонено, запрос не по правилам HTTP: %1</translation>
    </message>
    <message>
        <source>The answer could not be passed on: %1</source>
        <translation>Ответ не удалось передать дальше: %1</translation>
    </message>
    <message>
        <source>Closed because the proxy was stopped, after %1</source>
        <translation>Оборвано остановкой прокси через %1</translation>
    </message>
    <message>
        <source>Refused because of a limit: %1</source>
        <translation>Отклонено из-за ограничения: %1</translation>
    </message>
    <message>
        <source>Closed by hand in this program, after %1</source>
        <translation>Закрыто вами через %1</translation>
    </message>
    <message>
        <source>the proxy is being stopped</source>
        <translation>прокси останавливается</translation>
    </message>
    <message>
        <source>the proxy has no such page of its own</source>
        <translation>у самого прокси нет такой страницы</translation>
    </message>
    <message>
        <source>the proxy&apos;s own pages answer GET, HEAD and OPTIONS only</source>
        <translation>страницы самого прокси отвечают только на GET, HEAD и OPTIONS</translation>
    </message>
    <message>
        <source>the rules of the proxy forbid it</source>
        <translation>это запрещают правила прокси</translation>
    </message>
    <message>
        <source>the proxy holds too much unfinished data</source>
        <translation>прокси удерживает слишком много незавершённых данных</translation>
    </message>
    <message>
        <source>the name has a fake-IP address, as Clash, sing-box and similar programs on this computer give</source>
        <translation>имя получило fake-IP-адрес: такие выдают Clash, sing-box и подобные программы на этом компьютере</translation>
    </message>
    <message>
        <source>there is no host of that name</source>
        <translation>хоста с таким именем не существует</translation>
    </message>
    <message>
        <source>the name of the host could not be looked up</source>
        <translation>не удалось узнать адрес хоста по его имени</translation>
    </message>
    <message>
        <source>the client speaks TLS to the proxy: the proxy&apos;s address in its settings must begin with http://, not https://</source>
        <translation>клиент обращается к прокси по TLS: адрес прокси в его настройках должен начинаться с http://, а не с https://</translation>
    </message>
    <message>
        <source>it began with the PROXY protocol (version 1); switch it off in the balancer before the proxy</source>
        <translation>подключение началось с протокола PROXY (версия 1); отключите его на балансировщике перед прокси</translation>
    </message>
    <message>
        <source>it began with the PROXY protocol (version 2); switch it off in the balancer before the proxy</source>
        <translation>подключение началось с протокола PROXY (версия 2); отключите его на балансировщике перед прокси</translation>
    </message>
    <message>
        <source>the client speaks SOCKS4; choose an HTTP proxy in its settings</source>
        <translation>клиент обращается по протоколу SOCKS4; выберите в его настройках HTTP-прокси</translation>
    </message>
    <message>
        <source>the client speaks SOCKS5; choose an HTTP proxy in its settings</source>
        <translation>клиент обращается по протоколу SOCKS5; выберите в его настройках HTTP-прокси</translation>
    </message>
    <message>
        <source>the client speaks HTTP/2 to the proxy, which takes HTTP/1.1</source>
        <translation>клиент обращается к прокси по HTTP/2, а прокси принимает HTTP/1.1</translation>
    </message>
    <message>
        <source>the proxy takes no new work now</source>
        <translation>прокси сейчас не принимает новые запросы</translation>
    </message>
    <message>
        <source>this computer has no TLS library</source>
        <translation>на этом компьютере нет библиотеки TLS</translation>
    </message>
    <message>
        <source>this computer has no list of trusted certificate authorities</source>
        <translation>на этом компьютере нет списка доверенных центров сертификации</translation>
    </message>
    <message>
        <source>the host has no address of the chosen family (IPv4 or IPv6)</source>
        <translation>у хоста нет адреса выбранного протокола (IPv4 или IPv6)</translation>
    </message>
    <message>
        <source>this computer no longer has the address to connect from</source>
        <translation>у этого компьютера больше нет адреса, с которого надо подключаться</translation>
    </message>
    <message>
        <source>a setting of the proxy does not fit</source>
        <translation>настройка прокси не подходит</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>Завершено</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Оборвано</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Отказано</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>Сервер недоступен</translation>
    </message>
    <message>
        <source>No request</source>
        <translation>Без запроса</translation>
    </message>
    <message>
        <source>Cut by the client</source>
        <translation>Оборвал клиент</translation>
    </message>
    <message>
        <source>Cut by the server</source>
        <translation>Оборвал сервер</translation>
    </message>
    <message>
        <source>Cut by the proxy</source>
        <translation>Оборвал прокси</translation>
    </message>
    <message>
        <source>Cut by you</source>
        <translation>Оборвано вами</translation>
    </message>
    <message>
        <source>The client closed the connection before its request was complete, after %1</source>
        <translation>Клиент закрыл подключение, не закончив запрос, через %1</translation>
    </message>
    <message>
        <source>The client closed the connection without a request, after %1</source>
        <translation>Клиент закрыл подключение без запроса через %1</translation>
    </message>
    <message>
        <source>The client closed the connection before the answer was complete, after %1</source>
        <translation>Клиент закрыл подключение, не дождавшись конца ответа, через %1</translation>
    </message>
    <message>
        <source>The client gave up before the server was reached, after %1</source>
        <translation>Клиент отключился раньше, чем удалось связаться с сервером, через %1</translation>
    </message>
    <message>
        <source>The client gave up before the answer began, after %1</source>
        <translation>Клиент отключился, не дождавшись ответа, через %1</translation>
    </message>
    <message>
        <source>The client cut the connection before its request was complete, after %1 (reset)</source>
        <translation>Клиент оборвал подключение, не закончив запрос, через %1 (сброс)</translation>
    </message>
    <message>
        <source>Lost contact with the client before its request was complete: no answer to keep-alive probes, silent for %1</source>
        <translation>Связь с клиентом потеряна до конца запроса: нет ответа на проверку, молчание %1</translation>
    </message>
    <message>
        <source>The connection to the client failed before its request was complete, after %1</source>
        <translation>Ошибка подключения клиента до конца запроса, через %1</translation>
    </message>
    <message>
        <source>The server closed the connection without an answer, after %1</source>
        <translation>Сервер закрыл соединение, не ответив, через %1</translation>
    </message>
    <message>
        <source>The server closed the connection before its answer was complete, after %1</source>
        <translation>Сервер закрыл соединение, не закончив ответ, через %1</translation>
    </message>
    <message>
        <source>The server, or something on the way to it, cut the connection without an answer, after %1 (reset)</source>
        <translation>Сервер или что-то на пути к нему оборвало соединение без ответа через %1 (сброс)</translation>
    </message>
    <message>
        <source>The server, or something on the way to it, cut the connection before the answer was complete, after %1 (reset)</source>
        <translation>Сервер или что-то на пути к нему оборвало соединение посреди ответа через %1 (сброс)</translation>
    </message>
    <message>
        <source>Lost contact with the server before it answered: no answer to keep-alive probes, silent for %1</source>
        <translation>Связь с сервером потеряна до ответа: он не отзывается на проверку, молчание %1</translation>
    </message>
    <message>
        <source>Lost contact with the server before its answer was complete: no answer to keep-alive probes, silent for %1</source>
        <translation>Связь с сервером потеряна посреди ответа: он не отзывается на проверку, молчание %1</translation>
    </message>
    <message>
        <source>The connection to the server failed before it answered, after %1</source>
        <translation>Ошибка соединения с сервером до ответа, через %1</translation>
    </message>
    <message>
        <source>The connection to the server failed before its answer was complete, after %1</source>
        <translation>Ошибка соединения с сервером посреди ответа, через %1</translation>
    </message>
    <message>
        <source>Answered by the proxy itself: %1</source>
        <translation>Ответил сам прокси: %1</translation>
    </message>
    <message>
        <source>Given up by the proxy: the server did not answer within %1</source>
        <translation>Прокси прервал ожидание: сервер не ответил за %1</translation>
    </message>
    <message>
        <source>The name server did not answer in time (%1)</source>
        <translation>Сервер имён не ответил вовремя (%1)</translation>
    </message>
    <message>
        <source>Ended because the client sent invalid HTTP: %1</source>
        <translation>Прервано из-за неверного HTTP от клиента: %1</translation>
    </message>
    <message>
        <source>Cut because of a limit, after %1: %2</source>
        <translation>Оборвано из-за ограничения через %1: %2</translation>
    </message>
    <message>
        <source>Closed by the proxy: no request came within %1</source>
        <translation>Закрыто прокси: за %1 не пришло ни одного запроса</translation>
    </message>
    <message>
        <source>The server could not be reached</source>
        <translation>Не удалось соединиться с сервером</translation>
    </message>
    <message>
        <source>Refused as not valid HTTP</source>
        <translation>Отклонено, запрос не по правилам HTTP</translation>
    </message>
    <message>
        <source>The answer could not be passed on</source>
        <translation>Ответ не удалось передать дальше</translation>
    </message>
    <message>
        <source>Refused because of a limit</source>
        <translation>Отклонено из-за ограничения</translation>
    </message>
    <message>
        <source>no data yet</source>
        <comment>the state of a connection; its time may follow</comment>
        <translation>без данных</translation>
    </message>
    <message>
        <source>The connection is open, and nothing has been asked for or sent over it yet.</source>
        <translation>Соединение открыто, но по нему ещё ничего не запрашивали и не передавали.</translation>
    </message>
    <message>
        <source>Can&apos;t listen on %1 – retrying</source>
        <translation>Не удаётся принимать подключения на %1 – повторяем попытки</translation>
    </message>
    <message>
        <source>the client did not finish its TLS handshake in time</source>
        <translation>клиент не успел завершить рукопожатие TLS</translation>
    </message>
    <message>
        <source>the proxy has no memory left for another TLS connection</source>
        <translation>у прокси не осталось памяти на ещё одно соединение TLS</translation>
    </message>
    <message>
        <source>the TLS connection of the client broke off</source>
        <translation>соединение TLS с клиентом оборвалось</translation>
    </message>
    <message>
        <source>the proxy takes requests over TLS only</source>
        <translation>прокси принимает запросы только по TLS</translation>
    </message>
    <message>
        <source>the client does not trust the certificate of this proxy</source>
        <translation>клиент не доверяет сертификату этого прокси</translation>
    </message>
    <message>
        <source>the client speaks only TLS that is older than 1.2</source>
        <translation>клиент знает только версии TLS до 1.2</translation>
    </message>
    <message>
        <source>the client has no cipher in common with this proxy</source>
        <translation>у клиента нет общего шифра с этим прокси</translation>
    </message>
    <message>
        <source>the client wants another protocol than HTTP/1.1 inside TLS</source>
        <translation>клиент хочет внутри TLS другой протокол, не HTTP/1.1</translation>
    </message>
    <message>
        <source>the client did not send valid TLS</source>
        <translation>клиент ошибся в протоколе TLS</translation>
    </message>
    <message>
        <source>the client gave up the TLS handshake</source>
        <translation>клиент прервал рукопожатие TLS</translation>
    </message>
    <message>
        <source>the client closed during the TLS handshake</source>
        <translation>клиент закрыл соединение во время рукопожатия TLS</translation>
    </message>
    <message>
        <source>the TLS handshake with the client failed</source>
        <translation>рукопожатие TLS с клиентом не удалось</translation>
    </message>
    <message>
        <source>the client does not keep to the SOCKS5 protocol</source>
        <translation>клиент не соблюдает протокол SOCKS5</translation>
    </message>
    <message>
        <source>the client offered no way to sign in (SOCKS5)</source>
        <translation>клиент не предложил ни одного способа входа (SOCKS5)</translation>
    </message>
    <message>
        <source>the client offered no way to sign in that is known here (SOCKS5)</source>
        <translation>клиент не предложил ни одного известного здесь способа входа (SOCKS5)</translation>
    </message>
    <message>
        <source>the client gave an address of an unknown kind (SOCKS5)</source>
        <translation>клиент указал адрес неизвестного вида (SOCKS5)</translation>
    </message>
    <message>
        <source>the client asked for BIND or UDP of SOCKS5; only CONNECT is served</source>
        <translation>клиент запросил BIND или UDP протокола SOCKS5, а обслуживается только CONNECT</translation>
    </message>
    <message>
        <source>the name of the host is missing or malformed (SOCKS5)</source>
        <translation>имя хоста отсутствует или записано неправильно (SOCKS5)</translation>
    </message>
    <message>
        <source>the client asked for port 0 (SOCKS5)</source>
        <translation>клиент запросил порт 0 (SOCKS5)</translation>
    </message>
    <message>
        <source>the balancer sent no PROXY protocol header</source>
        <translation>балансировщик не прислал заголовок протокола PROXY</translation>
    </message>
    <message>
        <source>the balancer sent a malformed PROXY protocol header</source>
        <translation>балансировщик прислал неправильный заголовок протокола PROXY</translation>
    </message>
    <message>
        <source>the balancer did not say who the client is</source>
        <translation>балансировщик не сообщил, кто клиент</translation>
    </message>
    <message>
        <source>Cut after %1: %2</source>
        <translation>Оборвано через %1: %2</translation>
    </message>
    <message>
        <source>the connection to the server on the way out broke off</source>
        <translation>соединение с вышестоящим прокси оборвалось</translation>
    </message>
    <message>
        <source>the server on the way out showed another key than the pinned one</source>
        <translation>вышестоящий прокси показал не тот ключ, который закреплён</translation>
    </message>
    <message>
        <source>the server on the way out refuses the user name and password of this proxy</source>
        <translation>вышестоящий прокси не принимает имя и пароль этого прокси</translation>
    </message>
    <message>
        <source>the server on the way out does not answer as a proxy</source>
        <translation>вышестоящий прокси отвечает не как прокси</translation>
    </message>
    <message>
        <source>the server on the way out cannot serve now</source>
        <translation>вышестоящий прокси сейчас не может обслужить запрос</translation>
    </message>
    <message>
        <source>the server on the way out does not serve that host</source>
        <translation>вышестоящий прокси не обслуживает этот хост</translation>
    </message>
    <message>
        <source>the way out leads in a circle</source>
        <translation>вышестоящие прокси ведут по кругу</translation>
    </message>
    <message>
        <source>the server on the way out could not reach the host</source>
        <translation>вышестоящий прокси не смог подключиться к хосту</translation>
    </message>
    <message>
        <source>no server on the way out answers, and nothing goes out without one</source>
        <translation>ни один вышестоящий прокси не отвечает, а без него наружу ничего не идёт</translation>
    </message>
    <message>
        <source>the host could not be reached</source>
        <translation>хост недоступен</translation>
    </message>
    <message>
        <source>this user has too many connections at once</source>
        <translation>у этого пользователя слишком много соединений сразу</translation>
    </message>
    <message>
        <source>too many passwords were waiting to be checked</source>
        <translation>слишком много паролей ждало проверки</translation>
    </message>
    <message>
        <source>this user has been removed</source>
        <translation>этот пользователь удалён</translation>
    </message>
    <message>
        <source>this user is disabled</source>
        <translation>этот пользователь отключён</translation>
    </message>
    <message>
        <source>this user has expired</source>
        <translation>срок этого пользователя истёк</translation>
    </message>
    <message>
        <source>this user may not reach that host</source>
        <translation>этому пользователю этот хост недоступен</translation>
    </message>
</context>
</TS>
