// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/text/coresentences.h"

#include <QtGlobal>

#include <array>

/// The core's sentences about the users' file and the link to the proxy. All others are in
/// coresentences.h.
namespace sami::gui {

inline constexpr std::array userSentences {
    // users/user.cpp
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "it has a line break, and a user is one line") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it has a control character") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it begins or ends with a blank") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it has an invisible character (U+%1)") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the name is empty") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "it has more than %1 octets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "\"#\" in front makes it a comment") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "write a number from 1 to %1, or 0 for no limit") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "write the last day like 2027-01-31") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText", "names no host; leave it out to allow what ALLOWED_HOSTS allows") },
    // users/userstext.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "%1 appears twice") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "disabled takes no value: leave it out to let the user in") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "no host contains a $; is a line break missing?") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "note: %1") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "there is a key that this program does not know; there are connections=, "
                          "hosts=, until=, disabled and, as the last, note=") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "there is no colon; a line is NAME:HASH") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the name: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the hash %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "line 1: there is a byte order mark; save the file as UTF-8 without one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "the name is already in line %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "has no user of that name") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "already has a user of that name, in line %1") },
    // users/usersfile.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is not there; sami-llm-proxy user add NAME makes it") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has more than 4 MiB; that is not a list of users") },
    // users/passwordhash.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is damaged: a piece of it is missing, or something was put in") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "costs too much: checking it can take over a second. Make one of "
                                 "a lower cost, or let user passwd make it") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is missing: a line has at least NAME:HASH") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "is not one that this program knows. If it is the password itself, "
                          "remove it: user add and user passwd make passwords and their hashes") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has fewer than %1 iterations, which does not stop guessing; "
                                 "let user passwd make another") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is of the kind %1, which this system's crypt(3) does not know; "
                                 "user passwd makes one that is known everywhere") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is of a kind that is not accepted; there are $2y$ and $2b$ "
                                 "(htpasswd -B), $y$, $6$, and what user passwd makes") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "cannot be made: the cryptographic library failed") },
    // users/rosterwatch.cpp
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "it is empty; if nobody is to be let in, write a comment in it") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "it has a user of the same name as PROXY_AUTH_USERNAME: remove one of the two") },
    // base/editedfile_portable.cpp, base/editedfile_unix.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "cannot be written: its folder does not exist, or this user may not write to it") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is a folder, not a file") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "is in a folder that is a symbolic link; name the folder that it leads to") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "cannot be created: its folder does not exist; make the folder "
                                 "first") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText", "is in a folder that cannot be opened: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "keeps being replaced; try again later") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "is not there") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is a symbolic link; name the file that it leads to") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "cannot be locked: %1 in its folder is not a regular file") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot be locked: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is being changed by another process that does not finish") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "has more than %1 octets; this program did not write it") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "belongs to user %1 and group %2, which writing it would "
                                 "change; do it as that user, or as root") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "cannot be written: this user may not write to its folder; do "
                                 "it as the folder's owner, or as root") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "cannot be replaced: it is mounted as a single file; mount its folder instead") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "cannot be written: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "would have more than %1 octets") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "was changed by somebody else meanwhile; try again") },
    // door/ownlink.cpp
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "write a host, or a host and a port, without https:// and without a path") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "the proxy listens on %1 alone, which other machines do not reach: the link works for "
        "them once PROXY_ADDRESS is 0.0.0.0, or where something passes their connections on") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "this link is for clear text, so anybody on the way can read "
                                 "which hosts are called: %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "must give the name or address at which clients reach this proxy: this machine does not "
        "listen at a public address") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "means any free port; write the one that clients use, as in "
                                 "--host proxy.example.com:8443") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText", "PROXY_TLS is off") },
    Sentence {
        QT_TRANSLATE_NOOP("sami::gui::CoreText",
                          "the proxy has no certificate to show; PROXY_STATE_DIR gives it one") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "the proxy's certificate is not for this host, which matters "
                                 "only to clients that check it without the pin: %1") },
    Sentence { QT_TRANSLATE_NOOP(
        "sami::gui::CoreText",
        "this link is for clear text, so anybody on the way can read its password: %1") },
    Sentence { QT_TRANSLATE_NOOP("sami::gui::CoreText",
                                 "is needed: every user of %1 has a link of their own") },
};

} // namespace sami::gui
