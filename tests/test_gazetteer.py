"""The gazetteer: facts, names, additions by an editor, and matching against a plain scan."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.normalise import is_han, normalise
from searchapp.errors import ConfigError
from searchapp.gazetteer import Gazetteer, load_gazetteer, read_additions
from searchapp.gazetteer.tables import TABLES, read_table, table_bytes

GAZETTEER = load_gazetteer()
KNOWN = [
    # name, code, path
    ("横峰县", "361125", "江西省/上饶市/横峰县"),
    ("橫峰縣", "361125", "江西省/上饶市/横峰县"),
    ("上饶", "3611", "江西省/上饶市"),
    ("江西", "36", "江西省"),
    ("徐汇区", "310104", "上海市/徐汇区"),
    ("仙桃市", "429004", "湖北省/仙桃市"),
    ("东莞", "4419", "广东省/东莞市"),
    ("耿马县", "530926", "云南省/临沧市/耿马傣族佤族自治县"),
    ("延边州", "2224", "吉林省/延边朝鲜族自治州"),
    ("广西", "45", "广西壮族自治区"),
    ("台湾", "71", "台湾省"),
    ("香港", "81", "香港特别行政区"),
    ("准旗", "150622", "内蒙古自治区/鄂尔多斯市/准格尔旗"),
    ("襄樊", "4206", "湖北省/襄阳市"),
    ("襄樊市", "4206", "湖北省/襄阳市"),
    ("凤翔县", "610305", "陕西省/宝鸡市/凤翔区"),
    ("玉环县", "331083", "浙江省/台州市/玉环市"),
    ("闸北区", "310106", "上海市/静安区"),
    ("和安县", "653229", "新疆维吾尔自治区/和田地区/和安县"),
    ("和康县", "653228", "新疆维吾尔自治区/和田地区/和康县"),
]


@pytest.mark.parametrize(("name", "code", "path"), KNOWN)
def test_names_stand_for_their_divisions(name: str, code: str, path: str) -> None:
    assert [(d.code, d.path) for d in GAZETTEER.named(name)] == [(code, path)]


def test_every_division_has_its_parents_and_can_be_named() -> None:
    assert sum(d.level == "province" for d in GAZETTEER.divisions) == 34
    assert sum(d.level == "city" for d in GAZETTEER.divisions) == 333
    for division in GAZETTEER.divisions:
        assert division in GAZETTEER.named(division.name)
        above = GAZETTEER.division(division.parent)
        if division.level == "province":
            assert above is None
            assert division.path == division.name
        else:
            assert above is not None
            assert division.code.startswith(above.code)
            assert division.path == f"{above.path}/{division.name}"


def test_shared_names_keep_all_their_places() -> None:
    assert {d.code for d in GAZETTEER.named("鼓楼区")} == {"320106", "320302", "350102", "410204"}
    assert {d.code for d in GAZETTEER.named("吉林")} == {"22", "2202"}
    assert GAZETTEER.named("示范县") == ()
    assert GAZETTEER.named("没有这个县") == ()


def test_every_data_file_states_source_licence_and_date() -> None:
    for table in TABLES:
        head = [line for line in table_bytes(table).decode().splitlines() if line.startswith("#")]
        for word in ("# Source: ", "# Licence: ", "# As of: "):
            assert sum(line.startswith(word) for line in head) == 1, (table, word)


def test_words_that_are_no_place_are_no_name_either() -> None:
    for row in read_table("not_places"):
        entry = GAZETTEER.name(normalise(row["word"]))
        assert entry is not None
        assert entry.senses == ()
        assert len(entry.text) > 1
        assert all(is_han(char) for char in entry.text)


def test_every_name_with_a_proof_of_its_own_is_a_name() -> None:
    for row in read_table("proofs"):
        assert GAZETTEER.named(row["name"]), row


def plain_scan(gazetteer: Gazetteer, text: str) -> list[tuple[int, int]]:
    """Leftmost-longest matching as one would write it down, except for 从江|苏 and 长海|丰县."""
    found, start = [], 0
    while start < len(text):
        ends = [end for end in range(len(text), start, -1) if gazetteer.name(text[start:end])]
        if ends and not gives_way(gazetteer, text, start, ends[0]):
            found.append((start, ends[0]))
            start = ends[0]
        else:
            start += 1
    return found


def gives_way(gazetteer: Gazetteer, text: str, start: int, end: int) -> bool:
    name = gazetteer.name(text[start:end])
    assert name is not None
    if name.proof == "none" or not name.senses:
        return False
    spans = [(a, b) for a in range(start + 1, end) for b in range(end + 1, a + 5)]
    if any(is_full_name(gazetteer, text[a:b]) and text[end:b] != "城区" for a, b in spans):
        return True
    if text[start] not in "从和同于来至都会上":
        return False
    longer = [gazetteer.name(text[start + 1 : stop]) for stop in (end + 1, end + 2)]
    return any(other and any(len(sense.code) < 6 for sense in other.senses) for other in longer)


def is_full_name(gazetteer: Gazetteer, word: str) -> bool:
    """Whether `word`, of three characters and more, is the full name of a division."""
    name = gazetteer.name(word) if len(word) > 2 else None
    return name is not None and any(one.kind == "full" for one in name.senses)


PIECES = st.sampled_from(
    ["江西", "省", "横峰县", "长沙", "县", "沙县", "南京市", "长江", "示范县", "阜宁县", "宁县", "海城市",
     "上", "内蒙古", "自治区", "蒙古", "朝阳", "市", "区", "耿马傣族佤族自治", "和", "a", "，", "x县",
     "从", "江", "苏", "长海", "海丰县", "松江", "江城区", "城区", "江宁县", "丰县", "𠮷", "\ud800", "é",
     "和龙", "岩", "同", "于都", "建湖", "湖南省", "南省"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_scan_is_leftmost_longest(text: str) -> None:
    assert [(start, end) for start, end, _ in GAZETTEER.scan(text)] == plain_scan(GAZETTEER, text)


def test_scan_of_all_names_in_a_row() -> None:
    text = "，".join(normalise(d.name) for d in GAZETTEER.divisions)
    found = [text[start:end] for start, end, _ in GAZETTEER.scan(text)]
    assert found == text.split("，")


def test_loads_within_the_budget_of_a_web_worker() -> None:
    normalise("")
    took_ms = []
    for _ in range(3):
        load_gazetteer.cache_clear()
        began = time.process_time()
        load_gazetteer()
        took_ms.append((time.process_time() - began) * 1000)
    # A tenth of a second on an idle machine; this only guards against a start that is slower by far.
    assert min(took_ms) < 1000


ADDITIONS = """
not_places = ["云溪示范县"]
[[divisions]]
code = "99"
name = "示例省"
short = "示例"
[[divisions]]
code = "9901"
name = "甲市"
[[divisions]]
code = "990101"
name = "云梦溪县"
short = "云梦溪"
[aliases]
"990101" = ["溪城"]
[merge]
"王三@990101" = "王山@990101"
[[split]]
official = "王甲@990101"
into = "王甲（教育局）@990101"
office = "教育局局长"
from = 2020-01-01
[[correct]]
official = "王乙@990101"
name = "王已"
offices = {"县委书纪" = "县委书记"}
"""


@pytest.fixture
def additions(tmp_path: Path) -> Path:
    path = tmp_path / "aliases.toml"
    path.write_text(ADDITIONS, encoding="utf-8")
    return path


def test_additions_bring_in_places_and_names(additions: Path) -> None:
    gazetteer = load_gazetteer(additions)
    (county,) = gazetteer.named("云梦溪")
    assert (county.code, county.level, county.path) == ("990101", "county", "示例省/甲市/云梦溪县")
    assert gazetteer.named("溪城") == (county,)
    assert gazetteer.named("横峰县") == GAZETTEER.named("横峰县")
    assert [name.text for _, _, name in gazetteer.scan("云溪示范县")] == ["云溪示范县"]
    assert gazetteer.fingerprint != GAZETTEER.fingerprint
    assert "云梦溪" in gazetteer.words
    assert "云梦溪" not in GAZETTEER.words


def test_every_change_is_one_line(additions: Path) -> None:
    assert read_additions(additions).changes == (
        "新增地名 99 示例省（简称示例）",
        "新增地名 9901 甲市",
        "新增地名 990101 云梦溪县（简称云梦溪）",
        "990101 又名 溪城",
        "“云溪示范县”不是地名",
        "王三@990101 并入 王山@990101",
        "王甲@990101 分出 王甲（教育局）@990101：教育局局长，2020-01-01—",
        "王乙@990101 更名为 王已",
        "王乙@990101 职务 县委书纪 改为 县委书记",
    )


BAD = [
    ("divisions = 3", "divisions: must be written as [[divisions]]"),
    ('[[divisions]]\ncode = "9"\nname = "甲"', "divisions[0].code: '9' is not 2, 4 or 6 digits"),
    ('[[divisions]]\ncode = "99"', "divisions[0].name: is missing"),
    ('[[divisions]]\ncode = "99"\nname = ""', "divisions[0].name: must be a string that is not empty"),
    ('[[divisions]]\ncode = "99"\nname = "甲"\nshrt = "a"', "divisions[0].shrt: unknown key"),
    ('[[divisions]]\ncode = "980101"\nname = "甲县"', "divisions: 980101: its province 98 is not known"),
    ('[aliases]\n"999999" = ["甲"]', "aliases.999999: no division has this code"),
    ('[aliases]\n"361125" = "甲"', "aliases.361125: must be a list of strings"),
    ('not_places = [""]', "not_places[0]: must be a string that is not empty"),
    ('[merge]\n"王三" = "王山@36"', "merge.王三: '王三' is not name@code"),
    ('[merge]\n"a@36" = "b@36"\n"b@36" = "c@36"', "merge.a@36: b@36 is itself merged"),
    ('[[split]]\nofficial = "a@36"\ninto = "b@36"', "split[0]: needs at least one of"),
    ('[[split]]\nofficial = "a@36"\ninto = "b@36"\nfrom = "soon"', "split[0].from: 'soon' is not a date"),
    ('[[correct]]\nofficial = "a@36"', "correct[0]: needs name or offices"),
    ("alias = 1", "alias: unknown key; known: not_places"),
    ("x = = 1", "is not TOML"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_bad_file_is_refused_by_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_gazetteer(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_gazetteer(tmp_path / "none.toml")
    path = tmp_path / "aliases.toml"
    path.write_bytes("名 = 1".encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_gazetteer(path)
