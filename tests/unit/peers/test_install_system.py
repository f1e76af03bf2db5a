"""tools/install-system.sh installs what is missing, once, and starts nothing."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
SCRIPT = REPOSITORY / "tools/install-system.sh"
PACKAGES = [
    line
    for line in (REPOSITORY / "tools/apt-packages.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


class Machine:
    """A Debian made of stubs: it knows what is installed, and writes down what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy = folder / "policy-rc.d"
        self.notes = folder / "notes"
        self.installed = folder / "installed"
        self.installed.write_text("\n".join(PACKAGES) + "\n")
        self.become("0")
        self._stub("dpkg-query", f'grep -qx "$4" {self.installed} && printf installed')
        self._stub("debconf-set-selections", f"cat >> {self.notes}")
        note = f'echo "apt-get $* policy=$(test -x {self.policy} && echo yes)" >> {self.notes}'
        self._stub("apt-get", note)

    def become(self, user: str) -> None:
        self._stub("id", f"echo {user}")

    def remove(self, *packages: str) -> None:
        self.installed.write_text("\n".join(set(PACKAGES) - set(packages)) + "\n")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(SCRIPT), *arguments],
            env={
                "PATH": f"{self.folder}:/usr/bin:/bin",
                "SIEGEL_POLICY_RC_D": str(self.policy),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    @property
    def asked(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def _stub(self, name: str, line: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_asked_of_a_complete_machine(machine: Machine) -> None:
    assert machine.run().returncode == 0
    assert machine.asked == []


def test_only_what_is_missing_is_installed(machine: Machine) -> None:
    machine.remove("postfix", "gpgsm")
    assert machine.run().returncode == 0
    assert machine.asked == [
        "postfix postfix/main_mailer_type select No configuration",
        "apt-get update -q policy=yes",
        "apt-get install -y -q --no-install-recommends gpgsm postfix policy=yes",
    ]


def test_the_policy_against_starting_services_is_only_there_meanwhile(machine: Machine) -> None:
    machine.remove("postgresql")
    machine.run()
    assert not machine.policy.exists()


def test_a_policy_of_the_machine_is_left_alone(machine: Machine) -> None:
    machine.policy.write_text("#!/bin/sh\nexit 101\n# ours\n")
    machine.remove("postgresql")
    machine.run()
    assert machine.policy.read_text().endswith("# ours\n")


@pytest.mark.parametrize(("user", "arguments"), [("1000", []), ("0", ["--check"])])
def test_others_are_told_what_to_install(machine: Machine, user: str, arguments: list[str]) -> None:
    machine.become(user)
    machine.remove("gpgsm")
    done = machine.run(*arguments)
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends gpgsm" in done.stderr
    assert machine.asked == []
