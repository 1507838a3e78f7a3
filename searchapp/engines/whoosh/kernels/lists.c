/* Lists packed, and unpacked whole or near given places. */

#include "native.h"

/* The first index from `low` up to `high` whose low half is not below `wanted`. */
static size_t
seek_half(const uint16_t *halves, size_t low, size_t high, uint32_t wanted)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (halves[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- packed lists: see packing.py for their forms ---- */

enum { SPLIT = 0, PLAIN = 1, NARROW = 8, WIDE = 16, HEADER = 2 };

typedef struct {
    const uint16_t *units;
    size_t size, count;
} Packed;

static int
is_split(Packed list)
{
    return list.size != 2 * list.count && list.size >= HEADER && list.units[0] == SPLIT;
}

static const char *
read_split(Packed list, uint32_t *out)
{
    size_t blocks = list.units[1], at = 0;
    const uint16_t *names = list.units + HEADER, *sizes = names + blocks, *halves = sizes + blocks;
    if (list.size != HEADER + 2 * blocks + list.count)
        return CONTRADICTION;
    for (size_t block = 0; block < blocks; block++) {
        uint32_t high = (uint32_t)names[block] << 16;
        size_t end = at + sizes[block] + 1;
        if (end > list.count)
            return CONTRADICTION;
        for (; at < end; at++)
            out[at] = high | halves[at];
    }
    return at == list.count ? NULL : CONTRADICTION;
}

/* The parts of an Elias-Fano list: the bit of value i with high part p is bit p + i of `flags`. */
typedef struct {
    const uint16_t *wide;
    const uint8_t *narrow, *flags;
    size_t octets;
    int bits;
} EliasFano;

static const char *
open_elias_fano(Packed list, EliasFano *parts)
{
    int bits = list.units[0];
    size_t low_end = HEADER + (bits == WIDE ? list.count : (list.count + 1) / 2);
    if ((bits != WIDE && bits != NARROW) || low_end > list.size)
        return CONTRADICTION;
    parts->wide = list.units + HEADER;
    parts->narrow = (const uint8_t *)parts->wide;
    parts->flags = (const uint8_t *)(list.units + low_end);
    parts->octets = 2 * (list.size - low_end);
    parts->bits = bits;
    return NULL;
}

/* 64 of the flags. */
static uint64_t
flags_of(const EliasFano *parts, size_t word)
{
    uint64_t flags = 0;
    size_t at = word * sizeof flags, left = parts->octets - at;
    memcpy(&flags, parts->flags + at, left < sizeof flags ? left : sizeof flags);
    return flags;
}

/* Value `number`, whose bit is the lowest of `flags`, which are those of `word`. */
static uint32_t
value_of(const EliasFano *parts, size_t word, uint64_t flags, size_t number)
{
    uint32_t high = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(flags) - number);
    return high << parts->bits | (parts->bits == WIDE ? parts->wide[number] : parts->narrow[number]);
}

static const char *
read_elias_fano(Packed list, uint32_t *out)
{
    EliasFano parts;
    size_t at = 0;
    const char *fault = open_elias_fano(list, &parts);
    for (size_t word = 0; !fault && at < list.count && word * 8 < parts.octets; word++)
        for (uint64_t flags = flags_of(&parts, word); flags && at < list.count; flags &= flags - 1, at++)
            out[at] = value_of(&parts, word, flags, at);
    return !fault && at < list.count ? CONTRADICTION : fault;
}

static const char *
read_list(Packed list, uint32_t *out)
{
    if (list.size == 2 * list.count) {
        memcpy(out, list.units, list.count * sizeof *out);
        return NULL;
    }
    if (list.size < HEADER)
        return CONTRADICTION;
    return is_split(list) ? read_split(list, out) : read_elias_fano(list, out);
}

/* unpack(units: u2, out: u4) */
PyObject *
unpack(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[2];
    if (nargs != 2)
        return none_or("unpack(units, out)");
    if (take(args, array, "2w4") < 0)
        return NULL;
    Packed list = {array[0].data, array[0].count, array[1].count};
    const char *fault = read_list(list, array[1].data);
    let_go(array, 2);
    return none_or(fault);
}

/* unpack_many(units: u2, starts: i8, sizes: i8, counts: i8, out: u4): list i lies in `sizes[i]` units from
 * `starts[i]` on. */
PyObject *
unpack_many(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[5];
    if (nargs != 5)
        return none_or("unpack_many(units, starts, sizes, counts, out)");
    if (take(args, array, "2888w4") < 0)
        return NULL;
    const uint64_t *starts = array[1].data, *sizes = array[2].data, *counts = array[3].data;
    size_t all = array[0].count, lists = array[1].count, room = array[4].count, at = 0;
    const char *fault = array[2].count == lists && array[3].count == lists ? NULL : SIZES;
    for (size_t i = 0; i < lists && !fault; i++) {
        if (starts[i] > all || sizes[i] > all - starts[i] || counts[i] > room - at)
            fault = SIZES;
        else {
            Packed list = {(const uint16_t *)array[0].data + starts[i], sizes[i], counts[i]};
            fault = read_list(list, (uint32_t *)array[4].data + at);
            at += counts[i];
        }
    }
    if (!fault && at != room)
        fault = SIZES;
    let_go(array, 5);
    return none_or(fault);
}

/* A list that is being packed, in which form and how many units it takes so. */
typedef struct {
    const uint32_t *values;
    size_t count, blocks, units;
    int form;
} Unpacked;

enum { MOST_HIGH = 0xFFFF };

static size_t
low_units(size_t count, int bits)
{
    return bits == WIDE ? count : (count + 1) / 2;
}

static size_t
high_units(size_t bits)
{
    return (bits + 15) / 16;
}

/* The shortest form of a list of sorted values; `worth_it`: see WORTH_IT in packing.py. */
static Unpacked
shortest(const uint32_t *values, size_t count, double worth_it)
{
    Unpacked list = {values, count, 0, 2 * count, PLAIN};
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = values[i] > largest ? values[i] : largest;
        list.blocks += !i || values[i] >> 16 != values[i - 1] >> 16;
    }
    size_t split = HEADER + 2 * list.blocks + count;
    if (split < list.units && list.blocks <= MOST_HIGH) {
        list.form = SPLIT;
        list.units = split;
    }
    for (int bits = WIDE; bits >= NARROW; bits -= WIDE - NARROW) {
        size_t size = HEADER + low_units(count, bits) + high_units(count + (largest >> bits) + 1);
        if ((double)size < worth_it * (double)list.units && largest >> bits < MOST_HIGH && size != 2 * count) {
            list.form = bits;
            list.units = size;
        }
    }
    return list;
}

static void
write_split(Unpacked list, uint16_t *out)
{
    uint16_t *names = out + HEADER, *sizes = names + list.blocks, *halves = sizes + list.blocks;
    size_t block = 0, first = 0;
    out[0] = SPLIT;
    out[1] = (uint16_t)list.blocks;
    for (size_t i = 0; i < list.count; i++) {
        halves[i] = (uint16_t)list.values[i];
        if (i + 1 < list.count && list.values[i] >> 16 == list.values[i + 1] >> 16)
            continue;
        names[block] = (uint16_t)(list.values[i] >> 16);
        sizes[block++] = (uint16_t)(i - first);
        first = i + 1;
    }
}

/* Into units that are 0. */
static void
write_elias_fano(Unpacked list, uint16_t *out)
{
    uint16_t *wide = out + HEADER, *flags = wide + low_units(list.count, list.form);
    uint8_t *narrow = (uint8_t *)wide;
    out[0] = (uint16_t)list.form;
    out[1] = (uint16_t)((list.values[list.count - 1] >> list.form) + 1);
    for (size_t i = 0; i < list.count; i++) {
        size_t flag = (list.values[i] >> list.form) + i;
        flags[flag / 16] |= (uint16_t)(1 << flag % 16);
        if (list.form == WIDE)
            wide[i] = (uint16_t)list.values[i];
        else
            narrow[i] = (uint8_t)list.values[i];
    }
}

static void
write_list(Unpacked list, uint16_t *out)
{
    if (list.form == PLAIN)
        memcpy(out, list.values, list.count * sizeof *list.values);
    else if (list.form == SPLIT)
        write_split(list, out);
    else
        write_elias_fano(list, out);
}

/* pack(values: u4, counts: i8, sizes: i8, worth_it: float) -> the octets of the units of all lists, which lie one
 * after the other in `values`; how many each takes goes into `sizes`. */
PyObject *
pack(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[3];
    if (nargs != 4)
        return none_or("pack(values, counts, sizes, worth_it)");
    double worth_it = PyFloat_AsDouble(args[3]);
    if (PyErr_Occurred() || take(args, array, "48w8") < 0)
        return NULL;
    const uint32_t *values = array[0].data;
    const uint64_t *counts = array[1].data;
    int64_t *sizes = array[2].data;
    size_t lists = array[1].count, at = 0, units = 0;
    PyObject *packed = NULL;
    const char *fault = array[2].count == lists ? NULL : SIZES;
    Unpacked *list = malloc((lists + 1) * sizeof *list);
    for (size_t i = 0; i < lists && list && !fault; at += counts[i++]) {
        if (counts[i] > array[0].count - at) {
            fault = SIZES;
            break;
        }
        list[i] = shortest(values + at, counts[i], worth_it);
        sizes[i] = (int64_t)list[i].units;
        units += list[i].units;
    }
    if (!list)
        PyErr_NoMemory();
    else if (fault || at != array[0].count)
        none_or(SIZES);
    else if ((packed = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)(2 * units)))) {
        uint16_t *out = (uint16_t *)PyByteArray_AsString(packed);
        memset(out, 0, 2 * units);
        for (size_t i = 0; i < lists; out += list[i++].units)
            write_list(list[i], out);
    }
    free(list);
    let_go(array, 3);
    return packed;
}

/* Stretches begin[i] <= position < end[i]; without `end` single positions. */
typedef struct {
    const uint32_t *begin, *end;
    size_t count;
} Stretches;

/* Values of a split list within the stretches. Blocks before a stretch are passed over by their sizes;
 * in the block where it begins its first value is looked up. */
static const char *
read_split_near(Packed list, Stretches near, uint32_t *out, size_t *found)
{
    size_t blocks = list.units[1], block = 0, first = 0;
    const uint16_t *names = list.units + HEADER, *sizes = names + blocks, *halves = sizes + blocks;
    if (list.size != HEADER + 2 * blocks + list.count)
        return CONTRADICTION;
    for (size_t at = 0; at < near.count; at++) {
        uint32_t from = near.begin[at], last = near.end ? near.end[at] - 1 : from;
        if (near.end && near.end[at] <= from)
            continue;
        while (block < blocks && names[block] < from >> 16)
            first += (size_t)sizes[block++] + 1;
        for (size_t b = block, start = first, stop; b < blocks && names[b] <= last >> 16; b++, start = stop) {
            uint32_t high = (uint32_t)names[b] << 16;
            stop = start + sizes[b] + 1;
            if (stop > list.count)
                return CONTRADICTION;
            size_t i = high < from ? seek_half(halves, start, stop, from & 0xFFFF) : start;
            for (; i < stop && (high | halves[i]) <= last; i++) {
                if (*found == list.count)
                    return CONTRADICTION;
                out[(*found)++] = high | halves[i];
            }
        }
    }
    return NULL;
}

/* Values of an Elias-Fano list within the stretches: flags are passed over 64 at a time up to those that
 * may be of the high part with which a stretch begins. */
static const char *
read_elias_fano_near(Packed list, Stretches near, uint32_t *out, size_t *found)
{
    EliasFano parts;
    size_t word = 0, before = 0;
    const char *fault = open_elias_fano(list, &parts);
    for (size_t at = 0; at < near.count && !fault; at++) {
        uint32_t from = near.begin[at], last = near.end ? near.end[at] - 1 : from;
        if (near.end && near.end[at] <= from)
            continue;
        /* After a word the high part is as many as its and all earlier flags that are not set. */
        for (size_t ones; word * 8 < parts.octets; word++, before += ones) {
            ones = (size_t)__builtin_popcountll(flags_of(&parts, word));
            if ((word + 1) * 64 - (before + ones) >= from >> parts.bits)
                break;
        }
        size_t number = before;
        int is_past = 0;
        for (size_t w = word; w * 8 < parts.octets && number < list.count && !is_past; w++)
            for (uint64_t flags = flags_of(&parts, w); flags && number < list.count; flags &= flags - 1) {
                uint32_t value = value_of(&parts, w, flags, number++);
                if ((is_past = value > last))
                    break;
                if (value < from)
                    continue;
                if (*found == list.count)
                    return CONTRADICTION;
                out[(*found)++] = value;
            }
    }
    return fault;
}

/* Those of the `count` values within the stretches, moved to the front; how many. */
static size_t
keep_near(uint32_t *values, size_t count, Stretches near)
{
    size_t found = 0, at = 0;
    for (size_t stretch = 0; stretch < near.count && at < count; stretch++) {
        uint32_t begin = near.begin[stretch];
        at = seek(values, at, count, begin);
        if (near.end)
            while (at < count && values[at] < near.end[stretch])
                values[found++] = values[at++];
        else if (at < count && values[at] == begin)
            values[found++] = values[at++];
    }
    return found;
}

/* From so many values for each stretch on a list is read near the stretches alone. */
enum { FEW_OF = 16 };

/* unpack_near(units: u2, begin: u4, end: u4 or None, out: u4) -> how many; `out` has room for all. */
PyObject *
unpack_near(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 4)
        return none_or("unpack_near(units, begin, end, out)");
    int single = args[2] == Py_None;
    PyObject *arrays[] = {args[0], args[1], args[3], args[2]};
    if (take(arrays, array, single ? "24w4" : "24w44") < 0)
        return NULL;
    Packed list = {array[0].data, array[0].count, array[2].count};
    Stretches near = {array[1].data, single ? NULL : array[3].data, array[1].count};
    size_t found = 0;
    const char *fault = single || array[3].count == near.count ? NULL : SIZES;
    if (!fault && is_split(list))
        fault = read_split_near(list, near, array[2].data, &found);
    else if (!fault && list.size != 2 * list.count && list.size >= HEADER && near.count * FEW_OF < list.count)
        fault = read_elias_fano_near(list, near, array[2].data, &found);
    else if (!fault && !(fault = read_list(list, array[2].data)))
        found = keep_near(array[2].data, list.count, near);
    let_go(array, single ? 3 : 4);
    return size_or(found, fault);
}
