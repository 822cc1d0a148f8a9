"""A process that imports the slow packages once and forks a kernel off whenever one is asked for.

It runs as a script and imports nothing of this distribution, so that kernels hold only what any
kernel holds. Each connection is one kernel: a line of JSON asks for it, a line answers with its
process, and a last line tells how it ended. A connection that closes ends its kernel; when the
input of the server closes, all kernels end, and the server with them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import traceback
import warnings

ALWAYS = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",  # half of the time in which a kernel starts
    "IPython.extensions.storemagic",
]
INLINE = "module://matplotlib_inline.backend_inline"
HOOKS = "_true_notebooks_marks"


class Server:
    """Kernels by connection; one loop, no threads, so that forking is safe."""

    def __init__(self, address: str, preload: list[str]) -> None:
        self.address = address
        self.preload = preload
        self.warm = False
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(address)
        self.listener.listen(64)
        self.wakeup, self.ended = os.pipe()
        os.set_blocking(self.ended, False)
        signal.set_wakeup_fd(self.ended, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for stream in (self.listener, self.wakeup, 0):
            self.selector.register(stream, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer until the input closes."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj == 0:
                    if not os.read(0, 1):
                        return self.stop()
                elif key.fileobj == self.wakeup:
                    os.read(self.wakeup, 4096)
                    self.reap()
                elif key.fileobj is self.listener:
                    self.selector.register(self.listener.accept()[0], selectors.EVENT_READ)
                elif isinstance(key.fileobj, socket.socket):
                    self.hear(key.fileobj)

    def hear(self, connection: socket.socket) -> None:
        """A request, or the end of a connection."""
        line = b""
        with contextlib.suppress(OSError):
            while not line.endswith(b"\n") and (part := connection.recv(65536)):
                line += part
        if not line:
            self.forget(connection)
        elif (request := json.loads(line)).get("warm"):
            self.heat()
            self.say(connection, {"warm": True})
        else:
            self.heat()
            self.fork(connection, request)

    def heat(self) -> None:
        """Import what every kernel would import; a package that is not there is left out."""
        if self.warm:
            return
        self.warm = True
        plain = os.environ.get("MPLBACKEND")
        os.environ["MPLBACKEND"] = plain or INLINE  # as a kernel sets it before its first cell
        for name in [*ALWAYS, *self.preload]:
            with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
        load_hooks()
        if "matplotlib.backends.backend_agg" in sys.modules:
            with contextlib.suppress(Exception), warnings.catch_warnings(action="ignore"):
                draw_once()
        gc.collect()
        gc.freeze()  # what all kernels share stays shared
        if plain is None:
            del os.environ["MPLBACKEND"]

    def fork(self, connection: socket.socket, request: dict) -> None:
        with warnings.catch_warnings(action="ignore"):  # native threads of BLAS, which it restarts
            number = os.fork()
        if number == 0:
            try:
                self.leave()
                be_kernel(request)
            except Exception:
                traceback.print_exc()
                os._exit(1)
            finally:
                os._exit(0)
        self.kernels[number] = connection
        self.say(connection, {"pid": number})

    def leave(self) -> None:
        """In a new kernel: let go of what belongs to the server."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self.selector.close()
        os.close(self.wakeup)
        os.close(self.ended)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def reap(self) -> None:
        """Tell of kernels that have ended."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if connection := self.kernels.pop(ended[0], None):
                    self.say(connection, {"exit": os.waitstatus_to_exitcode(ended[1])})

    def forget(self, connection: socket.socket) -> None:
        """End the kernel whose connection has closed, with all that it started."""
        for number, its in list(self.kernels.items()):
            if its is connection:
                kill(number)
                del self.kernels[number]
        self.selector.unregister(connection)
        connection.close()

    def stop(self) -> None:
        """End all kernels, and this process without a long farewell."""
        for number in self.kernels:
            kill(number)
        shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)
        os._exit(0)

    @staticmethod
    def say(connection: socket.socket, message: dict) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(json.dumps(message).encode() + b"\n")


def kill(number: int) -> None:
    """End a kernel and its process group."""
    with contextlib.suppress(OSError):
        os.killpg(number, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(number, signal.SIGKILL)


def draw_once() -> None:
    """Find the fonts, and read the grammar of formulas: the first figure of a process is slow."""
    import io

    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1), layout="constrained")
    ax = figure.subplots()
    ax.bar(["a"], [1.0], label="$x^2$")
    ax.set_title("a", weight="bold")
    ax.legend()
    figure.savefig(io.BytesIO(), format="png")


def load_hooks() -> None:
    """The reader of pictures, from the file beside this one, under a name of its own."""
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "marks.py")
    made = importlib.util.spec_from_file_location(HOOKS, place)
    assert made and made.loader
    module = importlib.util.module_from_spec(made)
    sys.modules[HOOKS] = module
    made.loader.exec_module(module)
    module.install()


def be_kernel(request: dict) -> None:
    """Become a kernel as Jupyter starts them; returns when it is shut down."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    if "numpy" in sys.modules:  # else every kernel would draw the same random numbers
        sys.modules["numpy"].random.seed()
    for name in [name for name in sys.modules if name.startswith("matplotlib_inline")]:
        del sys.modules[name]  # it looks for its shell when it is imported
    from ipykernel.kernelapp import IPKernelApp

    arguments = ["-f", request["file"], "--HistoryManager.hist_file=:memory:"]
    sys.argv = ["ipykernel_launcher.py", *arguments]
    IPKernelApp.launch_instance(argv=arguments)


def main() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != here]
    Server(sys.argv[1], sys.argv[2:]).serve()


if __name__ == "__main__":
    main()
