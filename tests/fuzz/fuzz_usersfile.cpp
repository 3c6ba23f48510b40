// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a users' file.
#include "fuzzing.h"
#include "users/userstext.h"

using namespace sami;
using namespace sami::users;

namespace {

void judgeUser(const User &user)
{
    fuzzing::require(nameProblem(user.name).isEmpty(), "a name can be one");
    fuzzing::require(!user.name.contains(':') && !user.name.contains('\n'),
                     "a name leaves its place in the line");
    fuzzing::require(user.connections >= 0 && user.connections <= 1'000'000, "a number is bounded");
    fuzzing::require(!user.until || user.until->isValid(), "a day is one");
    fuzzing::require(noteProblem(user.note).isEmpty(), "a note is one line");
    fuzzing::require(user.hash.text().startsWith('$'), "a hash is no password");
    const auto again = parseUsers(lineOf(user));
    fuzzing::require(again && again->users().size() == 1 && *again->users().first() == user,
                     "what is printed reads the same");
}

/// The lines that are no user's, and those of all users but one.
QByteArrayList otherLines(const QByteArray &content, const QByteArray &name)
{
    QByteArrayList others;
    for (const QByteArray &line : content.split('\n')) {
        if (!line.startsWith(name + ':'))
            others.append(line);
    }
    return others;
}

void judgeChanges(const QByteArray &content, const UsersList &list, const UserPtr &user)
{
    const auto switched = withChangedUser(
        content, user->name, [](User &changed) { changed.isDisabled = !changed.isDisabled; });
    fuzzing::require(switched.has_value(), "a user who is there can be changed");
    const auto read = parseUsers(*switched);
    fuzzing::require(read && read->users().size() == list.users().size(), "nobody is lost");
    fuzzing::require(read->find(user->name)->isDisabled != user->isDisabled, "the change is there");
    fuzzing::require(otherLines(*switched, user->name) == otherLines(content, user->name),
                     "other lines stay");
    const auto removed = withoutUser(content, user->name);
    const auto left = removed ? parseUsers(*removed) : parseUsers(content);
    fuzzing::require(left && left->users().size() == list.users().size() - 1
                         && !left->find(user->name),
                     "who is taken out is out, and nobody else");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray content = fuzzing::viewOf(data, size).toByteArray();
    const auto list = parseUsers(content);
    if (!list) {
        fuzzing::require(list.error().startsWith(u"line "), "a fault has its line");
        fuzzing::require(!list.error().contains(QLatin1StringView("$pbkdf2-sha512$1")),
                         "a fault shows no hash");
        return 0;
    }
    for (const UserPtr &user : list->users()) {
        judgeUser(*user);
        fuzzing::require(list->find(user->name) == user, "who is in the list is found");
    }
    static_cast<void>(list->dummyHashFor(content.left(20)));
    if (!list->isEmpty())
        judgeChanges(content, *list, list->users().first());
    User added { "added by nobody else",
                 PasswordHash::parse("$pbkdf2-sha512$210000$AAAAAAAAAAAAAAAAAAAAAA$"
                                     + QByteArray(86, 'A'))
                     .value(),
                 0,
                 {},
                 {},
                 false,
                 {} };
    const auto with = withUser(content, added);
    fuzzing::require(with.has_value() != bool(list->find(added.name)), "who is there is not added");
    fuzzing::require(!with || with->startsWith(content), "what was there is there");
    fuzzing::require(!with || parseUsers(*with)->users().size() == list->users().size() + 1,
                     "one more is one more");
    return 0;
}
