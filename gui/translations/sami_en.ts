<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>sami::gui::BlocksPanel</name>
    <message numerus="yes">
        <source>%n client(s) gave too many wrong passwords and are blocked: even the right one is refused now.</source>
        <translation>
            <numerusform>%n client gave too many wrong passwords and is blocked: even the right one is refused now.</numerusform>
            <numerusform>%n clients gave too many wrong passwords and are blocked: even the right one is refused now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Lift %n block(s)</source>
        <translation>
            <numerusform>Lift %n block</numerusform>
            <numerusform>Lift %n blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::ConnectionsPage</name>
    <message numerus="yes">
        <source>paused, %n new</source>
        <translation>
            <numerusform>paused, %n new</numerusform>
            <numerusform>paused, %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n connection(s)</source>
        <translation>
            <numerusform>%1 of %n connection</numerusform>
            <numerusform>%1 of %n connections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>C&amp;lose %n connection(s)</source>
        <translation>
            <numerusform>C&amp;lose %n connection</numerusform>
            <numerusform>C&amp;lose %n connections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s) are running and would be cut.</source>
        <translation>
            <numerusform>%n stream is running and would be cut.</numerusform>
            <numerusform>%n streams are running and would be cut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Close %n connection(s)</source>
        <translation>
            <numerusform>Close %n connection</numerusform>
            <numerusform>Close %n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::CopySettingsMenu</name>
    <message numerus="yes">
        <source>%n more user(s)</source>
        <translation>
            <numerusform>%n more user</numerusform>
            <numerusform>%n more users</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::DamageText</name>
    <message numerus="yes">
        <source>The settings file is damaged: %n line(s) do not count, the others do.</source>
        <translation>
            <numerusform>The settings file is damaged: %n line does not count, the others do.</numerusform>
            <numerusform>The settings file is damaged: %n lines do not count, the others do.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::DeniedBadge</name>
    <message numerus="yes">
        <source>%n new refusal(s) since you last looked</source>
        <translation>
            <numerusform>%n new refusal since you last looked</numerusform>
            <numerusform>%n new refusals since you last looked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n client(s) blocked</source>
        <translation>
            <numerusform>%n client blocked</numerusform>
            <numerusform>%n clients blocked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::DurationEdit</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::HostsPane</name>
    <message numerus="yes">
        <source>%n finished request(s) are not counted here: too many ended at once.</source>
        <translation>
            <numerusform>%n finished request is not counted here: too many ended at once.</numerusform>
            <numerusform>%n finished requests are not counted here: too many ended at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::LimitsPage</name>
    <message numerus="yes">
        <source> byte(s)</source>
        <comment>after the number in the field</comment>
        <translation>
            <numerusform> byte</numerusform>
            <numerusform> bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::LogModel</name>
    <message numerus="yes">
        <source>… %n line(s) lost here …</source>
        <translation>
            <numerusform>… %n line lost here …</numerusform>
            <numerusform>… %n lines lost here …</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::LogPage</name>
    <message numerus="yes">
        <source>%n file(s) at most</source>
        <translation>
            <numerusform>%n file at most</numerusform>
            <numerusform>%n files at most</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::MainWindow</name>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n live</numerusform>
            <numerusform>%n live</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Since %1: ↑ %2  ↓ %3, %n request(s)</source>
        <comment>when the program was started</comment>
        <translation>
            <numerusform>Since %1: ↑ %2  ↓ %3, %n request</numerusform>
            <numerusform>Since %1: ↑ %2  ↓ %3, %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::RecentPane</name>
    <message numerus="yes">
        <source>%n finished</source>
        <translation>
            <numerusform>%n finished</numerusform>
            <numerusform>%n finished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n finished</source>
        <translation>
            <numerusform>%1 of %n finished</numerusform>
            <numerusform>%1 of %n finished</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::Remedy</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <comment>names, and how many are not shown</comment>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerTestView</name>
    <message numerus="yes">
        <source>(then %n more)</source>
        <translation>
            <numerusform>(then %n more)</numerusform>
            <numerusform>(then %n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::ServerWording</name>
    <message numerus="yes">
        <source>its certificate is good for %n day(s)</source>
        <translation>
            <numerusform>its certificate is good for %n day</numerusform>
            <numerusform>its certificate is good for %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::ShutOutText</name>
    <message numerus="yes">
        <source>%n connected client(s) would be shut out: %1</source>
        <translation>
            <numerusform>%n connected client would be shut out: %1</numerusform>
            <numerusform>%n connected clients would be shut out: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::StrandedStreams</name>
    <message numerus="yes">
        <source>%n running stream(s) belong to clients that may no longer use the proxy.</source>
        <translation>
            <numerusform>%n running stream belongs to a client that may no longer use the proxy.</numerusform>
            <numerusform>%n running streams belong to clients that may no longer use the proxy.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running stream(s) go to destinations that are no longer allowed.</source>
        <translation>
            <numerusform>%n running stream goes to a destination that is no longer allowed.</numerusform>
            <numerusform>%n running streams go to destinations that are no longer allowed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running stream(s) began without a user name and password that are valid now.</source>
        <translation>
            <numerusform>%n running stream began without a user name and password that are valid now.</numerusform>
            <numerusform>%n running streams began without a user name and password that are valid now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::TrafficChart</name>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n connection(s)</source>
        <translation>
            <numerusform>%1, %n connection</numerusform>
            <numerusform>%1, %n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::TrayApplication</name>
    <message numerus="yes">
        <source>%n stream(s) are running.</source>
        <translation>
            <numerusform>%n stream is running.</numerusform>
            <numerusform>%n streams are running.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s) are running and would be cut.</source>
        <translation>
            <numerusform>%n stream is running and would be cut.</numerusform>
            <numerusform>%n streams are running and would be cut.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::TrayIcon</name>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n live</numerusform>
            <numerusform>%n live</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersPage</name>
    <message numerus="yes">
        <source> wrong password(s)</source>
        <comment>after the number in the field</comment>
        <translation>
            <numerusform> wrong password</numerusform>
            <numerusform> wrong passwords</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sami::gui::UsersWords</name>
    <message numerus="yes">
        <source>%n connection(s) of this user will be cut.</source>
        <translation>
            <numerusform>%n connection of this user will be cut.</numerusform>
            <numerusform>%n connections of this user will be cut.</numerusform>
        </translation>
    </message>
</context>
</TS>
