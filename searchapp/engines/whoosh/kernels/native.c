/* The inner loops of searching and of writing lists. Each function gives, value for value, what the
 * function of the same name in in_numpy.py gives, which runs where this file could not be compiled;
 * in_c.py calls them.
 *
 * Arguments are contiguous buffers with items of as many bytes as the signature says (u4, i8, f4);
 * results go into buffers that the caller made. Whatever they hold, nothing is read or written outside
 * of them: what contradicts itself raises ValueError. No multiplication is fused with an addition
 * (-ffp-contract=off), so that sums are rounded as numpy rounds them. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed lists are read as little-endian words"
#endif

/* Of the form of the functions and of the lists; in_c.py expects this number. */
#define VERSION 8

/* ---- buffers ---- */

typedef struct {
    Py_buffer held;
    void *data;
    size_t count;
} Array;

static void
let_go(Array *arrays, int count)
{
    while (count--)
        PyBuffer_Release(&arrays[count].held);
}

/* The buffers of the first arguments. `items`: the bytes of an item of each as a digit, "w" before the
 * digit of one that is written. Raises TypeError; 0 when all are held. */
static int
take(PyObject *const *args, Array *arrays, const char *items)
{
    int at = 0;
    for (; *items; items++, at++) {
        int flags = *items == 'w' ? PyBUF_CONTIG : PyBUF_CONTIG_RO;
        items += *items == 'w';
        Array *array = &arrays[at];
        if (PyObject_GetBuffer(args[at], &array->held, flags) < 0)
            break;
        if (array->held.itemsize != *items - '0') {
            PyErr_Format(PyExc_TypeError, "argument %d has items of %zd bytes, not %c", at + 1,
                         array->held.itemsize, *items);
            at++;
            break;
        }
        array->data = array->held.buf;
        array->count = (size_t)(array->held.len / array->held.itemsize);
    }
    if (!*items)
        return 0;
    let_go(arrays, at);
    return -1;
}

static PyObject *
none_or(const char *fault)
{
    if (!fault)
        Py_RETURN_NONE;
    PyErr_SetString(PyExc_ValueError, fault);
    return NULL;
}

static PyObject *
size_or(size_t size, const char *fault)
{
    return fault ? none_or(fault) : PyLong_FromSize_t(size);
}

static const char *const CONTRADICTION = "a packed list contradicts itself";
static const char *const SIZES = "the sizes of the arrays do not belong together";

/* ---- search ---- */

/* The first index from `low` on whose value is not below `wanted`: doubling steps, then bisection
 * (Bentley & Yao 1976, "An almost optimal algorithm for unbounded searching"), so that a walk through
 * a list costs the logarithm of each step. */
static size_t
seek(const uint32_t *values, size_t low, size_t count, uint32_t wanted)
{
    size_t step = 1, high = low;
    while (high < count && values[high] < wanted) {
        low = high + 1;
        high += step;
        step <<= 1;
    }
    if (high > count)
        high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

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
static PyObject *
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
static PyObject *
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
static PyObject *
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
static PyObject *
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

/* ---- runs of characters ---- */

/* From so many values for each one wanted these are looked up, not walked to. */
enum { SPARSE = 16 };

/* intersect(values: u4, starts: u4, out: u4, shift: int) -> how many */
static PyObject *
intersect(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[3];
    if (nargs != 4)
        return none_or("intersect(values, starts, out, shift)");
    size_t shift = PyLong_AsSize_t(args[3]);
    if (PyErr_Occurred() || take(args, array, "44w4") < 0)
        return NULL;
    const uint32_t *values = array[0].data, *starts = array[1].data;
    uint32_t *out = array[2].data;
    size_t count = array[0].count, asked = array[1].count, found = 0, at = 0;
    const char *fault = array[2].count < asked ? SIZES : NULL;
    if (!fault && count < SPARSE * asked)
        for (size_t i = 0; i < asked && at < count;) {
            uint32_t value = values[at], wanted = starts[i] + (uint32_t)shift;
            out[found] = starts[i];
            found += value == wanted;
            at += value <= wanted;
            i += wanted <= value;
        }
    else if (!fault)
        for (size_t i = 0; i < asked && at < count; i++) {
            uint32_t wanted = starts[i] + (uint32_t)shift;
            at = seek(values, at, count, wanted);
            if (at < count && values[at] == wanted)
                out[found++] = starts[i];
        }
    let_go(array, 3);
    return size_or(found, fault);
}

/* As STEP_BITS in layout.py. */
enum { STEP_BITS = 6 };

/* group(positions: u4, record_of_step: u4, records: i8, begins: i8, counts: i8) -> how many records */
static PyObject *
group(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[5];
    if (nargs != 5)
        return none_or("group(positions, record_of_step, records, begins, counts)");
    if (take(args, array, "44w8w8w8") < 0)
        return NULL;
    const uint32_t *positions = array[0].data, *record_of = array[1].data;
    int64_t *records = array[2].data, *begins = array[3].data, *counts = array[4].data, last = -1;
    size_t count = array[0].count, found = 0;
    const char *fault = array[2].count < count || array[3].count < count || array[4].count < count ? SIZES : NULL;
    for (size_t at = 0; at < count && !fault; at++) {
        size_t step = positions[at] >> STEP_BITS;
        if (step >= array[1].count)
            fault = "a position outside of the segment";
        else if (record_of[step] == last)
            counts[found - 1]++;
        else {
            records[found] = last = record_of[step];
            begins[found] = (int64_t)at;
            counts[found++] = 1;
        }
    }
    let_go(array, 5);
    return size_or(found, fault);
}

/* held_within(positions: u4, begin: u4, end: u4, out: u1) */
static PyObject *
held_within(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 4)
        return none_or("held_within(positions, begin, end, out)");
    if (take(args, array, "444w1") < 0)
        return NULL;
    const uint32_t *positions = array[0].data, *begin = array[1].data, *end = array[2].data;
    uint8_t *out = array[3].data;
    size_t count = array[0].count, stretches = array[1].count, at = 0;
    const char *fault = array[2].count != stretches || array[3].count != stretches ? SIZES : NULL;
    for (size_t i = 0; i < stretches && !fault; i++) {
        at = seek(positions, at, count, begin[i]);
        out[i] = at < count && positions[at] < end[i];
    }
    let_go(array, 4);
    return none_or(fault);
}

/* ---- scores ---- */

/* As PARTS in frequencies.py. */
enum { TITLE, LEAD, REST, PARTS };

/* count_parts(positions: u4, borders: u4[PARTS + 1, records], title: f4, lead: f4, rest: f4) */
static PyObject *
count_parts(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[2 + PARTS];
    if (nargs != 2 + PARTS)
        return none_or("count_parts(positions, borders, title, lead, rest)");
    if (take(args, array, "44w4w4w4") < 0)
        return NULL;
    const uint32_t *positions = array[0].data, *borders = array[1].data;
    size_t count = array[0].count, records = array[2].count, at = 0;
    int fits = array[1].count == (PARTS + 1) * records;
    for (int part = 0; part < PARTS; part++)
        fits &= array[2 + part].count == records;
    for (size_t record = 0; record < records && fits; record++) {
        at = seek(positions, at, count, borders[record]);
        for (int part = 0; part < PARTS; part++) {
            size_t before = at;
            uint32_t end = borders[(size_t)(part + 1) * records + record];
            while (at < count && positions[at] < end)
                at++;
            ((float *)array[2 + part].data)[record] = (float)(at - before);
        }
    }
    let_go(array, 2 + PARTS);
    return none_or(fits ? NULL : SIZES);
}

/* gains(counts: f4[terms, PARTS, records], title_norm: f4, text_norm: f4, weights: f4, out: f4[terms, records],
 *       lead: float, k1: float) */
static PyObject *
gains(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[5];
    if (nargs != 7)
        return none_or("gains(counts, title_norm, text_norm, weights, out, lead, k1)");
    float lead = (float)PyFloat_AsDouble(args[5]), k1 = (float)PyFloat_AsDouble(args[6]);
    if (PyErr_Occurred() || take(args, array, "4444w4") < 0)
        return NULL;
    const float *counts = array[0].data, *title_norm = array[1].data, *text_norm = array[2].data;
    const float *weights = array[3].data;
    size_t records = array[1].count, terms = array[3].count;
    int fits = array[2].count == records && array[0].count == terms * PARTS * records &&
               array[4].count == terms * records;
    for (size_t term = 0; term < terms && fits; term++) {
        const float *of = counts + term * PARTS * records;
        float *out = (float *)array[4].data + term * records, weight = weights[term];
        for (size_t i = 0; i < records; i++) {
            float tf = of[LEAD * records + i] * lead + of[REST * records + i];
            tf = tf * text_norm[i] + of[i] * title_norm[i];
            out[i] = tf / (tf + k1) * weight;
        }
    }
    let_go(array, 5);
    return none_or(fits ? NULL : SIZES);
}

/* add_gains(positions: u4, start: u4, text_start: u4, end: u4, title_norm: f4, text_norm: f4, records: i8,
 *           total: f4, lead_chars: int, lead: float, k1: float, weight: float) */
static PyObject *
add_gains(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[8];
    if (nargs != 12)
        return none_or("add_gains(positions, start, text_start, end, title_norm, text_norm, records, total, "
                       "lead_chars, lead, k1, weight)");
    size_t lead_chars = PyLong_AsSize_t(args[8]);
    float lead = (float)PyFloat_AsDouble(args[9]), k1 = (float)PyFloat_AsDouble(args[10]);
    float weight = (float)PyFloat_AsDouble(args[11]);
    if (PyErr_Occurred() || take(args, array, "4444448w4") < 0)
        return NULL;
    const uint32_t *positions = array[0].data, *starts = array[1].data, *text_starts = array[2].data;
    const uint32_t *ends = array[3].data;
    const float *title_norm = array[4].data, *text_norm = array[5].data;
    const int64_t *records = array[6].data;
    float *total = array[7].data;
    size_t count = array[0].count, size = array[1].count, at = 0;
    const char *fault = array[7].count == array[6].count ? NULL : SIZES;
    for (int other = 2; other < 6; other++)
        fault = array[other].count == size ? fault : SIZES;
    for (size_t i = 0; i < array[6].count && at < count && !fault; i++) {
        uint64_t record = (uint64_t)records[i];
        if (record >= size) {
            fault = "a record outside of the segment";
            break;
        }
        uint32_t text = text_starts[record], end = ends[record];
        uint64_t head = (uint64_t)text + lead_chars;
        size_t first = at = seek(positions, at, count, starts[record]);
        while (at < count && positions[at] < text)
            at++;
        size_t in_text = at;
        while (at < count && positions[at] < end && positions[at] < head)
            at++;
        size_t in_rest = at;
        while (at < count && positions[at] < end)
            at++;
        float tf = (float)(in_rest - in_text) * lead + (float)(at - in_rest);
        tf = tf * text_norm[record] + (float)(in_text - first) * title_norm[record];
        total[i] += tf / (tf + k1) * weight;
    }
    let_go(array, 8);
    return none_or(fault);
}

typedef struct {
    const double *keys;
    const int32_t *days;
    const int64_t *records;
} Hits;

/* Whether hit `one` comes before hit `other`: by key, then the newer, then the order of the index. */
static int
is_before(Hits hits, int64_t one, int64_t other)
{
    if (hits.keys[one] != hits.keys[other])
        return hits.keys[one] > hits.keys[other];
    int64_t record = hits.records[one], next = hits.records[other];
    if (hits.days[record] != hits.days[next])
        return hits.days[record] > hits.days[next];
    return record < next;
}

/* Let the hit at `top` of a heap sink to where none below it comes after it. */
static void
sink(Hits hits, int64_t *heap, size_t top, size_t size)
{
    int64_t hit = heap[top];
    for (size_t below = 2 * top + 1; below < size; below = 2 * top + 1) {
        below += below + 1 < size && is_before(hits, heap[below], heap[below + 1]);
        if (!is_before(hits, hit, heap[below]))
            break;
        heap[top] = heap[below];
        top = below;
    }
    heap[top] = hit;
}

/* first(keys: f8, days: i4, records: i8, order: i8): the places of the hits that come first, as many as
 * `order` has room for. They are held in a heap with the last of them on top, which is sorted at the end. */
static PyObject *
first(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 4)
        return none_or("first(keys, days, records, order)");
    if (take(args, array, "848w8") < 0)
        return NULL;
    Hits hits = {array[0].data, array[1].data, array[2].data};
    int64_t *heap = array[3].data;
    size_t room = array[3].count, count = array[2].count;
    const char *fault = array[0].count == count && room <= count ? NULL : SIZES;
    for (size_t i = 0; i < count && !fault; i++)
        if ((uint64_t)hits.records[i] >= array[1].count)
            fault = "a record without a day";
    for (size_t i = 0; i < room && !fault; i++)
        heap[i] = (int64_t)i;
    for (size_t top = room / 2; top-- > 0 && !fault;)
        sink(hits, heap, top, room);
    for (size_t i = room; i < count && room && !fault; i++)
        if (is_before(hits, (int64_t)i, heap[0])) {
            heap[0] = (int64_t)i;
            sink(hits, heap, 0, room);
        }
    for (size_t size = room; size-- > 1 && !fault;) {
        int64_t last = heap[0];
        heap[0] = heap[size];
        heap[size] = last;
        sink(hits, heap, 0, size);
    }
    let_go(array, 4);
    return none_or(fault);
}

/* ---- facets ---- */

/* Record r holds the ids[at[r]] up to ids[at[r + 1]], each below `values`. */
typedef struct {
    const int64_t *at;
    const uint32_t *ids;
    size_t records, entries, values;
} Table;

/* Records that are fetched from memory before their turn: they lie far apart. */
enum { AHEAD = 8 };

/* How many of the records hold each id. */
static const char *
count_ids(Table table, const int64_t *records, size_t count, uint32_t *often)
{
    for (size_t i = 0; i < count; i++) {
        if ((uint64_t)records[i] >= table.records)
            return "a record outside of the table";
        if (i + 2 * AHEAD < count) {
            uint64_t soon = (uint64_t)records[i + AHEAD], later = (uint64_t)records[i + 2 * AHEAD];
            if (soon < table.records && later < table.records && (uint64_t)table.at[soon] < table.entries) {
                __builtin_prefetch(table.ids + table.at[soon]);
                __builtin_prefetch(table.at + later);
            }
        }
        int64_t at = table.at[records[i]], end = table.at[records[i] + 1];
        if (at < 0 || at > end || (size_t)end > table.entries)
            return "the borders of the table contradict themselves";
        for (; at < end; at++) {
            if (table.ids[at] >= table.values)
                return "an id outside of the table";
            often[table.ids[at]]++;
        }
    }
    return NULL;
}

/* tally(at: i8, ids: u4, records: i8, values: int) -> the bytes of two arrays of i8, as long as each other: the
 * ids below `values` that occur, and how many of the records hold each. */
static PyObject *
tally(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[3];
    if (nargs != 4)
        return none_or("tally(at, ids, records, values)");
    size_t values = PyLong_AsSize_t(args[3]), found = 0;
    if (PyErr_Occurred() || take(args, array, "848") < 0)
        return NULL;
    Table table = {array[0].data, array[1].data, array[0].count - 1, array[1].count, values};
    const char *fault = array[0].count ? NULL : SIZES;
    PyObject *both = NULL;
    uint32_t *often = calloc(values + 1, sizeof *often);
    int64_t *numbers = malloc(2 * (values + 1) * sizeof *numbers), *counts;
    if (!often || !numbers) {
        PyErr_NoMemory();
        goto done;
    }
    if (!fault)
        fault = count_ids(table, array[2].data, array[2].count, often);
    if (fault) {
        none_or(fault);
        goto done;
    }
    counts = numbers + values + 1;
    for (size_t id = 0; id < values; id++) {
        /* Written always and kept where it occurs: without a branch that cannot be foretold. */
        numbers[found] = (int64_t)id;
        counts[found] = often[id];
        found += often[id] != 0;
    }
    memmove(numbers + found, counts, found * sizeof *counts);
    both = PyBytes_FromStringAndSize((const char *)numbers, (Py_ssize_t)(2 * found * sizeof *numbers));
done:
    free(numbers);
    free(often);
    let_go(array, 3);
    return both;
}

/* largest(counts: i8, order: i8) -> how many: the places of the largest counts, as many as `order` has room
 * for. Each is put among those before it, which are few. */
static PyObject *
largest(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[2];
    if (nargs != 2)
        return none_or("largest(counts, order)");
    if (take(args, array, "8w8") < 0)
        return NULL;
    const int64_t *counts = array[0].data;
    int64_t *order = array[1].data;
    size_t room = array[1].count, found = 0;
    for (size_t i = 0; i < array[0].count && room; i++) {
        if (found == room && counts[i] <= counts[order[found - 1]])
            continue;
        size_t at = found < room ? found++ : found - 1;
        for (; at && counts[order[at - 1]] < counts[i]; at--)
            order[at] = order[at - 1];
        order[at] = (int64_t)i;
    }
    let_go(array, 2);
    return size_or(found, NULL);
}

/* ---- words ---- */

/* find_line(lines: u1, wanted: u1) -> n, the number of the first of the sorted lines that is not less than
 * `wanted`; -n - 1 when it is another one. */
static PyObject *
find_line(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[2];
    if (nargs != 2)
        return none_or("find_line(lines, wanted)");
    if (take(args, array, "11") < 0)
        return NULL;
    const char *line = array[0].data, *end = line + array[0].count, *wanted = array[1].data;
    size_t size = array[1].count;
    Py_ssize_t number = 0;
    int order = 1;
    while (line <= end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop ? stop : end) - line);
        order = memcmp(line, wanted, length < size ? length : size);
        if (!order)
            order = (length > size) - (length < size);
        if (order >= 0)
            break;
        number++;
        line = stop ? stop + 1 : end + 1;
    }
    let_go(array, 2);
    return PyLong_FromSsize_t(order ? -number - 1 : number);
}

/* ---- vocabularies ---- */

/* What is left of the sorted lines of one part: the line at hand, its first eight bytes as one number
 * (most lines differ in these), how many more there are, and where its rank goes. */
typedef struct {
    const char *line;
    size_t size, left, place;
    uint64_t head;
} Cursor;

/* Takes the line at `at`; 0 when that is beyond the end. */
static int
take_line(Cursor *cursor, const char *at, const char *end)
{
    if (at > end)
        return 0;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    unsigned char head[8] = {0};
    cursor->line = at;
    cursor->size = (size_t)((stop ? stop : end) - at);
    memcpy(head, at, cursor->size < 8 ? cursor->size : 8);
    cursor->head = 0;
    for (int byte = 0; byte < 8; byte++)
        cursor->head = cursor->head << 8 | head[byte];
    return 1;
}

static int
compare_lines(const Cursor *one, const Cursor *other)
{
    if (one->head != other->head)
        return one->head < other->head ? -1 : 1;
    int order = memcmp(one->line, other->line, one->size < other->size ? one->size : other->size);
    return order ? order : (one->size > other->size) - (one->size < other->size);
}

/* Lets the first of a heap sink to its place; the least line is first again. */
static void
sink_line(Cursor **heap, size_t count, size_t at)
{
    Cursor *sinking = heap[at];
    for (size_t below; (below = 2 * at + 1) < count; at = below) {
        if (below + 1 < count && compare_lines(heap[below + 1], heap[below]) < 0)
            below++;
        if (compare_lines(sinking, heap[below]) <= 0)
            break;
        heap[at] = heap[below];
    }
    heap[at] = sinking;
}

/* The first line of each part into `cursors`, and those of all into `heap`. */
static const char *
begin_parts(const Array *lines, const int64_t *starts, const int64_t *counts, size_t parts, size_t places,
            Cursor *cursors, Cursor **heap)
{
    const char *begin = lines->data, *end = begin + lines->count;
    size_t place = 0;
    for (size_t part = 0; part < parts; part++) {
        if (counts[part] < 1 || (uint64_t)counts[part] > places - place || starts[part] < 0 ||
            (uint64_t)starts[part] > lines->count)
            return SIZES;
        cursors[part].left = (size_t)counts[part] - 1;
        cursors[part].place = place;
        take_line(&cursors[part], begin + starts[part], end);
        heap[part] = &cursors[part];
        place += (size_t)counts[part];
    }
    for (size_t at = parts / 2; at--;)
        sink_line(heap, parts, at);
    return place == places ? NULL : SIZES;
}

/* Merges what begin_parts began into `out`, which has room for `room` bytes, of which *used get used. */
static const char *
unite_parts(Cursor **heap, size_t parts, const char *end, int64_t *ranks, char *out, size_t room, size_t *used)
{
    Cursor last = {0};
    int64_t rank = -1;
    while (parts) {
        Cursor *least = heap[0];
        if (rank < 0 || compare_lines(&last, least)) {
            if (room - *used < least->size + (rank >= 0))
                return SIZES;
            if (rank++ >= 0)
                out[(*used)++] = '\n';
            memcpy(out + *used, least->line, least->size);
            *used += least->size;
            last = *least;
        }
        ranks[least->place++] = rank;
        if (!least->left)
            heap[0] = heap[--parts];
        else if (!take_line(least, least->line + least->size + 1, end))
            return SIZES;
        else
            least->left--;
        if (parts)
            sink_line(heap, parts, 0);
    }
    return NULL;
}

/* unite(lines: u1, starts: i8, counts: i8, ranks: wi8) -> the distinct lines of all parts in order.
 *
 * Part p is the counts[p] sorted lines from lines[starts[p]] on. ranks: of each line of each part. */
static PyObject *
unite(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 4)
        return none_or("unite(lines, starts, counts, ranks)");
    if (take(args, array, "188w8") < 0)
        return NULL;
    size_t parts = array[1].count, room = array[0].count, used = 0;
    Cursor *cursors = malloc((parts + 1) * sizeof *cursors);
    Cursor **heap = malloc((parts + 1) * sizeof *heap);
    PyObject *out = cursors && heap ? PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)room) : PyErr_NoMemory();
    if (out) {
        const char *fault = array[2].count == parts ? NULL : SIZES;
        if (!fault)
            fault = begin_parts(&array[0], array[1].data, array[2].data, parts, array[3].count, cursors, heap);
        if (!fault)
            fault = unite_parts(heap, parts, (const char *)array[0].data + room, array[3].data,
                                PyByteArray_AsString(out), room, &used);
        if (fault ? !none_or(fault) : PyByteArray_Resize(out, (Py_ssize_t)used) < 0)
            Py_CLEAR(out);
    }
    free(heap);
    free(cursors);
    let_go(array, 4);
    return out;
}

/* ---- module ---- */

#define METHOD(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    METHOD(pack),        METHOD(unpack_many),
    METHOD(unpack),      METHOD(unpack_near), METHOD(intersect), METHOD(group),
    METHOD(held_within), METHOD(count_parts), METHOD(gains),     METHOD(tally),
    METHOD(add_gains),   METHOD(first),       METHOD(largest),   METHOD(find_line),
    METHOD(unite),
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddIntConstant(module, "VERSION", VERSION) < 0)
        Py_CLEAR(module);
    return module;
}
