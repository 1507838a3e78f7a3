"""By how much do newer records count more, when a query asks for it?

The score is multiplied by 1 + 2 ** (-age / half-life), both in days: a record as new as the newest
counts double, one that is a half-life older one and a half times, an old or undated one as it
is. The bonus halves as Li & Croft's exponential prior does (2003, "Time-based language models"), and
stands beside 1, so that an old article which answers far better still comes first.

Age is counted from the newest dated live record of the collection and not from today: the same index
gives the same answer, and an archive that ends in 1998 has fresh articles too.
"""

from __future__ import annotations

import functools
from datetime import date

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.results import ScorePart

# A part that no answer would show: scores leave with four decimals.
LEAST_PART = 0.00005


class Freshness:
    """How new the live records of one snapshot are."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @functools.cached_property
    def newest(self) -> int:
        """Day number of the newest live record, 0 when none is dated."""
        days, live = self._snapshot.day, self._snapshot.live
        return int((days if live is None else days[live]).max(initial=0))

    def bonus(self, records: npt.NDArray[np.int64], half_life_days: int) -> npt.NDArray[np.float64]:
        """What share of its score each of the live `records` gains, 0 to 1."""
        day = self._snapshot.day.take(records)
        gained: npt.NDArray[np.float64] = np.subtract(day, self.newest, dtype=np.float64)
        gained /= half_life_days
        np.exp2(gained, out=gained)
        gained[day == 0] = 0
        return gained

    def parts(self, record: int, half_life_days: int, plain: float) -> tuple[ScorePart, ...]:
        """What a record with the score `plain` gains, as a part of its score; none when next to nothing."""
        gained = plain * float(self.bonus(np.array([record]), half_life_days)[0])
        if gained < LEAST_PART:
            return ()
        day = date.fromordinal(int(self._snapshot.day[record])).isoformat()
        return (ScorePart(day, "date", "freshness", gained),)
