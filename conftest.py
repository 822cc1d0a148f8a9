"""What kernels of the tests get.

They talk through socket files: kernels that start together can take the same TCP port, about once in 600 starts. And the explorer shows no controls
in them, wherever the tests are started from: nobody is there to click.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile


def pytest_configure(config):
    os.environ["EVIDENCE_WIDGETS"] = "off"
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
