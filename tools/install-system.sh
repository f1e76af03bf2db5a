#!/bin/sh
# Installs the Debian packages of tools/apt-packages.txt that are missing; nothing else.
#
# usage: install-system.sh [--check]     --check only says what is missing (status 1)
#
# Run it as root; anybody else is told what to install. Installing never starts a service here:
# the tests run servers of their own in folders of their own, so a policy that says "do not start"
# is put in place for the time of the installation, unless the machine has one already.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
policy=${SIEGEL_POLICY_RC_D:-/usr/sbin/policy-rc.d}

wanted() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/apt-packages.txt"; }

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

missing() { for package in $(wanted); do installed "$package" || printf '%s ' "$package"; done; }

forbid_starting() {
	[ -e "$policy" ] && return
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' > "$policy"
	chmod 755 "$policy"
}

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "This is no Debian. The tests need the programs of these packages:" >&2
	wanted >&2
	exit 1
fi

packages=$(missing)
[ -z "$packages" ] && exit 0

if [ "${1:-}" = --check ] || [ "$(id -u)" -ne 0 ]; then
	echo "Missing system packages. As root:  apt-get install --no-install-recommends $packages" >&2
	exit 1
fi

forbid_starting
export DEBIAN_FRONTEND=noninteractive
case " $packages" in
*" postfix "*) echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections ;;
esac
apt-get update -q
# shellcheck disable=SC2086  # a list of names
apt-get install -y -q --no-install-recommends $packages
