#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Installs the Debian packages in a bare Debian booted with its own systemd, and uses them: service, settings, stop,
# upgrade, removal; then the tray app's window on its own display. Needs root. Builds the packages first if there are
# none. Leaves a picture of the window in build/debian/tray.png.
# shellcheck disable=SC2016  # Single quotes protect text for the root's shell.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/setup.sh

if [ "$(id -u)" -ne 0 ]; then
    echo "This needs root: it boots a Debian of its own. Run it with sudo." >&2
    exit 1
fi
ensure_packages curl imagemagick iproute2 lintian man-db mmdebstrap openssl python3 util-linux xauth \
    xdotool xvfb
if ! compgen -G "build/packages/sami-llm-proxy*.deb" >/dev/null || [ ! -f build/debian/CPackConfig.cmake ]; then
    packaging/debian/build.sh
fi

work=$(mktemp -d /var/tmp/sami-debian.XXXXXX)
root=$work/root
pids=()
boot=
cleanup() {
    local pid
    for pid in "${pids[@]}" $boot; do kill "$pid" 2>/dev/null || true; done
    # A booted system keeps mounts in the root until it has ended.
    [ -z "$boot" ] || wait "$boot" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT

fails() { ! "$@"; }
is() { [ "$1" = "$2" ] || { echo "is: $1"; echo "should be: $2"; return 1; }; }
has() { grep -qF -- "$2" <<<"$1" || { echo "not in it: $2"; echo "$1"; return 1; }; }
eventually() {
    local _
    for _ in $(seq 150); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

say "A bare Debian (mmdebstrap)"
# With libnss-systemd, as on most machines: there everybody sees dynamic users.
mmdebstrap --quiet --variant=minbase --include=systemd-sysv,libnss-systemd --skip=cleanup/apt \
    --customize-hook="mkdir \"\$1/packages\" && cp build/packages/sami-llm-proxy*.deb \"\$1/packages\"" \
    --customize-hook='chroot "$1" sh -c "apt-get -qq -y --no-install-recommends --download-only install /packages/*.deb"' \
    bookworm "$root" >"$work/mmdebstrap.log" 2>&1 || { cat "$work/mmdebstrap.log" >&2; exit 1; }
# The same packages with a higher version.
cpack --config build/debian/CPackConfig.cmake -D CPACK_DEBIAN_PACKAGE_RELEASE=2 -B "$work/newer" \
    >"$work/cpack.log" 2>&1 || { cat "$work/cpack.log" >&2; exit 1; }
# A package from before the permanent user: with a dynamic user that exists only while the service runs, and that gets a
# copy of settings readable by root only.
former=$work/former
dpkg-deb -R build/packages/sami-llm-proxy_*.deb "$former"
sed -i 's/^Version: .*/Version: 0.0.1-1/; /^Depends:/s/systemd | [^,]*, //' "$former/DEBIAN/control"
rm -r "$former/usr/lib/sysusers.d"
sed -i '/make_user$/d; /open_settings$/d; /^ExecReload=/d; /^User=/d; /^Group=/d; /^StateDirectory/d; /^Environment=/d
    s|^ExecStart=.*|LoadCredential=sami-llm-proxy.conf:/etc/sami-llm-proxy.conf\nExecStart=/usr/bin/sami-llm-proxy --config %d/sami-llm-proxy.conf\nDynamicUser=yes|' \
    "$former/DEBIAN/postinst" "$former/lib/systemd/system/sami-llm-proxy.service"
sed -i '/state_dir/d' "$former/etc/sami-llm-proxy.conf"
(cd "$former" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | xargs md5sum >DEBIAN/md5sums)
mkdir "$root/former"
dpkg-deb --root-owner-group -b "$former" "$root/former/sami-llm-proxy_0.0.1-1_all.deb" >/dev/null
echo "127.0.0.1 localhost" >"$root/etc/hosts"
mkdir "$root/newer"
cp "$work"/newer/*.deb "$root/newer"

say "Booting it"
packaging/debian/boot.py "$root" "$work/init" &
boot=$!
eventually test -s "$work/init" || { echo "It did not boot." >&2; exit 1; }
init=$(cat "$work/init")
in_root() { nsenter -t "$init" -m -u -i -n -p -C -r -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    DEBIAN_FRONTEND=noninteractive SYSTEMD_COLORS=0 "$@"; }
# Background jobs call nsenter itself, which becomes the program, so that $! is the one to kill.
on_network() { nsenter -t "$init" -n "$@"; }
property() { in_root systemctl show --value -p "$1" sami-llm-proxy; }
install_deb() { in_root sh -c "apt-get -qq -y --no-install-recommends install $1"; }
answers() { on_network curl -sS -m 20 -o /dev/null -w '%{http_code}' "$@" || true; }
status_is() { [ "$(property StatusText)" = "$1" ]; }
settings=$root/etc/sami-llm-proxy.conf

check "the system runs" eventually in_root systemctl is-system-running --quiet
say "The packages"
for deb in build/packages/sami-llm-proxy*.deb; do
    check "lintian has nothing to say of $(basename "$deb")" \
        lintian -EvIL +pedantic --fail-on error,warning,info,pedantic,experimental "$deb"
done

say "From an earlier version"
check "an earlier version installs" install_deb '/former/sami-llm-proxy_*.deb'
check "it runs under a user that exists only meanwhile" fails grep -q '^sami-llm-proxy:' "$root/etc/passwd"
check "that user is seen by everybody" in_root getent passwd sami-llm-proxy
echo "max_url_length = 4321" >>"$settings"
check "it takes edited settings" in_root systemctl restart sami-llm-proxy
cp "$settings" "$work/edited.conf"
check "it is upgraded" install_deb '-o Dpkg::Options::=--force-confold /packages/sami-llm-proxy_*.deb'
check "the edited settings are kept" cmp "$settings" "$work/edited.conf"
check "there is a user that stays" grep -q '^sami-llm-proxy:' "$root/etc/passwd"
check "the settings are its to read" is "$(stat -c '%a %u' "$settings") $(in_root stat -c '%G' /etc/sami-llm-proxy.conf)" \
    "640 0 sami-llm-proxy"
check "the new version runs" is "$(property ActiveState) $(property User)" "active sami-llm-proxy"
check "it answers" is "$(answers http://127.0.0.1:8080/health)" 200
check "it has made its identity" test -s "$root/var/lib/sami-llm-proxy/identity.key"
check "root can ask for its pin" has \
    "$(in_root sami-llm-proxy --config /etc/sami-llm-proxy.conf --state-dir /var/lib/sami-llm-proxy --pin)" "sha256//"
check "it is purged" in_root apt-get -qq -y purge sami-llm-proxy
check "a purge takes the identity" fails test -e "$root/var/lib/sami-llm-proxy"

say "The service"
check "the daemon installs" install_deb '/packages/sami-llm-proxy_*.deb'
check "nothing of it is changed after installing" in_root dpkg --verify sami-llm-proxy
check "its settings are root's to write and the service's to read" \
    is "$(in_root stat -c '%a %U:%G' /etc/sami-llm-proxy.conf)" "640 root:sami-llm-proxy"
check "its settings are a conffile" has \
    "$(in_root dpkg-query -W -f '${Conffiles}' sami-llm-proxy)" /etc/sami-llm-proxy.conf
check "the program, the unit and the man page are there" test -x "$root/usr/bin/sami-llm-proxy" \
    -a -f "$root/lib/systemd/system/sami-llm-proxy.service" \
    -a -f "$root/usr/share/man/man1/sami-llm-proxy.1.gz"
check "every setting is in the file, with what holds without it" is \
    "$(sed -nE 's/^#?([a-z_]+) = ?.*/\1/p' "$settings" | wc -l)" \
    "$(in_root sami-llm-proxy --check-config | grep -c '^[A-Z0-9_]* = ')"
check "the file with all its lines active changes only address, state folder and admin door" is \
    "$(sed -E 's/^#([a-z_]+ =)/\1/' "$settings" >"$work/all.conf" && cp "$work/all.conf" "$root/all.conf" &&
        in_root sami-llm-proxy --config /all.conf --check-config | sed 's/ *(.*)$//' |
        diff - <(in_root sami-llm-proxy --check-config | sed 's/ *(.*)$//') | grep -c '^[<>]')" 6
rm -f "$root/all.conf"
check "it is enabled" in_root systemctl is-enabled --quiet sami-llm-proxy
check "it has told systemd that it is ready, and where" \
    is "$(property ActiveState) $(property StatusText)" "active listening on 127.0.0.1:8080"
check "it listens on this machine alone" is \
    "$(on_network ss -ltnH | awk '{print $4}')" 127.0.0.1:8080
check "it answers" is "$(answers http://127.0.0.1:8080/health)" 200
# process_has PATTERN: a line in the daemon's /proc/…/status.
process_has() {
    grep -Eq "$1" <(in_root cat "/proc/$(property MainPID)/status") ||
        { in_root cat "/proc/$(property MainPID)/status"; return 1; }
}
check "its user is not root" process_has '^Uid:(\s+[1-9][0-9]{2}){4}$'
check "it leaves no core dump" has "$(in_root cat "/proc/$(property MainPID)/limits")" "Max core file size        0 "
check "it has no capabilities" process_has '^CapEff:\s+0+$'
check "it cannot get any" process_has '^NoNewPrivs:\s+1$'
check "its system calls are filtered" process_has '^Seccomp:\s+2$'
check "systemd-analyze verify has nothing to say" is \
    "$(in_root systemd-analyze verify --man=no sami-llm-proxy.service 2>&1)" ""
check "systemd-analyze security says at most 2.0" \
    in_root systemd-analyze security --offline=true --threshold=20 --no-pager \
    /lib/systemd/system/sami-llm-proxy.service
in_root systemd-analyze security --offline=true --no-pager \
    /lib/systemd/system/sami-llm-proxy.service | tail -1
check "the log is in the journal" has \
    "$(in_root journalctl -q -u sami-llm-proxy -o cat)" "address=127.0.0.1 port=8080"

say "Its identity"
identity=$root/var/lib/sami-llm-proxy
pin() { in_root sami-llm-proxy --config /etc/sami-llm-proxy.conf --pin; }
check "it is its user's alone" is "$(in_root stat -c '%a %U:%G' /var/lib/sami-llm-proxy{,/identity.key} | tr '\n' ' ')" \
    "700 sami-llm-proxy:sami-llm-proxy 600 sami-llm-proxy:sami-llm-proxy "
first_pin=$(pin)
check "root can ask for the pin" has "$first_pin" "sha256//"
check "the log has it" has "$(in_root journalctl -q -u sami-llm-proxy -o cat)" "$first_pin"
check "it is another one's with another key" has \
    "$(in_root sami-llm-proxy --config /etc/sami-llm-proxy.conf --new-identity)" "old pin: $first_pin"
check "the service takes that at a reload" in_root systemctl reload sami-llm-proxy
# Asked again, so that a failed row shows the current log.
logs_pin() { in_root journalctl -q -u sami-llm-proxy -o cat | grep -qF -- "$(pin)"; }
check "the log has the new pin" eventually logs_pin
check "what root made is the service's" is "$(find "$identity" -user 0 | wc -l)" 0
check "a restart keeps it" in_root systemctl restart sami-llm-proxy
check "its pin is the same" fails is "$(pin)" "$first_pin"

say "Its admin door"
ask() { in_root sami-llm-proxy "$@" --config /etc/sami-llm-proxy.conf; }
check "it is its user's and root's alone" is \
    "$(in_root stat -c '%a %U' /run/sami-llm-proxy{,/admin.sock} | tr '\n' ' ')" "700 sami-llm-proxy 600 sami-llm-proxy "
check "root asks how it is" has "$(ask status)" "listening on 127.0.0.1:8080"
check "scripts are told the same" has "$(ask status --json)" '"listening":"127.0.0.1:8080"'
check "a restart makes the socket again" in_root systemctl restart sami-llm-proxy
check "root asks that one" has "$(ask status)" "listening on 127.0.0.1:8080"

say "Through it"
mkdir "$work/web"
echo hello >"$work/web/index.html"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$work/key.pem" -out "$work/ca.pem" -days 2 2>/dev/null
nsenter -t "$init" -n python3 -m http.server --bind 127.0.0.1 --directory "$work/web" 8000 >/dev/null 2>&1 &
pids+=($!)
(cd "$work/web" && exec nsenter -t "$init" -n openssl s_server -quiet -WWW -accept 127.0.0.1:8443 \
    -cert "$work/ca.pem" -key "$work/key.pem" >/dev/null 2>&1) &
pids+=($!)
eventually on_network curl -s -o /dev/null http://127.0.0.1:8000/
proxy=(-x http://127.0.0.1:8080 --noproxy '')
check "a private destination is refused as shipped" \
    is "$(answers "${proxy[@]}" http://127.0.0.1:8000/)" 403
install -m 644 "$work/ca.pem" "$root/etc/origin-ca.pem"
printf '%s\n' "allow_private_targets = 127.0.0.0/8" "auth_username = admin" "auth_password = it;is \\\\ a 100% secret" \
    "upstream_ca_file = /etc/origin-ca.pem" "allowed_hosts = 127.0.0.1,localhost" >>"$settings"
check "a change is honoured after a restart" in_root systemctl restart sami-llm-proxy
auth=(--proxy-user 'admin:it;is \\ a 100% secret')
check "a password is asked for then" is "$(answers "${proxy[@]}" http://127.0.0.1:8000/)" 407
check "a request passes" is "$(answers "${proxy[@]}" "${auth[@]}" http://127.0.0.1:8000/)" 200
check "a tunnel passes" is \
    "$(answers "${proxy[@]}" "${auth[@]}" --cacert "$work/ca.pem" https://localhost:8443/index.html)" 200
credentials=$(printf 'admin:it;is \\\\ a 100%% secret' | base64 -w0)
check "it fetches https:// itself, so its TLS is complete" has "$(on_network timeout 20 bash -c \
    "exec 5<>/dev/tcp/127.0.0.1/8080
     printf 'GET https://localhost:8443/index.html HTTP/1.1\r\nHost: localhost\r\nProxy-Authorization: Basic %s\r\nConnection: close\r\n\r\n' $credentials >&5
     cat <&5")" hello
before=$(property MainPID)
sed -i 's/^allowed_hosts = .*/allowed_hosts = localhost/' "$settings"
check "a reload is taken" in_root systemctl reload sami-llm-proxy
reloaded() { [ "$(answers "${proxy[@]}" "${auth[@]}" http://127.0.0.1:8000/)" = 403 ]; }
check "new settings count then" eventually reloaded
check "it is the same process" is "$(property MainPID)" "$before"
sed -i 's/^allowed_hosts = .*/allowed_hosts = 127.0.0.1,localhost/' "$settings"
check "the old ones are set again" in_root systemctl reload sami-llm-proxy
check "and count" eventually fails reloaded

cp "$settings" "$work/right.conf"
echo "port = nonsense" >>"$settings"
check "wrong settings fail the start" fails in_root systemctl restart sami-llm-proxy
check "wrong settings are not tried again" is \
    "$(property ActiveState) $(property ExecMainStatus) $(property NRestarts)" "failed 2 0"
check "the journal names the wrong setting" has \
    "$(in_root journalctl -q -u sami-llm-proxy -o cat)" nonsense
cp "$work/right.conf" "$settings"
check "right ones start it again" in_root systemctl start sami-llm-proxy
first=$(property MainPID)
check "its process can be killed" in_root systemctl kill --signal=KILL sami-llm-proxy
restarted() { [ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != "$first" ]; }
check "it is started again when it was killed" eventually restarted

say "A port below 1024"
mkdir -p "$root/etc/systemd/system/sami-llm-proxy.service.d"
echo "port = 80" >>"$settings"
check "it cannot be had as shipped" fails in_root systemctl restart sami-llm-proxy
# The unit's comments say what to put there.
sed -n 's/^#   //p' "$root/lib/systemd/system/sami-llm-proxy.service" \
    >"$root/etc/systemd/system/sami-llm-proxy.service.d/port.conf"
in_root systemctl daemon-reload
check "it can with the lines that the unit has for it" in_root systemctl restart sami-llm-proxy
check "it answers there" is "$(answers http://127.0.0.1:80/health)" 200
rm "$root/etc/systemd/system/sami-llm-proxy.service.d/port.conf"
cp "$work/right.conf" "$settings"

say "Stop"
echo "shutdown_grace_ms = 60000" >>"$settings"
printf '[Service]\nTimeoutStopSec=2s\n' >"$root/etc/systemd/system/sami-llm-proxy.service.d/test.conf"
in_root systemctl daemon-reload
check "it starts with a longer grace time" in_root systemctl restart sami-llm-proxy
nsenter -t "$init" -n bash -c "exec 5<>/dev/tcp/127.0.0.1/8080
    printf 'CONNECT 127.0.0.1:8000 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nProxy-Authorization: Basic %s\r\n\r\n' $credentials >&5
    read -r line <&5
    echo \"\$line\" >'$work/tunnel'
    exec sleep infinity" &
tunnel=$!
pids+=("$tunnel")
eventually test -s "$work/tunnel" || true
check "a tunnel is open" has "$(cat "$work/tunnel" 2>/dev/null)" "200"
in_root systemctl stop --no-block sami-llm-proxy
check "a stop tells what it waits for" eventually status_is "stopping: 1 connections may finish"
# Longer than TimeoutStopSec=: only the daemon's own request keeps it alive.
sleep 5
check "it is given the grace time that it asks for" \
    is "$(property ActiveState)" deactivating
kill "$tunnel"
inactive() { [ "$(property ActiveState)" = inactive ]; }
check "it ends with its last tunnel" eventually inactive
check "it ended well" is "$(property Result) $(property ExecMainStatus)" "success 0"
rm -r "$root/etc/systemd/system/sami-llm-proxy.service.d"
in_root systemctl daemon-reload
check "it starts again" in_root systemctl start sami-llm-proxy

say "Upgrade"
cp "$settings" "$work/edited.conf"
first=$(property MainPID)
check "a higher version installs" install_deb '/newer/sami-llm-proxy_*.deb'
check "it is the higher version" has "$(in_root dpkg-query -W -f '${Version}' sami-llm-proxy)" "-2"
check "the edited settings are kept" cmp "$settings" "$work/edited.conf"
check "their mode is kept" is "$(in_root stat -c '%a %U:%G' /etc/sami-llm-proxy.conf)" "640 root:sami-llm-proxy"
check "the new version runs" restarted
check "a request passes" is "$(answers "${proxy[@]}" "${auth[@]}" http://127.0.0.1:8000/)" 200
in_root systemctl disable --now --quiet sami-llm-proxy
check "it installs anew" install_deb '--reinstall /newer/sami-llm-proxy_*.deb'
check "what was disabled stays disabled" fails in_root systemctl is-enabled --quiet sami-llm-proxy

say "Both"
check "the tray app installs beside the daemon" install_deb '/packages/sami-llm-proxy-tray_*.deb'
check "nothing of it is changed after installing" in_root dpkg --verify sami-llm-proxy-tray

say "Removal"
check "it starts again" in_root systemctl start sami-llm-proxy
check "the daemon is removed" in_root apt-get -qq -y remove sami-llm-proxy
check "its port is closed" is "$(on_network ss -ltnH 'sport = 8080')" ""
check "its identity stays" test -s "$identity/identity.key"
check "its settings stay" cmp "$settings" "$work/edited.conf"
check "it is purged" in_root apt-get -qq -y purge sami-llm-proxy
# Without the archives of this test and of apt.
leftovers() {
    find "$root" -xdev \( -path "$root/packages" -o -path "$root/newer" -o -path "$root/former" -o -path "$root/var/cache/apt" \) -prune \
        -o -name '*sami-llm-proxy*' "$@" -print
}
check "a purge leaves nothing" is "$(leftovers ! -name '*sami-llm-proxy-tray*')" ""
check "systemd has forgotten it" is "$(property LoadState)" not-found

say "The tray app"
nsenter -t "$init" -n Xvfb :77 -screen 0 1280x800x24 -listen tcp -ac >/dev/null 2>&1 &
pids+=($!)
export DISPLAY=127.0.0.1:77
eventually on_network xdotool getdisplaygeometry >/dev/null 2>&1 || true
check "the desktop entry's program is there" in_root sh -c \
    'command -v "$(sed -n "s/^Exec=\([^ ]*\).*/\1/p" /usr/share/applications/sami-llm-proxy-tray.desktop)"'
check "the icon and the software centre's text are there" test \
    -f "$root/usr/share/icons/hicolor/scalable/apps/sami-llm-proxy-tray.svg" \
    -a -f "$root/usr/share/icons/hicolor/256x256/apps/sami-llm-proxy-tray.png" \
    -a -f "$root/usr/share/metainfo/sami-llm-proxy-tray.metainfo.xml"
check "the man page is there" test -f "$root/usr/share/man/man1/sami-llm-proxy-tray.1.gz"
in_root useradd -m person
as_person() {
    in_root setpriv --reuid person --regid person --init-groups env DISPLAY="$DISPLAY" HOME=/home/person \
        LANG=C.UTF-8 "$@"
}
as_person sami-llm-proxy-tray >"$work/tray.log" 2>&1 &
tray=$!
pids+=("$tray")
shown() { on_network xdotool search --onlyvisible --name 'Sami LLM Proxy' >/dev/null 2>&1; }
check "its window opens" eventually shown
check "it listens on this machine alone" is \
    "$(on_network ss -ltnH 'sport = 8080' | awk '{print $4}')" 127.0.0.1:8080
check "it answers" is "$(answers http://127.0.0.1:8080/health)" 200
on_network import -window root build/debian/tray.png
colours() { identify -format %k build/debian/tray.png; }
check "there is something in the window" test "$(colours)" -gt 50
check "it ends when told to" as_person sami-llm-proxy-tray --quit
wait "$tray" && status=0 || status=$?
check "it ended well" is "$status" 0
sed 's/^/tray: /' "$work/tray.log"
check "it is purged" in_root apt-get -qq -y purge sami-llm-proxy-tray
check "a purge leaves nothing but the person's own settings" is \
    "$(leftovers -not -path '*/home/person/*')" ""

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
