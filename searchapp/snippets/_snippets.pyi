from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.results import Mark

VERSION: int

def marks(
    fold: npt.NDArray[np.uint32], letters: bytes, text: str, lit: Sequence[str], whole: Collection[str], /
) -> tuple[Mark, ...]: ...
def passages(
    fold: npt.NDArray[np.uint32],
    letters: bytes,
    text: str,
    lit: Sequence[str],
    whole: Collection[str],
    most: int,
    chars: int,
    /,
) -> list[tuple[str, tuple[Mark, ...], int]]: ...
