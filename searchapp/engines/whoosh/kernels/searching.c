/* What is done for every position and record of a search: runs of characters, scores, facets; and words told apart. */

#include "native.h"

/* ---- runs of characters ---- */

/* From so many values for each one wanted these are looked up, not walked to. */
enum { SPARSE = 16 };

/* intersect(values: u4, starts: u4, out: u4, shift: int) -> how many */
PyObject *
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

/* group(positions: u4, record_of_step: u4, records: i8, begins: i8, counts: i8) -> how many records */
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
