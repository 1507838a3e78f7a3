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
#define VERSION 10

/* What is fetched from memory before its turn, by how many records, or positions. */
enum { AHEAD = 8, STEPS_AHEAD = 16 };

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
    size_t count = array[0].count, steps = array[1].count, found = 0;
    const char *fault = array[2].count < count || array[3].count < count || array[4].count < count ? SIZES : NULL;
    for (size_t at = 0; at < count && !fault; at++) {
        size_t step = positions[at] >> STEP_BITS;
        if (step >= steps) {
            fault = "a position outside of the segment";
            break;
        }
        if (at + STEPS_AHEAD < count) {
            size_t soon = positions[at + STEPS_AHEAD] >> STEP_BITS;
            if (soon < steps)
                __builtin_prefetch(record_of + soon);
        }
        /* Written always and kept where a record begins: without a branch that cannot be foretold. */
        records[found] = record_of[step];
        begins[found] = (int64_t)at;
        found += record_of[step] != last;
        last = record_of[step];
    }
    for (size_t i = 0; i < found && !fault; i++)
        counts[i] = (i + 1 < found ? begins[i + 1] : (int64_t)count) - begins[i];
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

/* What scoring asks of a record: where its title, its text and the gap behind it begin, and its norms. They lie
 * side by side, since records that are scored lie far apart. */
typedef struct {
    uint32_t start, text, end;
    float title_norm, text_norm;
} Scored;

enum { SCORED_ITEMS = sizeof(Scored) / sizeof(uint32_t) };

/* add_gains(positions: u4, scored: u4[records, 5], records: i8, total: f4, lead_chars: int, lead: float,
 *           k1: float, weight: float) */
static PyObject *
add_gains(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 8)
        return none_or("add_gains(positions, scored, records, total, lead_chars, lead, k1, weight)");
    size_t lead_chars = PyLong_AsSize_t(args[4]);
    float lead = (float)PyFloat_AsDouble(args[5]), k1 = (float)PyFloat_AsDouble(args[6]);
    float weight = (float)PyFloat_AsDouble(args[7]);
    if (PyErr_Occurred() || take(args, array, "448w4") < 0)
        return NULL;
    const uint32_t *positions = array[0].data;
    const Scored *scored = array[1].data;
    const int64_t *records = array[2].data;
    float *total = array[3].data;
    size_t count = array[0].count, size = array[1].count / SCORED_ITEMS, wanted = array[2].count, at = 0;
    const char *fault = array[3].count == wanted && array[1].count % SCORED_ITEMS == 0 ? NULL : SIZES;
    for (size_t i = 0; i < wanted && at < count && !fault; i++) {
        uint64_t record = (uint64_t)records[i];
        if (record >= size) {
            fault = "a record outside of the segment";
            break;
        }
        if (i + AHEAD < wanted && (uint64_t)records[i + AHEAD] < size)
            __builtin_prefetch(scored + records[i + AHEAD]);
        Scored of = scored[record];
        uint64_t head = (uint64_t)of.text + lead_chars;
        size_t first = at = seek(positions, at, count, of.start), in_title = 0, in_head = 0;
        /* Of each position in the record whether it stands before the text, before the end of the lead. */
        for (; at < count && positions[at] < of.end; at++) {
            in_title += positions[at] < of.text;
            in_head += positions[at] < head;
        }
        float tf = (float)(in_head - in_title) * lead + (float)(at - first - in_head);
        tf = tf * of.text_norm + (float)in_title * of.title_norm;
        total[i] += tf / (tf + k1) * weight;
    }
    let_go(array, 4);
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

/* Values of one facet: their ids from `begin` up to `end`, and how often each occurs. */
typedef struct {
    const uint32_t *often;
    size_t begin, end;
} Facet;

/* The values that occur most often, at most `room`, most first and equal ones in order: their numbers in the
 * facet. Each is put among those before it, which are few. */
static size_t
most_frequent(Facet facet, size_t room, int64_t *order)
{
    const uint32_t *often = facet.often + facet.begin;
    size_t found = 0;
    uint32_t least = 0; /* what a further value has to pass */
    for (size_t value = 0; value < facet.end - facet.begin && room; value++) {
        if (often[value] <= least)
            continue;
        size_t at = found < room ? found++ : found - 1;
        for (; at && often[order[at - 1]] < often[value]; at--)
            order[at] = order[at - 1];
        order[at] = (int64_t)value;
        least = found == room ? often[order[room - 1]] : 0;
    }
    return found;
}

/* The last values that occur, at most `room`, last first: their numbers in the facet. */
static size_t
last_values(Facet facet, size_t room, int64_t *order)
{
    size_t found = 0;
    for (size_t id = facet.end; id-- > facet.begin && found < room;)
        if (facet.often[id])
            order[found++] = (int64_t)(id - facet.begin);
    return found;
}

/* count_facets(at: i8, ids: u4, records: i8, begins: i8[facets + 1], most: i8[facets], often: u4, order: i8,
 *              listed: i8[facets], sums: i8[facets]): see in_numpy.py. `often` is all zeros and as long as there
 * are ids; `order` has room for all that `most` allows. */
static PyObject *
count_facets(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[9];
    if (nargs != 9)
        return none_or("count_facets(at, ids, records, begins, most, often, order, listed, sums)");
    if (take(args, array, "84888w4w8w8w8") < 0)
        return NULL;
    const int64_t *begins = array[3].data, *most = array[4].data;
    uint32_t *often = array[5].data;
    int64_t *order = array[6].data, *listed = array[7].data, *sums = array[8].data;
    size_t facets = array[4].count, room = array[6].count, values = array[5].count;
    Table table = {array[0].data, array[1].data, array[0].count - 1, array[1].count, values};
    int fits = array[0].count && array[3].count == facets + 1 && array[7].count == facets && array[8].count == facets;
    const char *fault = fits ? count_ids(table, array[2].data, array[2].count, often) : SIZES;
    for (size_t number = 0; number < facets && !fault; number++) {
        int64_t begin = begins[number], next = begins[number + 1], wanted = most[number];
        if (begin < 0 || next <= begin || (size_t)next > values) {
            fault = "the borders of the table contradict themselves";
            break;
        }
        Facet facet = {often, (size_t)begin, (size_t)next - 1};
        size_t size = wanted < 0 ? 0 - (size_t)wanted : (size_t)wanted;
        size = size < facet.end - facet.begin ? size : facet.end - facet.begin;
        if (size > room) {
            fault = SIZES;
            break;
        }
        size = wanted < 0 ? last_values(facet, size, order) : most_frequent(facet, size, order);
        uint64_t sum = 0;
        for (size_t id = facet.begin; id < facet.end; id++)
            sum += often[id];
        listed[number] = (int64_t)size;
        sums[number] = (int64_t)sum;
        order += size;
        room -= size;
    }
    let_go(array, 9);
    return none_or(fault);
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

/* ---- building ---- */

/* As in normalise.py. */
enum { CODE_POINTS = 0x110000, SPACE = 0x20 };

/* The code points that stand in fields, all below `end`, numbered in their order. */
typedef struct {
    uint32_t *number_of, *present;
    size_t count, end;
} Alphabet;

/* The grams of a batch while they are sorted: what each begins with and its position; of the last of a field
 * FIELD_END is set. */
typedef struct {
    uint32_t *first, *positions;
    size_t count;
} Unsorted;

static const uint32_t FIELD_END = (uint32_t)1 << 31;

/* Codes without SPACE, with their positions as in layout.py; how many each field keeps goes into `lengths`. */
static const char *
squeeze_fields(const uint32_t *codes, const uint64_t *borders, size_t fields, Unsorted *out, uint32_t *lengths)
{
    uint64_t position = 0, step = (uint64_t)1 << STEP_BITS;
    for (size_t field = 0; field < fields; field++) {
        size_t before = out->count;
        for (size_t at = borders[field]; at < borders[field + 1]; at++) {
            if (codes[at] >= CODE_POINTS)
                return "a code point that is none";
            out->first[out->count] = codes[at];
            out->positions[out->count] = (uint32_t)position;
            out->count += codes[at] != SPACE;
            position += codes[at] != SPACE;
        }
        if (out->count > before)
            out->first[out->count - 1] |= FIELD_END;
        lengths[field] = (uint32_t)(out->count - before);
        position++;
        if (field % 2)
            position = (position + step - 1) >> STEP_BITS << STEP_BITS;
    }
    return position > (uint64_t)1 << 32 ? "more characters than a segment holds" : NULL;
}

/* Put the numbers of the codes into `grams`; 0 when there is no memory. */
static int
number_codes(Unsorted *grams, Alphabet *codes)
{
    for (size_t i = 0; i < grams->count; i++) {
        size_t code = grams->first[i] & ~FIELD_END;
        codes->end = code < codes->end ? codes->end : code + 1;
    }
    codes->number_of = calloc(codes->end + 1, sizeof *codes->number_of);
    codes->present = malloc((codes->end + 1) * sizeof *codes->present);
    if (!codes->number_of || !codes->present)
        return 0;
    if (grams->count)
        codes->number_of[0] = 1; /* what follows the last of a field */
    for (size_t i = 0; i < grams->count; i++)
        codes->number_of[grams->first[i] & ~FIELD_END] = 1;
    for (uint32_t code = 0; code < codes->end; code++)
        if (codes->number_of[code]) {
            codes->number_of[code] = (uint32_t)codes->count;
            codes->present[codes->count++] = code;
        }
    for (size_t i = 0; i < grams->count; i++)
        grams->first[i] = codes->number_of[grams->first[i] & ~FIELD_END] | (grams->first[i] & FIELD_END);
    return 1;
}

static uint32_t
first_of(const Unsorted *grams, size_t at)
{
    return grams->first[at] & ~FIELD_END;
}

static uint32_t
second_of(const Unsorted *grams, size_t at)
{
    return grams->first[at] & FIELD_END ? 0 : first_of(grams, at + 1);
}

/* Sort by second, then by first character, each time in linear time and leaving what is equal in order: the
 * positions become those of the sorted grams, `first` the numbers of their second characters; `ends` of the grams
 * that begin with each character. */
static void
sort_by_codes(const Unsorted *grams, size_t codes, uint64_t *room, size_t *ends, size_t *second_ends)
{
    for (size_t i = 0; i < grams->count; i++) {
        ends[first_of(grams, i)]++;
        second_ends[second_of(grams, i)]++;
    }
    for (size_t code = 0, begin = 0, second_begin = 0; code < codes; code++) {
        size_t size = ends[code], second_size = second_ends[code];
        ends[code] = begin;
        second_ends[code] = second_begin;
        begin += size;
        second_begin += second_size;
    }
    for (size_t i = 0; i < grams->count; i++)
        room[second_ends[second_of(grams, i)]++] = (uint64_t)first_of(grams, i) << 32 | grams->positions[i];
    uint32_t second = 0;
    for (size_t i = 0; i < grams->count; i++) {
        while (i >= second_ends[second])
            second++;
        size_t at = ends[room[i] >> 32]++;
        grams->positions[at] = (uint32_t)room[i];
        grams->first[at] = second;
    }
}

/* The distinct grams and how often each occurs -> how many there are. */
static size_t
count_grams(const Alphabet *codes, const size_t *ends, const uint32_t *seconds, uint64_t *keys, int64_t *counts)
{
    size_t found = 0, at = 0;
    for (size_t code = 0; code < codes->count; code++)
        for (size_t begin = at; at < ends[code]; at++) {
            if (at > begin && seconds[at] == seconds[at - 1]) {
                counts[found - 1]++;
                continue;
            }
            keys[found] = (uint64_t)codes->present[code] << 32 | codes->present[seconds[at]];
            counts[found++] = 1;
        }
    return found;
}

/* sort_grams(codes: u4, borders: i8, lengths: u4, keys: u8, counts: i8, positions: u4) -> how many keys, how many
 * positions; there is room for as many of both as there are codes. */
static PyObject *
sort_grams(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[6];
    if (nargs != 6)
        return none_or("sort_grams(codes, borders, lengths, keys, counts, positions)");
    if (take(args, array, "48w4w8w8w4") < 0)
        return NULL;
    const uint64_t *borders = array[1].data;
    size_t size = array[0].count, fields = array[2].count, keys = 0;
    const char *fault = array[1].count == fields + 1 && fields % 2 == 0 ? NULL : SIZES;
    for (int out = 3; out < 6; out++)
        fault = array[out].count == size ? fault : SIZES;
    for (size_t field = 0; field < fields && !fault; field++)
        if (borders[field] > borders[field + 1] || borders[field + 1] > size)
            fault = SIZES;
    Alphabet codes = {NULL, NULL, 0, 0};
    /* What is given back is the room to work in: the system gives new memory slower than it is filled. */
    Unsorted grams = {malloc((size + 1) * sizeof(uint32_t)), array[5].data, 0};
    size_t *ends = NULL, *second_ends = NULL;
    int enough = grams.first != NULL;
    if (enough && !fault)
        fault = squeeze_fields(array[0].data, borders, fields, &grams, array[2].data);
    if (enough && !fault && (enough = number_codes(&grams, &codes))) {
        ends = calloc(codes.count + 1, sizeof *ends);
        second_ends = calloc(codes.count + 1, sizeof *second_ends);
        if ((enough = ends && second_ends)) {
            sort_by_codes(&grams, codes.count, array[3].data, ends, second_ends);
            keys = count_grams(&codes, ends, grams.first, array[3].data, array[4].data);
        }
    }
    free(second_ends);
    free(ends);
    free(grams.first);
    free(codes.present);
    free(codes.number_of);
    let_go(array, 6);
    if (!enough)
        return PyErr_NoMemory();
    return fault ? none_or(fault) : Py_BuildValue("nn", (Py_ssize_t)keys, (Py_ssize_t)grams.count);
}

/* count_records(positions: u4, counts: i8, record_of_step: u4, out: u4) */
static PyObject *
count_records(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[4];
    if (nargs != 4)
        return none_or("count_records(positions, counts, record_of_step, out)");
    if (take(args, array, "484w4") < 0)
        return NULL;
    const uint32_t *positions = array[0].data, *record_of = array[2].data;
    const uint64_t *counts = array[1].data;
    uint32_t *out = array[3].data;
    size_t lists = array[1].count, at = 0;
    const char *fault = array[3].count == lists ? NULL : SIZES;
    for (size_t i = 0; i < lists && !fault; i++) {
        if (counts[i] > array[0].count - at) {
            fault = SIZES;
            break;
        }
        uint32_t last = 0, records = 0;
        for (size_t end = at + counts[i]; at < end; at++) {
            size_t step = positions[at] >> STEP_BITS;
            if (step >= array[2].count) {
                fault = "a position outside of the segment";
                break;
            }
            records += !records || record_of[step] != last;
            last = record_of[step];
        }
        out[i] = records;
    }
    if (!fault && at != array[0].count)
        fault = SIZES;
    let_go(array, 4);
    return none_or(fault);
}

/* As KEY_CHARS and NUMBERED in in_numpy.py. */
enum { KEY_CHARS = 4, NUMBERED = 0xFFFF };

/* The key of a word that is short enough to be told by its characters, else 0; -1 when it is no str. */
static int
key_of(PyObject *word, uint64_t *key)
{
    Py_UCS4 chars[KEY_CHARS];
    Py_ssize_t size = PyUnicode_GetLength(word);
    *key = 0;
    if (size < 0)
        return -1;
    if (!size || size > KEY_CHARS)
        return 0;
    if (!PyUnicode_AsUCS4(word, chars, KEY_CHARS, 0))
        return -1;
    for (Py_ssize_t i = 0; i < KEY_CHARS; i++) {
        Py_UCS4 code = i < size ? chars[i] : 0;
        if (i < size && (!code || code >= NUMBERED))
            return *key = 0, 0;
        *key = *key << 16 | code;
    }
    return 0;
}

/* The number of a word in `others`, into which it is put when it is new; -1 with an exception. */
static Py_ssize_t
number_in(PyObject *others, PyObject *word)
{
    PyObject *number = PyDict_GetItemWithError(others, word);
    if (number)
        return PyLong_AsSsize_t(number);
    if (PyErr_Occurred())
        return -1;
    Py_ssize_t next = PyDict_Size(others);
    number = PyLong_FromSsize_t(next);
    if (!number || PyDict_SetItem(others, word, number) < 0)
        next = -1;
    Py_XDECREF(number);
    return next;
}

/* word_keys(words: list of str, others: dict, out: u8) -> how many: of each word but BLANKs its key. */
static PyObject *
word_keys(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array out;
    if (nargs != 3)
        return none_or("word_keys(words, others, out)");
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "word_keys takes a list and a dict");
        return NULL;
    }
    if (take(args + 2, &out, "w8") < 0)
        return NULL;
    if ((size_t)PyList_Size(args[0]) > out.count) {
        let_go(&out, 1);
        return none_or(SIZES);
    }
    uint64_t *keys = out.data, blank = (uint64_t)SPACE << 48;
    size_t found = 0;
    int failed = 0;
    for (Py_ssize_t i = 0; i < PyList_Size(args[0]) && found < out.count && !failed; i++) {
        PyObject *word = PyList_GetItem(args[0], i);
        uint64_t key;
        Py_INCREF(word);
        failed = key_of(word, &key) < 0;
        if (!failed && !key) {
            Py_ssize_t number = number_in(args[1], word);
            failed = number < 0 || number > UINT32_MAX;
            key = (uint64_t)NUMBERED << 48 | (uint64_t)number;
        }
        Py_DECREF(word);
        keys[found] = key;
        found += key != blank;
    }
    let_go(&out, 1);
    if (!failed)
        return PyLong_FromSize_t(found);
    return PyErr_Occurred() ? NULL : none_or("others does not number its words");
}

/* A table of keys and their numbers by hash, with open addresses; half of its places at most are used. A number is
 * one more than that of the key, 0 where there is none. */
typedef struct {
    uint64_t key;
    uint64_t number;
} Place;

typedef struct {
    Place *places;
    int bits;
} Places;

/* Multiplicative hashing (Knuth, TAOCP 3, 6.4). */
static size_t
hash_of(Places table, uint64_t key)
{
    return (size_t)(key * 0x9E3779B97F4A7C15 >> (64 - table.bits));
}

static Place *
place_of(Places table, uint64_t key)
{
    size_t mask = ((size_t)1 << table.bits) - 1, at = hash_of(table, key);
    while (table.places[at].number && table.places[at].key != key)
        at = (at + 1) & mask;
    return table.places + at;
}

/* Twice the room; 0 when there is no memory. */
static int
grow(Places *table, const uint64_t *distinct, size_t count)
{
    free(table->places);
    table->bits++;
    table->places = calloc((size_t)1 << table->bits, sizeof *table->places);
    for (size_t i = 0; table->places && i < count; i++)
        *place_of(*table, distinct[i]) = (Place){distinct[i], i + 1};
    return table->places != NULL;
}

/* number_keys(keys: u8, numbers: u4, distinct: u8) -> how many distinct: keys are numbered as they first come. */
static PyObject *
number_keys(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[3];
    if (nargs != 3)
        return none_or("number_keys(keys, numbers, distinct)");
    if (take(args, array, "8w4w8") < 0)
        return NULL;
    const uint64_t *keys = array[0].data;
    uint32_t *numbers = array[1].data;
    uint64_t *distinct = array[2].data;
    size_t count = array[0].count, found = 0;
    const char *fault = array[1].count == count && array[2].count == count ? NULL : SIZES;
    Places table = {NULL, 11};
    int enough = fault || grow(&table, distinct, 0);
    for (size_t i = 0; i < count && enough && !fault; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(table.places + hash_of(table, keys[i + AHEAD]));
        Place *place = place_of(table, keys[i]);
        if (!place->number) {
            distinct[found++] = keys[i];
            *place = (Place){keys[i], found};
            numbers[i] = (uint32_t)(found - 1);
            if (found >> (table.bits - 1))
                enough = grow(&table, distinct, found);
        } else
            numbers[i] = (uint32_t)(place->number - 1);
    }
    free(table.places);
    let_go(array, 3);
    return enough ? size_or(found, fault) : PyErr_NoMemory();
}

/* count_terms(terms: u4, lengths: i8, df: i8, records: u4, tf: u4) -> how many entries: the terms of record after
 * record, `lengths` of them each, by term and then by record; `df` of each term. */
static PyObject *
count_terms(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array array[5];
    if (nargs != 5)
        return none_or("count_terms(terms, lengths, df, records, tf)");
    if (take(args, array, "48w8w4w4") < 0)
        return NULL;
    const uint32_t *terms = array[0].data;
    const uint64_t *lengths = array[1].data;
    int64_t *df = array[2].data;
    uint32_t *records = array[3].data, *tf = array[4].data;
    size_t count = array[0].count, size = array[1].count, distinct = array[2].count, at = 0, entries = 0;
    const char *fault = array[3].count == count && array[4].count == count ? NULL : SIZES;
    /* Of each term one more than the record that it was last seen in, and one more than its last entry. */
    uint32_t *last = calloc(distinct + 1, sizeof *last);
    size_t *ends = malloc((distinct + 1) * sizeof *ends);
    memset(df, 0, distinct * sizeof *df);
    for (size_t record = 0; record < size && last && !fault; record++) {
        if (lengths[record] > count - at)
            fault = SIZES;
        else
            for (size_t end = at + lengths[record]; at < end && !fault; at++) {
                if (terms[at] >= distinct)
                    fault = "a term that is none";
                else if (last[terms[at]] != record + 1) {
                    last[terms[at]] = (uint32_t)record + 1;
                    df[terms[at]]++;
                }
            }
    }
    if (!fault && at != count && last)
        fault = SIZES;
    if (last && ends && !fault) {
        for (size_t term = 0; term < distinct; term++) {
            ends[term] = entries;
            entries += (size_t)df[term];
        }
        memset(last, 0, distinct * sizeof *last);
        at = 0;
        for (size_t record = 0; record < size; record++)
            for (size_t end = at + lengths[record]; at < end; at++) {
                uint32_t term = terms[at];
                if (last[term] == record + 1) {
                    tf[ends[term] - 1]++;
                    continue;
                }
                last[term] = (uint32_t)record + 1;
                records[ends[term]] = (uint32_t)record;
                tf[ends[term]++] = 1;
            }
    }
    int enough = last && ends;
    free(ends);
    free(last);
    let_go(array, 5);
    return enough ? size_or(entries, fault) : PyErr_NoMemory();
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
    METHOD(held_within), METHOD(count_parts), METHOD(gains),     METHOD(count_facets),
    METHOD(add_gains),   METHOD(first),       METHOD(find_line),
    METHOD(sort_grams),  METHOD(count_records), METHOD(word_keys), METHOD(number_keys),
    METHOD(count_terms), METHOD(unite),
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
