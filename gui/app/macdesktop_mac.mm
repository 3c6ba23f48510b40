// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/macdesktop.h"

#import <AppKit/AppKit.h>
#include <utility>

namespace {

sami::gui::macdesktop::Events heard;

} // namespace

@interface SamiDesktopListener : NSObject
- (void)listenToReopening:(NSNotification *)notification;
- (void)handleReopening:(NSAppleEventDescriptor *)event
         withReplyEvent:(NSAppleEventDescriptor *)reply;
- (void)handlePowerOff:(NSNotification *)notification;
@end

@implementation SamiDesktopListener

- (void)listenToReopening:(NSNotification *)notification
{
    (void)notification;
    // Replaces AppKit's own handler, which Qt turns into an activation: those come for other
    // reasons too.
    [[NSAppleEventManager sharedAppleEventManager] setEventHandler:self
                                                       andSelector:@selector(handleReopening:
                                                                              withReplyEvent:)
                                                     forEventClass:kCoreEventClass
                                                        andEventID:kAEReopenApplication];
}

- (void)handleReopening:(NSAppleEventDescriptor *)event
         withReplyEvent:(NSAppleEventDescriptor *)reply
{
    (void)event;
    (void)reply;
    if (heard.reopened)
        heard.reopened();
}

- (void)handlePowerOff:(NSNotification *)notification
{
    (void)notification;
    if (heard.sessionEnds)
        heard.sessionEnds();
}

@end

namespace sami::gui::macdesktop {

void listen(Events events)
{
    heard = std::move(events);
    static SamiDesktopListener *listener = nil;
    if (listener)
        return;
    listener = [[SamiDesktopListener alloc] init]; // for as long as the program runs
    // AppKit installs its own handlers before the launch is finished, and would replace earlier
    // ones.
    if (NSRunningApplication.currentApplication.finishedLaunching) {
        [listener listenToReopening:nil];
    } else {
        [NSNotificationCenter.defaultCenter addObserver:listener
                                               selector:@selector(listenToReopening:)
                                                   name:NSApplicationDidFinishLaunchingNotification
                                                 object:nil];
    }
    [NSWorkspace.sharedWorkspace.notificationCenter addObserver:listener
                                                       selector:@selector(handlePowerOff:)
                                                           name:NSWorkspaceWillPowerOffNotification
                                                         object:nil];
}

void setInDock(bool inDock)
{
    [NSApp setActivationPolicy:inDock ? NSApplicationActivationPolicyRegular
                                      : NSApplicationActivationPolicyAccessory];
}

bool trayClickOpensMenu()
{
    return true;
}

} // namespace sami::gui::macdesktop
