"""The editor's desk: who is who, who said what beside whom, and how a wording spread.

Everything here is asked of a searcher through its public questions, so each count is the total of
a search that can be linked to.
"""

from searchapp.desk.asking import Asking, Count, Counted, Reading
from searchapp.desk.comparison import Cell, Column, Comparison, Row, compare
from searchapp.desk.profiles import (
    CountyProfile,
    OfficialProfile,
    PersonLine,
    county_profile,
    official_profile,
)
from searchapp.desk.tenures import Evidence, Handover, Tenure
from searchapp.desk.tracker import Track, track

__all__ = [
    "Asking", "Cell", "Column", "Comparison", "Count", "Counted", "CountyProfile", "Evidence", "Handover",
    "OfficialProfile", "PersonLine", "Reading", "Row", "Tenure", "Track", "compare", "county_profile",
    "official_profile", "track",
]  # fmt: skip
