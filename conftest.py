"""Kernels that nbval starts talk through socket files: kernels that start together can take the same TCP port, about once in 600 starts."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile


def pytest_configure(config):
    if os.name != "posix":
        return
    import nbval.kernel

    folder = tempfile.mkdtemp(prefix="evidence-")
    number = itertools.count()
    plain = nbval.kernel.KernelManager

    def manager(*args, **options):
        return plain(*args, transport="ipc", ip=os.path.join(folder, str(next(number))), **options)

    nbval.kernel.KernelManager = manager
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.add_cleanup(lambda: setattr(nbval.kernel, "KernelManager", plain))
