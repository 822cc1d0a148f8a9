"""Kernels: forked warm off one server, or started afresh where that cannot be.

Both speak the messages of Jupyter through socket files, as kernels that start together can take
the same TCP port. Whether a kernel still lives is asked while its answers are awaited.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any, Protocol

SERVER = Path(__file__).with_name("server.py")
HERE = "python3"
POLL = 0.25  # seconds between two looks at whether a kernel lives
LONGEST_FOLDER = 60  # characters
READY = 60.0  # seconds that a kernel may take to start
GRACE = 5.0  # seconds for a cell to end after it was interrupted


class DeadKernel(Exception):
    """A kernel ended before it had answered."""


class Process(Protocol):
    """What runs a kernel."""

    def ended(self) -> str: ...
    def interrupt(self) -> None: ...
    def stop(self) -> None: ...


class Server:
    """The process off which kernels are forked.

    Parameters
    ----------
    preload : sequence of str
        Modules to import before the first kernel.
    """

    def __init__(self, preload: list[str]) -> None:
        self.folder = folder_of_sockets()
        self.address = os.path.join(self.folder, "server")
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER), self.address, *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it, and every kernel of it."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def can_fork() -> bool:
    """Whether kernels are forked here: macOS breaks forked processes, Windows has none."""
    return hasattr(os, "fork") and sys.platform.startswith(("linux", "freebsd"))


def connect(address: str) -> socket.socket:
    """A connection to the server, which may be starting yet."""
    until = time.monotonic() + READY
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(address)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > until:
                raise DeadKernel("the server of kernels does not answer") from None
            time.sleep(0.01)


def warm(address: str) -> socket.socket:
    """Tell the server to import its packages now; keep the connection to the end of the session."""
    connection = connect(address)
    connection.sendall(b'{"warm": true}\n')
    return connection


class Forked:
    """A kernel forked off the server."""

    def __init__(self, address: str, file: str, folder: Path, environment: dict[str, str]) -> None:
        self.connection = connect(address)
        request = {"file": file, "cwd": str(folder), "env": environment}
        self.connection.sendall(json.dumps(request).encode() + b"\n")
        self.lines = b""
        self.status: str = ""
        self.connection.settimeout(READY)
        while b"\n" not in self.lines:
            if not (part := self.connection.recv(4096)):
                raise DeadKernel("the server of kernels has ended")
            self.lines += part
        first, self.lines = self.lines.split(b"\n", 1)
        self.number = int(json.loads(first)["pid"])
        self.connection.settimeout(None)
        self.connection.setblocking(False)

    def ended(self) -> str:
        with contextlib.suppress(BlockingIOError):
            part = self.connection.recv(4096)
            self.lines += part
            if not part:
                self.status = self.status or "its server has ended"
        if b"\n" in self.lines:
            code = json.loads(self.lines.split(b"\n", 1)[0])["exit"]
            self.status = how_it_ended(code)
        return self.status

    def interrupt(self) -> None:
        with contextlib.suppress(OSError):
            os.kill(self.number, signal.SIGINT)

    def stop(self) -> None:
        self.connection.close()


class Fresh:
    """A kernel of a process of its own, as Jupyter starts it."""

    def __init__(self, name: str, file: str, folder: Path, environment: dict[str, str]) -> None:
        from jupyter_client.kernelspec import KernelSpecManager

        if name == HERE:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        else:
            spec = KernelSpecManager().get_kernel_spec(name)
            command, environment = spec.argv, environment | spec.env
        folder_of = str(Path(file).parent)
        parts = {"connection_file": file, "resource_dir": folder_of}
        argv = [_filled(part, parts) for part in command]
        self.process = subprocess.Popen(
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )

    def ended(self) -> str:
        code = self.process.poll()
        return "" if code is None else how_it_ended(code)

    def interrupt(self) -> None:
        if os.name == "posix":
            self.process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL) if os.name == "posix" else None
        self.process.kill()
        self.process.wait()


def _filled(part: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        part = part.replace("{" + name + "}", value)
    return part


def how_it_ended(code: int) -> str:
    """An exit code in words.

    >>> how_it_ended(3), how_it_ended(-9)
    ('with exit code 3', 'by signal 9 (SIGKILL)')
    """
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"by signal {-code}"


class Kernel:
    """A kernel and the conversation with it.

    Parameters
    ----------
    folder : Path
        Where it runs.
    name : str
        Kernel to start; ``python3`` is this environment's.
    address : str
        Address of the server; empty starts a process of its own.
    """

    def __init__(self, folder: Path, name: str = HERE, address: str = "") -> None:
        from jupyter_client.blocking.client import BlockingKernelClient
        from jupyter_client.connect import write_connection_file

        beside = os.path.dirname(address) or None  # the server removes it, whatever happens here
        self.sockets = folder_of_sockets(beside)
        file = os.path.join(self.sockets, "kernel.json")
        posix = os.name == "posix"
        ip, transport = (os.path.join(self.sockets, "k"), "ipc") if posix else ("", "tcp")
        write_connection_file(file, ip=ip, transport=transport, kernel_name=name)
        environment = {key: value for key, value in os.environ.items() if key not in OF_TESTS}
        self.said: dict[str, list[dict[str, Any]]] = {}  # messages by request
        self.process: Process
        if address and name == HERE:
            self.process = Forked(address, file, folder, environment)
        else:
            self.process = Fresh(name, file, folder, environment)
        self.client = BlockingKernelClient(connection_file=file)
        self.client.load_connection_file()
        self.client.start_channels(hb=False, stdin=False)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        """Ask until it is heard: what a kernel says before its channel of outputs is connected
        is lost.
        """
        until, patience = time.monotonic() + READY, 0.02
        while time.monotonic() < until:
            number = self.client.kernel_info()
            try:
                self._reply(number, time.monotonic() + READY)
                self._idle(number, patience)
                return
            except Empty:
                patience = min(1.0, patience * 2)
        raise DeadKernel(f"the kernel did not start within {READY:g} s")

    def _message(self, channel: str, until: float) -> dict[str, Any]:
        """The next message; Empty when none comes in time, DeadKernel when none can come."""
        get = self.client.get_iopub_msg if channel == "iopub" else self.client.get_shell_msg
        while True:
            try:
                return get(timeout=max(0.0, min(POLL, until - time.monotonic())))
            except Empty:
                if said := self.process.ended():
                    raise DeadKernel(f"the kernel died {said}") from None
                if time.monotonic() >= until:
                    raise

    def _reply(self, number: str, until: float) -> dict[str, Any]:
        while True:
            message = self._message("shell", until)
            if message["parent_header"].get("msg_id") == number:
                return message["content"]

    def _idle(self, number: str, seconds: float | None) -> list[dict[str, Any]]:
        """Messages of a request on iopub, to the one that says it is done."""
        until = float("inf") if seconds is None else time.monotonic() + seconds
        found = self.said.setdefault(number, [])
        while True:
            message = self._message("iopub", until)
            if (of := message["parent_header"].get("msg_id")) != number:
                self.said.get(of, []).append(message)  # late, of a program or thread
                continue
            found.append(message)
            content = message["content"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return found

    def listen(self, seconds: float) -> None:
        """Hear what earlier requests have to say yet."""
        with contextlib.suppress(Empty, DeadKernel):
            self._idle("", seconds)

    def run(self, source: str, timeout: float, silent: bool = False) -> list[dict[str, Any]]:
        """Execute code; its messages.

        Raises
        ------
        TimeoutError
            When it takes too long; it was interrupted, and what it said comes with the error.
        DeadKernel
            When the kernel ends.
        """
        number = self.client.execute(
            source, silent=silent, store_history=not silent, allow_stdin=False, stop_on_error=False
        )
        try:
            found = self._idle(number, timeout)
        except Empty:
            self.process.interrupt()
            with contextlib.suppress(Empty):
                self._idle(number, GRACE)
            raise TimeoutError(f"the cell took longer than {timeout:g} s") from None
        self._reply(number, time.monotonic() + GRACE)
        return found

    def values(self, expressions: list[str], timeout: float) -> list[tuple[bool, str]]:
        """Each expression evaluated: whether it could be, and its text or the error."""
        import ast

        asked = {str(place): text for place, text in enumerate(expressions)}
        number = self.client.execute(
            "", silent=True, store_history=False, user_expressions=asked, allow_stdin=False
        )
        content = self._reply(number, time.monotonic() + timeout)
        self._idle(number, timeout)
        answers = content.get("user_expressions", {})
        found = []
        for place in asked:
            answer = answers.get(place, {"status": "error", "ename": "no answer", "evalue": ""})
            if answer["status"] == "ok":
                found.append((True, str(ast.literal_eval(answer["data"]["text/plain"]))))
            else:
                found.append((False, f"{answer['ename']}: {answer['evalue']}"))
        return found

    def stop(self) -> None:
        """End it, and remove its sockets."""
        self.client.stop_channels()
        self.process.stop()
        self.client.context.destroy(linger=0)
        shutil.rmtree(self.sockets, ignore_errors=True)


OF_TESTS = {"PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID"}
OF_TESTS |= {"PYTEST_XDIST_WORKER_COUNT", "PYTEST_VERSION"}


def folder_of_sockets(beside: str | None = None) -> str:
    """A new folder whose path is short enough for a socket in it: systems allow some hundred
    characters, which the folder for temporary files can have by itself.
    """
    usual = beside or tempfile.gettempdir()
    short = len(os.fsencode(usual)) <= LONGEST_FOLDER
    if not (beside or short) and os.access("/tmp", os.W_OK):
        usual = "/tmp"
    return tempfile.mkdtemp(prefix="true-", dir=usual)
