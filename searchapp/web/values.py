"""What may the value of a parameter be? Read strictly: a wrong one is a QueryError with its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from searchapp.errors import QueryError
from searchapp.syntax.dates import read_dates

Args = Mapping[str, Sequence[str]]
Choice = TypeVar("Choice", bound=str)

MAX_VALUES = 100
MAX_VALUE_CHARS = 1000
DATE_HINT = "可写 2022、2022-12、2022-12-15 或 2022年12月15日"
_DATES = re.compile(r"[.．。]{2}|[…至到~～]")
_NUMBER = re.compile(r"[0-9]{1,12}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_PLACE = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")
_OFFICIAL = re.compile(r".+@(?:[0-9]{2}(?:[0-9]{2}){0,2}|\?)", re.DOTALL)


def refused(name: str, message: str, hint: str = "") -> QueryError:
    """The error that says what is wrong with parameter `name`."""
    return QueryError(f"参数 {name}：{message}", hint=hint, code="bad_parameter")


def read_scalar(name: str, value: object) -> str:
    """A value of a JSON body as it would stand in a query string."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int | float):
        return str(value)
    raise refused(str(name)[:40], "应是字符串、数字或它们的数组")


def read_text(args: Args, name: str) -> str:
    """The one value of a parameter that may be given once; "" when absent."""
    if name not in args:
        return ""
    values = {value for value in args[name] if value}
    if len(values) > 1:
        raise refused(name, "只能给一个值")
    value = values.pop() if values else ""
    _check_readable(name, value)
    return value


def _check_readable(name: str, value: str) -> None:
    """A JSON body can hold half a character (a lone surrogate), which no answer could say back."""
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise refused(name, "含有不成字的编码", "请用 UTF-8")


def read_choice(args: Args, name: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
    """One of `choices`, or `default` when absent."""
    value = read_text(args, name)
    for choice in choices:
        if value == choice:
            return choice
    if value:
        raise refused(name, f"没有“{value[:40]}”", "可选：" + "、".join(choices))
    return default


def read_number(args: Args, name: str, low: int, high: int, default: int) -> int:
    """A whole number from `low` to `high`, or `default` when absent."""
    value = read_text(args, name)
    if not value:
        return default
    if not _NUMBER.fullmatch(value) or not low <= int(value) <= high:
        raise refused(name, f"“{value[:40]}”不是 {low} 到 {high} 之间的整数")
    return int(value)


def read_flag(args: Args, name: str) -> bool:
    """Yes (1, true) or no (0, false, absent)."""
    value = read_text(args, name).lower()
    if value not in ("", "0", "1", "true", "false"):
        raise refused(name, f"“{value[:40]}”不是 0 或 1")
    return value in ("1", "true")


def read_date(args: Args, name: str, side: int) -> str:
    """The first (`side` 0) or last (1) ISO day of the day, month or year given; "" when absent."""
    value = read_text(args, name)
    if not value:
        return ""
    if _DATES.search(value):
        raise refused(name, "应是一个日期，不是范围", DATE_HINT)
    try:
        return read_dates(value, 0)[side]
    except QueryError as error:
        raise refused(name, error.message, DATE_HINT) from None


def read_values(args: Args, name: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """Every value of a repeatable parameter, read by `read`, each once and in its order."""
    if name not in args:
        return ()
    given = [value for value in args[name] if value]
    if len(given) > MAX_VALUES:
        raise refused(name, f"最多 {MAX_VALUES} 个值")
    for value in given:
        if len(value) > MAX_VALUE_CHARS:
            raise refused(name, f"值太长：最多 {MAX_VALUE_CHARS} 个字")
        _check_readable(name, value)
    return tuple(dict.fromkeys(read(value) for value in given))


def read_county(value: str) -> str:
    """A division code of 2, 4 or 6 digits, cut to its level."""
    if not _PLACE.fullmatch(value):
        raise refused("county", f"“{value[:40]}”不是行政区划代码", "应为 2、4 或 6 位数字，例如 361125 或 36")
    # 361100 and 360000 are the six-digit ways to write the city 3611 and the province 36.
    return re.sub(r"(?:00){1,2}$", "", value) if len(value) == 6 and value[:2] != "00" else value


def read_official(value: str) -> str:
    """An official's id, name@code."""
    if not _OFFICIAL.fullmatch(value):
        raise refused("official", f"“{value[:40]}”不是官员编号", "应为 姓名@行政区划代码，例如 姓名@361125")
    return value


def read_month(value: str) -> str:
    """A month, YYYY-MM."""
    if not _MONTH.fullmatch(value):
        raise refused("month", f"“{value[:40]}”不是月份", "应为 2022-12 的形式")
    return value
