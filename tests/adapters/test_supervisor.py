"""The service manager is a real datagram socket, as systemd's is."""

import socket

import pytest

from daemon.adapters.supervisor import Supervisor


@pytest.fixture
def manager(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def heard(manager):
    manager.settimeout(0)
    words = []
    try:
        while True:
            words.append(manager.recv(4096).decode())
    except BlockingIOError:
        return words


def test_it_is_ready_once_a_pass_went_well_and_lives_by_progress(manager, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    supervisor = Supervisor.of_environment()
    assert not heard(manager)
    supervisor.progress()
    assert heard(manager) == ["READY=1\nWATCHDOG=1"]
    supervisor.ticked("last tick 09:00\nREADY=0")
    assert heard(manager) == ["WATCHDOG=1\nSTATUS=last tick 09:00 READY=0"]
    supervisor.stopping()
    assert heard(manager) == ["STOPPING=1"]


def test_much_progress_is_few_words(manager):
    supervisor = Supervisor(manager.getsockname())
    for _ in range(1000):
        supervisor.progress()
    assert 1 <= len(heard(manager)) < 100


def test_a_manager_in_the_abstract_namespace_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # Linux picks an abstract name
        Supervisor("@" + listening.getsockname()[1:].decode()).stopping()
        assert listening.recv(100) == b"STOPPING=1"


def test_without_a_manager_nothing_happens(tmp_path, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    for supervisor in (Supervisor.of_environment(), Supervisor(str(tmp_path / "gone"))):
        supervisor.progress()
        supervisor.ticked("fine")
        supervisor.stopping()
