"""Compiles the inner loops in C while searchapp is installed; without a compiler it goes without them.

In an editable installation the library lies beside its source, else it goes into the wheel, which is
then one for this platform and every Python from 3.11 on.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

# Each library and the folder of its sources.
LIBRARIES = {
    "searchapp.engines.whoosh.kernels._native": "searchapp/engines/whoosh/kernels",
    "searchapp.scanning._scanning": "searchapp/scanning",
    "searchapp.snippets._snippets": "searchapp/snippets",
}
# Without fusing, so that sums are rounded as numpy rounds them.
OPTIONS = ["-O3", "-ffp-contract=off"]


class CompileKernels(BuildHookInterface[Any]):
    """Hatchling's hook of every wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See hatchling; `version` is "editable" or "standard"."""
        root = Path(self.root)
        # Held, because it goes when the hook goes.
        self._folder = tempfile.TemporaryDirectory(prefix="searchapp-kernels-")
        work = Path(self._folder.name)
        try:
            libraries = compile_libraries(root, root if version == "editable" else work, work)
        except Exception as error:  # whatever is missing, numpy does the same
            self.app.display_warning(f"searchapp is installed without its compiled kernels: {error}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{next(sys_tags()).platform}"
        if version != "editable":
            build_data["force_include"] |= {str(work / library): library for library in libraries}


def compile_libraries(root: Path, to: Path, work: Path) -> list[str]:
    """Compile the sources of the checkout `root` -> the paths of the libraries below `to`; `work` holds what
    is in between. Raises what the compiler raises."""
    extensions = [
        Extension(name, _sources(root / folder), extra_compile_args=OPTIONS, py_limited_api=True)
        for name, folder in LIBRARIES.items()
    ]
    command = build_ext(Distribution({"ext_modules": extensions}))
    command.build_lib = str(to)
    command.build_temp = str(work)
    command.ensure_finalized()
    command.run()
    return [command.get_ext_filename(name) for name in LIBRARIES]


def _sources(folder: Path) -> list[str]:
    return [str(path) for path in sorted(folder.glob("*.c"))]
