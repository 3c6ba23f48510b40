// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <array>

/// The core's sentences that the window shows, grouped by source file: coretext.cpp's table.
/// tst_coretext compares it with those sources.
namespace sami::gui {

inline constexpr char anything[] = "(.*)";
/// Only a choice of words, "one or two": otherwise "write %1" would match sentences that have no
/// translation.
inline constexpr char choices[] = "(\\w+(?: or \\w+)+)";

struct Sentence
{
    const char *text;
    const char *part = anything; ///< what a placeholder may match
};

inline constexpr std::array sentences {
    // config/sourceaddress.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "not an address of this machine; write one that it has, or leave the setting out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "no connection can be made from it: %1") },
    // config/optionparsers.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the list has no entry; leave the setting out instead") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the quotes are part of the value; leave them out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write %1"), choices },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write a whole number%1 from %2 to %3") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of milliseconds") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of seconds") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of attempts") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of connections") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of bytes") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", " of threads") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write an address: 127.0.0.1 or ::1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the address alone; the port has a setting of its own") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "write an address of this machine like 192.0.2.7, or 127.0.0.1 (this "
                          "machine only), 0.0.0.0 (every IPv4 address), :: (every address)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write true, false, or a list of ranges like 192.168.1.0/24") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "a user name cannot have a colon (RFC 7617)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is a directory; name a file with PEM certificates") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "cannot be read: %1; user %2 needs the right to read it, and to "
                                 "enter its folder") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot be read: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has no PEM certificate (-----BEGIN CERTIFICATE-----)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "no such preset; did you mean %1? There are %2") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText", "write an address of this machine like 192.0.2.7 or 2001:db8::7") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a link-local address reaches nothing beyond its own link; write a global one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "stands for every address; write one, or leave the setting out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "nothing can be sent from such an address; write the address "
                                 "of a host") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is the second of its family; write at most one of each") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the whole path of a folder, from the root") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has a blank in it; put a comma between two entries") },
    // config/servername.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "write a name like proxy.example.com, or an address like 192.0.2.7 or 2001:db8::7") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "an address with a zone means something only on this machine") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "no server can be reached at such an address; write the address of a "
                          "host") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write each name; a wildcard is for certificates of your own") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the name in its ASCII form (xn--…)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write the name alone, without a scheme or a port") },
    // config/passwordfile.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a directory, not a file") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is empty") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "begins with a byte order mark; save it as UTF-8 without one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is not UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "holds no password: %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "it has a line break (does it come from a file with Windows line ends?)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "it has a control character, which RFC 7617 does not allow") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it is not UTF-8") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "it is a pair of quotes with nothing in it; leave the setting out instead") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "it names a variable, and nothing has put its value there (docker "
                                 "run --env-file does not)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "it is a placeholder, which everyone knows; choose a password of your "
                          "own, such as openssl rand -hex 24 prints") },
    // config/settingswriter.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a value has no line breaks") },
    // policy/cidr.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "an address or a range is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a zone (%…) has no meaning in a list; leave it out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the address without brackets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "not an address (like 192.0.2.7 or 2001:db8::1) or a range (like "
                                 "192.0.2.0/24)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "write an IPv4-mapped address as IPv4: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the prefix length must be 0 to %1") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "the address has bits set beyond the prefix; write %1 for the network "
                          "or %2 for the one address") },
    // policy/accessrules.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the only word that may stand here is private; everything else is "
                                 "an address or a range") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the host name is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "\"*\" may only stand in front, as in *.example.com") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write an international name as punycode (xn--…)") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "write the host alone, without a scheme, a path or a prefix length") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a host name has only letters, digits, \"-\", \"_\" and \".\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "not a host name") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "not an IPv4 address: write four decimal numbers, as in 192.0.2.7") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the closing \"]\" of the IPv6 address is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "only a port may follow the \"]\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "brackets are for IPv6 addresses only") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the host alone, without a scheme") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the port must be 1 to 65535") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "\"*\" alone would allow every host; leave the list empty for that, or "
                          "write *.example.com") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "\"*.\" goes before a name, not before an address") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "not an IPv6 address") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a preset takes no port; ALLOWED_PORTS says which ports") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "no such preset; there are %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write a port from 1 to 65535, or a range like 1024-65535") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the range is reversed; write %1-%2") },
    // server/listener.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 is in use by another program: stop that program or choose another "
                          "PROXY_PORT") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 is not an address of this machine: set PROXY_ADDRESS to one of "
                          "its own, 0.0.0.0 for all, or 127.0.0.1 for this machine alone") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "%1 may not be opened by this user: choose a PROXY_PORT over 1023 or "
                          "give the program the right to bind low ports") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot listen on %1: %2") },
    // server/machinenetworks.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "cannot read this machine's own addresses, which nobody may reach "
                          "through the proxy: %1. It takes a free descriptor, and on Linux the "
                          "right to open a netlink socket") },
    // config/inifile.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "there are no sections; remove this line") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "not \"key = value\" and not a comment (# …)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a key has only letters, digits, \"_\", \"-\" and \".\"") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the value is not UTF-8; save the file as UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a NUL in the value") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a carriage return inside the line; save the file with LF or CRLF line ends") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "%1 is set here and on line %2; keep one of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a directory, not a settings file") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is over 1 MiB; that is not a settings file") },
    // config/settingsloader.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "unknown key") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "unknown key; did you mean %1?") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the password itself is set too (%1); keep one of the two") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "a user name without a password; set %1 or %2 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a password without a user name; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a certificate without its key; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a key without its certificate; set %1 too, or none of them") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "there is no certificate to show; set %1, where the proxy makes one, or %2 and %3") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "clients can speak TLS with the proxy on Linux only") },
    // config/proxyurl.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "has quotes around it; leave them out") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is broken over two lines; write it in one") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a % is not followed by two hexadecimal digits; write a percent sign as %1") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "the percent-encoded octets are not UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the user name before the @ is missing") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "this is not a user name: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the user name has over %1 octets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "this is not a password: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the password has over %1 octets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "this is not a host; write a name like proxy.example.com, or "
                                 "an address like 192.0.2.7 or [2001:db8::7]") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write an IPv6 address in brackets, as in [2001:db8::7]:8443") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "write a port after the host, 1 to 65535") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write key=value after the ?, with & between them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has over %1 octets; that is not the address of a proxy") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has a blank or another character that must be percent-encoded "
                                 "(a blank is %1)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has a #; in a user name or a password write it as %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "write the whole address of a proxy, as in https://user:password@proxy.example.com:8443") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "a user name or a password has a bare @, / or ?; write them as %1, %2 and %3") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the address of a proxy ends at the port; leave the path out") },
    // config/parenturl.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the same pin is given twice; keep one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "%1 is given twice; keep one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "this is not a pin; write the 43 characters of base64url that "
                                 "stand for 32 octets, or what --pin prints") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "there are more than %1 pins; keep those that are in use") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "tls may only be 0; without it the link is for TLS") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the key %1 is not known; there are %2") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "pin, name and tls") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "pin and name") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText", "a link with a user name has a password too; write user:password") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "SOCKS5 takes a password of 1 to 255 octets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "no such kind of parent; there are sami-proxy://, https://, "
                                 "http://, socks5:// and direct") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a pin is for a parent with TLS, and this one uses clear text; "
                                 "leave the pin out, or write https://") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a name has 1 to %1 octets") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "a name neither begins nor ends with a blank") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "a name has no control characters, and no blanks but the usual one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "direct means no parent at all; choose another name") },
    // config/link.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "this is not a link; one begins with sami-proxy://") },
    // config/parentlist.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "goes on in the next line; write it in one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the list has no entry; write direct, or leave the setting out") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "direct comes before it, so it is never used; put direct last") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the list has more than %1 entries") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is already in the list; keep one of them") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "another entry has the same name; give one of them another with ?name=…") },
    // config/secretfile.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is open to others; chmod 600 it") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "can be written by others; chmod 600 it") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is not a regular file") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is over 64 KiB") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "line %1: %2") },
    // config/parentchecks.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "a user name without a password; write user:password (user: for "
                                 "an empty one), or give the password in %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "this parent has no user name in the list; write user@ before its host") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "this parent already has a password; keep one of the two") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "leads to this proxy itself, which listens on port %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "write a parent's name, a blank and its password; a blank in the name is %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the password is missing") },
    // config/adminchecks.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write an address and a port, such as 127.0.0.1:9464") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "Unix sockets are for Linux only; take 127.0.0.1 and a port") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "write the whole path, such as unix:/run/sami-llm-proxy/admin.sock") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "a socket's path has 107 octets at most") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write an address and a port, such as 127.0.0.1:8081 or "
                                 "[::1]:8081, with tls: before it for TLS") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "the port is a whole number from 0 to 65535") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "beyond this machine a token would travel in clear text; write tls:%1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "%1: counts for the doors of PROXY_ADMIN, and there are none") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "that is the proxy's own port; choose another one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "another door has that port already; choose another one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "%1 is off") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "nobody could show a token; set %1, or %2, where the file admin-tokens has them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "%1: anyone who can reach %2 can read the metrics, without a "
                                 "token") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is given twice") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write at least one door, such as 127.0.0.1:8081") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "there can be at most eight doors") },
    // gui/control/settingsstore.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "cannot be set aside: make its folder writable, or name another file with --config") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a link to a file that is not there") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the servers of the settings file cannot be read, so nothing "
                                 "goes out: enter them again, or keep the good lines to do "
                                 "without them") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the keychain has not given the passwords of all servers, so "
                                 "nothing goes out: unlock it, or enter these servers again") },
    // gui/control/settingssalvage.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is UTF-16; save it as UTF-8") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "does not count while an access rule may be missing") },
};

} // namespace sami::gui
