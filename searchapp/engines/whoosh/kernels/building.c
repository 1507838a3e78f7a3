/* What is done for every word and gram while segments are built, and for every word while they are merged. */

#include "native.h"

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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
PyObject *
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
