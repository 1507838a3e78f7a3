/* The passages of a text that show best what matched, and the marks in them: what in_python.py does, in one
 * call. Every rule is the one of marks.py, units.py and passages.py, where it is explained; the functions have
 * the same names.
 *
 * Offsets are code points of the text. `fold` is the table of the folding, code point -> code point, `letters`
 * one byte for each of the first code points: whether it is a letter or a digit. Nothing outside of the
 * buffers is read: a code point beyond a table is taken as it is, and for no letter. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>
#include <string.h>

/* Of the form of the functions; in_c.py expects this number. */
#define VERSION 1

/* Strings of one question: one bit each. */
#define MOST_STRINGS 64

typedef Py_ssize_t Place;

/* ---- arrays that grow ---- */

typedef struct {
    Place start, end;
} Mark;

typedef struct {
    Place start;
    int string;
} Hit;

/* A piece of a passage. Sentences and paragraphs go by the number of their first unit. `speaker` is the last
 * unit up to this one that names a speaker, -1 for none; `held` the strings of its hits, as a bit set. */
typedef struct {
    Place start, end, sentence, paragraph, speaker, hits;
    uint64_t held;
} Unit;

typedef struct {
    void *items;
    Place count, room;
} Array;

/* Room for one more item; NULL with MemoryError set. */
static void *
more(Array *array, size_t size)
{
    if (array->count == array->room) {
        Place room = array->room ? 2 * array->room : 32;
        void *items = PyMem_Realloc(array->items, (size_t)room * size);
        if (!items) {
            PyErr_NoMemory();
            return NULL;
        }
        array->items = items;
        array->room = room;
    }
    return (char *)array->items + (size_t)array->count++ * size;
}

/* The last item, NULL when there is none. */
static void *
last_of(const Array *array, size_t size)
{
    return array->count ? (char *)array->items + (size_t)(array->count - 1) * size : NULL;
}

/* ---- what is asked ---- */

typedef struct {
    Py_UCS4 *codes;
    Place length;
    int whole; /* stands only where no letter or digit adjoins it */
} String;

typedef struct {
    Py_buffer fold, letters;
    Py_UCS4 *text;
    Place length;
    String strings[MOST_STRINGS];
    int count;
    Place chars;
    Array hits, marks, ranges, units, where;
} Job;

static void
let_go(Job *job)
{
    for (int at = 0; at < job->count; at++)
        PyMem_Free(job->strings[at].codes);
    PyMem_Free(job->text);
    Array *arrays[] = {&job->hits, &job->marks, &job->ranges, &job->units, &job->where};
    for (size_t at = 0; at < sizeof arrays / sizeof *arrays; at++)
        PyMem_Free(arrays[at]->items);
    if (job->fold.obj)
        PyBuffer_Release(&job->fold);
    if (job->letters.obj)
        PyBuffer_Release(&job->letters);
}

static int
take_strings(Job *job, PyObject *lit, PyObject *whole)
{
    Py_ssize_t count = PySequence_Size(lit);
    if (count < 0)
        return -1;
    if (count > MOST_STRINGS) {
        PyErr_SetString(PyExc_ValueError, "more than 64 strings");
        return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        String *string = &job->strings[job->count];
        PyObject *word = PySequence_GetItem(lit, at);
        if (!word)
            return -1;
        string->length = PyUnicode_GetLength(word);
        string->whole = string->length < 0 ? -1 : PySequence_Contains(whole, word);
        string->codes = string->whole < 0 ? NULL : PyUnicode_AsUCS4Copy(word);
        Py_DECREF(word);
        if (!string->codes)
            return -1;
        job->count++;
    }
    return 0;
}

/* args: fold, letters, text, lit, whole */
static int
take(Job *job, PyObject *const *args)
{
    if (PyObject_GetBuffer(args[0], &job->fold, PyBUF_SIMPLE) < 0
        || PyObject_GetBuffer(args[1], &job->letters, PyBUF_SIMPLE) < 0)
        return -1;
    job->length = PyUnicode_GetLength(args[2]);
    if (job->length < 0)
        return -1;
    job->text = PyUnicode_AsUCS4Copy(args[2]);
    return job->text ? take_strings(job, args[3], args[4]) : -1;
}

/* ---- marks.py ---- */

static Py_UCS4
folded(const Job *job, Py_UCS4 code)
{
    return (size_t)code < (size_t)job->fold.len / sizeof(uint32_t) ? ((const uint32_t *)job->fold.buf)[code] : code;
}

static int
is_latin(const Job *job, Place at)
{
    Py_UCS4 plain = folded(job, job->text[at]);
    return (Py_ssize_t)plain < job->letters.len && ((const char *)job->letters.buf)[plain];
}

static int
stands_alone(const Job *job, Place start, Place end)
{
    return !(start > 0 && is_latin(job, start - 1) && is_latin(job, start))
           && !(end < job->length && is_latin(job, end - 1) && is_latin(job, end));
}

/* One more hit; its mark is a new one, or makes the last one longer. Hits come sorted by start. */
static int
add_hit(Job *job, Place start, Place end, int string)
{
    Hit *hit = more(&job->hits, sizeof(Hit));
    if (!hit)
        return -1;
    *hit = (Hit){start, string};
    Mark *last = last_of(&job->marks, sizeof(Mark));
    if (last && start <= last->end) {
        if (end > last->end)
            last->end = end;
        return 0;
    }
    Mark *mark = more(&job->marks, sizeof(Mark));
    if (!mark)
        return -1;
    *mark = (Mark){start, end};
    return 0;
}

/* Which strings begin with a character, by its lowest bits. */
#define CLASSES 64

/* `squeezed` are the characters that are no blanks, `at` where they stand in the text. */
static int
find_in(Job *job, const Py_UCS4 *squeezed, const Place *at, Place count)
{
    uint64_t begins[CLASSES] = {0};
    for (int number = 0; number < job->count; number++)
        if (job->strings[number].length)
            begins[job->strings[number].codes[0] % CLASSES] |= (uint64_t)1 << number;
    for (Place here = 0; here < count; here++) {
        uint64_t left = begins[squeezed[here] % CLASSES];
        for (int number = 0; left; number++, left >>= 1) {
            const String *string = &job->strings[number];
            if (!(left & 1) || string->length > count - here)
                continue;
            if (memcmp(string->codes, squeezed + here, (size_t)string->length * sizeof(Py_UCS4)))
                continue;
            Place start = at[here], end = at[here + string->length - 1] + 1;
            if ((!string->whole || stands_alone(job, start, end)) && add_hit(job, start, end, number) < 0)
                return -1;
        }
    }
    return 0;
}

static int
find_hits(Job *job)
{
    Py_UCS4 *squeezed = PyMem_Malloc((size_t)job->length * sizeof(Py_UCS4) + 1);
    Place *at = PyMem_Malloc((size_t)job->length * sizeof(Place) + 1);
    int failed = -1;
    if (squeezed && at) {
        Place count = 0;
        for (Place here = 0; here < job->length; here++) {
            squeezed[count] = folded(job, job->text[here]);
            at[count] = here;
            count += squeezed[count] != ' ';
        }
        failed = find_in(job, squeezed, at, count);
    } else
        PyErr_NoMemory();
    PyMem_Free(squeezed);
    PyMem_Free(at);
    return failed;
}

/* Number of the first mark that ends after `place`. */
static Place
first_ending_after(const Job *job, Place place)
{
    const Mark *marks = job->marks.items;
    Place low = 0, high = job->marks.count;
    while (low < high) {
        Place middle = low + (high - low) / 2;
        if (marks[middle].end > place)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- units.py ---- */

/* What str.isspace and \s take for white space. */
static int
is_space(Py_UCS4 code)
{
    if (code < 0x80)
        return code == ' ' || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F);
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028
           || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* ”’」』）)】》〉"' */
static int
is_closing(Py_UCS4 code)
{
    switch (code) {
    case 0x201D: case 0x2019: case 0x300D: case 0x300F: case 0xFF09: case ')':
    case 0x3011: case 0x300B: case 0x3009: case '"': case '\'':
        return 1;
    }
    return 0;
}

/* 。！？；!?;｡ */
static int
is_stop(Py_UCS4 code)
{
    switch (code) {
    case 0x3002: case 0xFF01: case 0xFF1F: case 0xFF1B: case '!': case '?': case ';': case 0xFF61:
        return 1;
    }
    return 0;
}

/* ，、,：:—… */
static int
is_comma(Py_UCS4 code)
{
    switch (code) {
    case 0xFF0C: case 0x3001: case ',': case 0xFF1A: case ':': case 0x2014: case 0x2026:
        return 1;
    }
    return 0;
}

static Place
after_closing(const Py_UCS4 *text, Place at, Place stop)
{
    while (at < stop && is_closing(text[at]))
        at++;
    return at;
}

/* The end of the SENTENCE_END that begins at `at`, or `at` when none does. */
static Place
sentence_end(const Py_UCS4 *text, Place at, Place stop)
{
    Place end = at;
    if (text[at] == '\n')
        while (end < stop && text[end] == '\n')
            end++;
    else if (text[at] == '.')
        end += at + 1 < stop && is_space(text[at + 1]);
    else if (is_stop(text[at])) {
        while (end < stop && is_stop(text[end]))
            end++;
        end = after_closing(text, end, stop);
    }
    return end;
}

/* The end of the CLAUSE_END that begins at `at`, or `at` when none does. */
static Place
clause_end(const Py_UCS4 *text, Place at, Place stop)
{
    Place end = at;
    if (is_comma(text[at])) {
        while (end < stop && is_comma(text[end]))
            end++;
        return after_closing(text, end, stop);
    }
    while (end < stop && is_space(text[end]))
        end++;
    return end;
}

/* The mark that covers `place` or begins there; NULL for none. */
static const Mark *
mark_over(const Job *job, Place place)
{
    const Mark *marks = job->marks.items;
    Place number = first_ending_after(job, place);
    return number < job->marks.count && marks[number].start <= place ? &marks[number] : NULL;
}

static int
is_within_mark(const Job *job, Place border)
{
    const Mark *mark = mark_over(job, border);
    return mark && mark->start < border;
}

static int
paragraphs_with(Job *job)
{
    const Mark *marks = job->marks.items;
    for (Place number = 0; number < job->marks.count; number++) {
        Place start = marks[number].start, stop = marks[number].end;
        Mark *last = last_of(&job->ranges, sizeof(Mark));
        if (last && stop <= last->end)
            continue;
        while (stop < job->length && job->text[stop++] != '\n')
            ;
        Place floor = last ? last->start : 0;
        while (start > floor && job->text[start - 1] != '\n')
            start--;
        if (last && start < last->end) {
            last->end = stop;
            continue;
        }
        last = more(&job->ranges, sizeof(Mark));
        if (!last)
            return -1;
        *last = (Mark){start, stop};
    }
    return 0;
}

/* Units.add: one more unit of the sentence and of the paragraph that begin with these units. */
static int
add_unit(Job *job, Place start, Place end, Place sentence, Place paragraph)
{
    while (start < end && is_space(job->text[start]))
        start++;
    while (start < end && is_space(job->text[end - 1]))
        end--;
    if (start == end)
        return 0;
    Unit *unit = more(&job->units, sizeof(Unit));
    if (!unit)
        return -1;
    *unit = (Unit){start, end, sentence, paragraph, -1, 0, 0};
    return 0;
}

/* text[begin:end] as units, cut at _forced_cuts. */
static int
add_cut(Job *job, Place begin, Place end, Place sentence, Place paragraph)
{
    Place step = job->chars / 4 > 0 ? job->chars / 4 : 1, done = begin;
    for (Place place = begin + step; place < end; place += step) {
        const Mark *mark = mark_over(job, place);
        Place edges[] = {mark ? mark->start : place, mark ? mark->end : place};
        for (int edge = 0; edge < 2; edge++)
            if (edges[edge] > done && edges[edge] < end) {
                if (add_unit(job, done, edges[edge], sentence, paragraph) < 0)
                    return -1;
                done = edges[edge];
            }
    }
    return add_unit(job, done, end, sentence, paragraph);
}

static int
add_clauses(Job *job, Place start, Place end, Place sentence, Place paragraph)
{
    for (Place at = start; start < end;) {
        Place border = end;
        while (at < end) {
            Place after = clause_end(job->text, at, end);
            if (after > at && !is_within_mark(job, after)) {
                border = at = after;
                break;
            }
            at = after > at ? after : at + 1;
        }
        int failed = border - start > job->chars ? add_cut(job, start, border, sentence, paragraph)
                                                 : add_unit(job, start, border, sentence, paragraph);
        if (failed < 0)
            return -1;
        start = border;
    }
    return 0;
}

static int
add_sentence(Job *job, Place start, Place end, Place paragraph)
{
    Place sentence = job->units.count;
    return end - start <= job->chars ? add_unit(job, start, end, sentence, paragraph)
                                     : add_clauses(job, start, end, sentence, paragraph);
}

/* Whether a speech verb stands before text[at]: 说称道, 表示 …, 告诉记者. */
static int
is_said_before(const Py_UCS4 *text, Place at)
{
    static const Py_UCS4 verbs[][2] = {
        {0x8868, 0x793A}, {0x6307, 0x51FA}, {0x5F3A, 0x8C03}, {0x8981, 0x6C42}, {0x8BA4, 0x4E3A},
        {0x63D0, 0x51FA}, {0x4ECB, 0x7ECD}, {0x5766, 0x8A00}, {0x900F, 0x9732},
    };
    if (at < 1)
        return 0;
    if (text[at - 1] == 0x8BF4 || text[at - 1] == 0x79F0 || text[at - 1] == 0x9053)
        return 1;
    for (size_t number = 0; at >= 2 && number < sizeof verbs / sizeof *verbs; number++)
        if (text[at - 1] == verbs[number][1] && text[at - 2] == verbs[number][0])
            return 1;
    return at >= 4 && text[at - 1] == 0x8005 && text[at - 2] == 0x8BB0 && text[at - 3] == 0x8BC9
           && text[at - 4] == 0x544A;
}

/* ，,：:“「 after a speech verb */
static int
is_speaker(const Py_UCS4 *text, Place at)
{
    switch (text[at]) {
    case 0xFF0C: case ',': case 0xFF1A: case ':': case 0x201C: case 0x300C:
        return is_said_before(text, at);
    }
    return 0;
}

static void
find_speakers(Job *job)
{
    Unit *units = job->units.items;
    for (Place number = 0, last = -1; number < job->units.count; number++) {
        for (Place at = units[number].start; last < number && at < units[number].end; at++)
            if (is_speaker(job->text, at))
                last = number;
        units[number].speaker = last;
    }
}

static int
cut_into_units(Job *job)
{
    if (paragraphs_with(job) < 0)
        return -1;
    const Mark *ranges = job->ranges.items;
    for (Place number = 0; number < job->ranges.count; number++) {
        Place start = ranges[number].start, stop = ranges[number].end, paragraph = job->units.count;
        for (Place at = start; at < stop;) {
            Place end = sentence_end(job->text, at, stop);
            if (end > at && !is_within_mark(job, end)) {
                if (add_sentence(job, start, end, paragraph) < 0)
                    return -1;
                start = end;
            }
            at = end > at ? end : at + 1;
        }
        if (add_sentence(job, start, stop, paragraph) < 0)
            return -1;
    }
    find_speakers(job);
    return 0;
}

/* ---- passages.py ---- */

#define SHOWN_WORTH 0.3
#define REPEAT_WORTH 0.1
#define REPEATS_AT_MOST 5
#define SPEAKER_WORTH 1.5
#define NEW_PARAGRAPH_COST 0.5
#define SECOND_AT_LEAST 0.6

typedef struct {
    Place first, last, hits;
    uint64_t held;
} Window;

/* What earlier passages of the text have taken, and the strings that they show. */
typedef struct {
    const Job *job;
    const Unit *units;
    Place count;
    Array taken;
    uint64_t shown;
    Window best;
    double worth;
} Chooser;

/* Gives each unit its hits; `where` are the numbers of those that have any. */
static int
share_out(Job *job)
{
    const Hit *hits = job->hits.items;
    Unit *units = job->units.items;
    for (Place number = 0, unit = 0; job->units.count && number < job->hits.count; number++) {
        while (unit + 1 < job->units.count && units[unit + 1].start <= hits[number].start)
            unit++;
        if (!units[unit].hits) {
            Place *one = more(&job->where, sizeof(Place));
            if (!one)
                return -1;
            *one = unit;
        }
        units[unit].hits++;
        units[unit].held |= (uint64_t)1 << hits[number].string;
    }
    return 0;
}

static Place
length_of(const Chooser *chooser, uint64_t held)
{
    Place length = 0;
    for (int number = 0; held; number++, held >>= 1)
        if (held & 1)
            length += chooser->job->strings[number].length;
    return length;
}

static int
is_taken(const Chooser *chooser, Place first, Place last)
{
    const Mark *taken = chooser->taken.items;
    for (Place number = 0; number < chooser->taken.count; number++)
        if (taken[number].start <= last && first <= taken[number].end)
            return 1;
    return 0;
}

static int
fits(const Chooser *chooser, Place first, Place last)
{
    return chooser->units[last].end - chooser->units[first].start <= chooser->job->chars
           && !is_taken(chooser, first, last);
}

static Place
speaker_from(const Chooser *chooser, Place first, Place last)
{
    const Unit *units = chooser->units;
    Place speaker = units[last].speaker;
    if (speaker < 0 || speaker >= first)
        return speaker < 0 ? -1 : first;
    if (units[speaker].paragraph != units[first].paragraph)
        return -1;
    Place start = units[speaker].sentence;
    return fits(chooser, start, last) ? start : -1;
}

static void
weigh(Chooser *chooser, Window window)
{
    const Unit *units = chooser->units;
    double worth = (double)length_of(chooser, window.held & ~chooser->shown)
                   + SHOWN_WORTH * (double)length_of(chooser, window.held & chooser->shown);
    worth += REPEAT_WORTH * (double)(window.hits < REPEATS_AT_MOST ? window.hits : REPEATS_AT_MOST);
    if (window.first != window.last && units[window.first].paragraph != units[window.last].paragraph)
        worth -= NEW_PARAGRAPH_COST;
    if (worth + SPEAKER_WORTH <= chooser->worth || is_taken(chooser, window.first, window.last))
        return;
    if (speaker_from(chooser, window.first, window.last) >= 0)
        worth += SPEAKER_WORTH;
    if (worth > chooser->worth) {
        chooser->worth = worth;
        chooser->best = window;
    }
}

/* _find_windows and _best_window: whether there is one. */
static int
best_window(Chooser *chooser)
{
    const Job *job = chooser->job;
    const Unit *units = chooser->units;
    const Place *where = job->where.items;
    chooser->worth = 0.0;
    for (Place at = 0; at < job->where.count; at++) {
        Place limit = units[where[at]].start + job->chars;
        Window window = {where[at], where[at], units[where[at]].hits, units[where[at]].held};
        for (Place next = at + 1; next < job->where.count && units[where[next]].end <= limit; next++) {
            const Unit *unit = &units[where[next]];
            if (unit->held & ~window.held)
                weigh(chooser, window);
            else if (unit->paragraph != units[window.last].paragraph)
                continue;
            window = (Window){window.first, where[next], window.hits + unit->hits, window.held | unit->held};
        }
        weigh(chooser, window);
    }
    return chooser->worth > 0.0;
}

static int
is_worth_showing(const Chooser *chooser)
{
    uint64_t held = chooser->best.held, shown = chooser->shown;
    return !shown || held & ~shown
           || (double)length_of(chooser, held) >= SECOND_AT_LEAST * (double)length_of(chooser, shown);
}

static void
grow_to_sentences(const Chooser *chooser, Place *first, Place *last)
{
    const Unit *units = chooser->units;
    for (int grown = 1; grown;) {
        grown = 0;
        if (*first > 0 && units[*first - 1].sentence == units[*first].sentence && fits(chooser, *first - 1, *last)) {
            --*first;
            grown = 1;
        }
        Place after = *last + 1;
        if (after < chooser->count && units[after].sentence == units[*last].sentence && fits(chooser, *first, after)) {
            *last = after;
            grown = 1;
        }
    }
}

static void
grow_by_sentences(const Chooser *chooser, Place *first, Place *last)
{
    const Unit *units = chooser->units;
    Place paragraph = units[*last].paragraph;
    while (*last + 1 < chooser->count && units[*last + 1].paragraph == paragraph) {
        Place end = *last + 1;
        while (end + 1 < chooser->count && units[end + 1].sentence == units[end].sentence)
            end++;
        if (!fits(chooser, *first, end))
            break;
        *last = end;
    }
    Place floor = units[*first].paragraph;
    while (*first > floor) {
        Place start = units[*first - 1].sentence;
        if (!fits(chooser, start, *last))
            break;
        *first = start;
    }
}

/* The next passage, as units: 1, 0 when no more is worth showing, -1 with an error set. */
static int
next_passage(Chooser *chooser, Place *first, Place *last)
{
    if (!best_window(chooser) || !is_worth_showing(chooser))
        return 0;
    *first = chooser->best.first;
    *last = chooser->best.last;
    Place speaker = speaker_from(chooser, *first, *last);
    if (speaker >= 0)
        *first = speaker;
    grow_to_sentences(chooser, first, last);
    grow_by_sentences(chooser, first, last);
    Mark *taken = more(&chooser->taken, sizeof(Mark));
    if (!taken)
        return -1;
    *taken = (Mark){*first, *last};
    chooser->shown |= chooser->best.held;
    return 1;
}

/* ---- what comes back ---- */

/* The marks from number `from` that begin before `end`, cut to start..end and counted from `start`. */
static PyObject *
marks_in(const Job *job, Place from, Place start, Place end)
{
    const Mark *marks = job->marks.items;
    Place stop = from;
    while (stop < job->marks.count && marks[stop].start < end)
        stop++;
    PyObject *found = PyTuple_New(stop - from);
    for (Place number = from; found && number < stop; number++) {
        Place low = marks[number].start > start ? marks[number].start : start;
        Place high = marks[number].end < end ? marks[number].end : end;
        PyObject *one = Py_BuildValue("nn", low - start, high - start);
        if (!one || PyTuple_SetItem(found, number - from, one) < 0)
            Py_CLEAR(found);
    }
    return found;
}

/* _snippet: (text, marks, start) of text[start:end]. */
static PyObject *
snippet(const Job *job, PyObject *text, Place start, Place end)
{
    const Mark *marks = job->marks.items;
    Place from = first_ending_after(job, start);
    if (end - start > job->chars && from < job->marks.count) {
        start = marks[from].start > start ? marks[from].start : start;
        end = end < start + job->chars ? end : start + job->chars;
    }
    PyObject *inside = marks_in(job, from, start, end);
    PyObject *shown = inside ? PyUnicode_Substring(text, start, end) : NULL;
    if (!shown) {
        Py_XDECREF(inside);
        return NULL;
    }
    return Py_BuildValue("NNn", shown, inside, start);
}

static PyObject *
snippets_of(const Job *job, PyObject *text, Py_ssize_t most)
{
    Chooser chooser = {.job = job, .units = job->units.items, .count = job->units.count};
    PyObject *found = PyList_New(0);
    while (found && PyList_Size(found) < most) {
        Place first, last;
        int state = next_passage(&chooser, &first, &last);
        if (!state)
            break;
        PyObject *one = state < 0 ? NULL : snippet(job, text, chooser.units[first].start, chooser.units[last].end);
        if (!one || PyList_Append(found, one) < 0)
            Py_CLEAR(found);
        Py_XDECREF(one);
    }
    PyMem_Free(chooser.taken.items);
    return found;
}

/* passages(fold, letters, text, lit, whole, most, chars) -> [(text, marks, start), …], none without a hit. */
static PyObject *
passages(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "passages(fold, letters, text, lit, whole, most, chars)");
        return NULL;
    }
    Job job = {0};
    Py_ssize_t most = PyLong_AsSsize_t(args[5]);
    job.chars = PyLong_AsSsize_t(args[6]);
    if (PyErr_Occurred())
        return NULL;
    if (job.chars < 1 || job.chars > PY_SSIZE_T_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "a passage has at least one character");
        return NULL;
    }
    PyObject *found = NULL;
    if (!take(&job, args) && !find_hits(&job) && !cut_into_units(&job) && !share_out(&job))
        found = snippets_of(&job, args[2], most);
    let_go(&job);
    return found;
}

/* marks(fold, letters, text, lit, whole) -> ((start, end), …) */
static PyObject *
marks(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 5) {
        PyErr_SetString(PyExc_TypeError, "marks(fold, letters, text, lit, whole)");
        return NULL;
    }
    Job job = {0};
    PyObject *found = NULL;
    if (!take(&job, args) && !find_hits(&job))
        found = marks_in(&job, 0, 0, job.length);
    let_go(&job);
    return found;
}

static PyMethodDef methods[] = {
    {"passages", (PyCFunction)(void (*)(void))passages, METH_FASTCALL, NULL},
    {"marks", (PyCFunction)(void (*)(void))marks, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_snippets", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__snippets(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddIntConstant(module, "VERSION", VERSION) < 0)
        Py_CLEAR(module);
    return module;
}
