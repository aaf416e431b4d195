"""The kept kernel: ready at once or later, off the network, and nothing left behind."""

import os
import time
from pathlib import Path

import pytest

from analysis.reports import kernel
from analysis.reports.kernel import kept_kernel


@pytest.mark.parametrize("pause", [0, 1.5])
def test_a_client_is_answered_however_soon_it_comes(pause, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    with kept_kernel() as manager:
        time.sleep(pause)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=50)
        told = []
        client.execute_interactive(
            "import sys; print('analysis.reports.chapter_provision' in sys.modules)",
            output_hook=lambda message: told.append(message["content"].get("text", "")),
        )
        client.stop_channels()
    assert "True\n" in told
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(os.name != "posix", reason="sockets in a file system are not everywhere")
def test_it_is_off_the_network_and_two_do_not_meet():
    with kept_kernel() as one, kept_kernel() as two:
        folders = [Path(manager.ip).parent for manager in (one, two)]
        assert one.transport == two.transport == "ipc"
        assert folders[0] != folders[1] and all(folder.is_dir() for folder in folders)
    assert not any(folder.exists() for folder in folders)


def test_where_a_socket_s_path_would_be_too_long_it_is_loopback(tmp_path):
    assert kernel._manager(tmp_path / ("x" * 120)).transport == "tcp"
    assert kernel._manager(tmp_path / ("x" * 120)).ip == "127.0.0.1"
