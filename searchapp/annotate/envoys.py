"""Which offices have a rank that companies and other states have as well? Envoys, and heads called 负责人.

"中国驻例国大使", "中国驻例国大使馆发言人", "示例市商务局分管负责人": offices by what stands before the rank.
Offsets are code points into the text given.
"""

from __future__ import annotations

import re

from searchapp.annotate.names import HAN
from searchapp.annotate.office_bodies import BodyReader
from searchapp.annotate.office_tables import office_tables

LONGEST_POST_CHARS = 24
ENVOYS = frozenset(("大使", "总领事", "公使", "参赞", "公使衔参赞"))
# Ranks inside a mission: 中国驻例国大使馆|发言人.
OF_MISSIONS = frozenset(("发言人", "主任"))
IN_CHARGE = "负责人"
# 中国驻例国大使甲、|驻例联大使乙
_POST = re.compile(f"(?:中国|(?<=、))(?P<post>常?驻(?!华)[{HAN}]{{1,12}}?(?:特命全权)?)$")
_MISSION = re.compile(
    f"中国(?P<post>常?驻[{HAN}]{{1,12}}?(?:使馆|领事馆|代表团|代表处|办事处)(?:新闻)?)$"
)
# 悉尼|中国文化中心|主任
_CULTURE = re.compile(f"(?<![{HAN}])[{HAN}]{{2,6}}中国文化中心$")
_BUREAU = frozenset("局厅司委办")
# Every one of them is public.
_STATION = "派出所"
# The broadcaster of the centre, whose head is one of its officials.
_BROADCASTER = "中央广播电视总台"


def post_before(text: str, head: int, rank: str) -> int | None:
    """Where the post begins of an envoy (中国|驻例国大使) whose rank is read to begin at `head`."""
    if rank == "台长" and text.endswith(_BROADCASTER, 0, head):
        return head - len(_BROADCASTER)
    pattern = _POST if rank in ENVOYS else _MISSION if rank in OF_MISSIONS else None
    begin = max(head - LONGEST_POST_CHARS, 0)
    found = pattern.search(text, begin, head) if pattern else None
    if found is None and rank == "主任" and (centre := _CULTURE.search(text, begin, head)):
        return centre.start()
    return found.start("post") if found else None


def bureau_before(text: str, head: int, bodies: BodyReader) -> tuple[int, str]:
    """The start and level of the public bureau that a 负责人 is of; (`head`, "") when it is none."""
    if text.endswith(_STATION, 0, head):
        return head - len(_STATION), ""
    if text[head - 1 : head] not in _BUREAU:
        return head, ""
    start, level = bodies.whole_body(head)
    placed = level or bodies.begins_at_place(start) or office_tables().centre.match(text, start, head)
    return (start, level) if start < head and placed else (head, "")
