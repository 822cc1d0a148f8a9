"""What the comparison of notebooks needs beyond nbval: kernels that do not race for ports, no
controls, and a look at the pictures.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).parent / "tests" / "notebooks")
)  # its tests import the guards


def pytest_configure(config):
    os.environ[
        "EVIDENCE_WIDGETS"
        # the explorer shows no controls, wherever the tests are started from: nobody is there to click
    ] = "off"
    _socket_files(config)
    _pictures_too(config)


def _socket_files(config):
    """Kernels talk through socket files: those that start together can take the same TCP port,
    about once in 600 starts.
    """
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


def _pictures_too(config):
    """Pictures are compared after everything else of a cell; nbval alone passes any."""
    from nbval.plugin import IPyNbCell

    plain = IPyNbCell.compare_outputs

    def compare_outputs(cell, test, ref, skip_compare=None):
        if not plain(cell, test, ref, skip_compare):
            return False
        from evidence.notebooks.pictures import complaint

        if said := complaint(ref, test):
            cell.comparison_traceback.append(
                f"{said}: look at it with `make notebooks`, then run `make accept`"
            )
        return not said

    IPyNbCell.compare_outputs = compare_outputs
    config.add_cleanup(lambda: setattr(IPyNbCell, "compare_outputs", plain))
