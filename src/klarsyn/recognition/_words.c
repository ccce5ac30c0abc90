/*
 * What recognition does with every word of a text: its fingerprint, and whether a known name may
 * begin with it.
 *
 * Built only where that is asked for (CONTRIBUTING.md); where it is missing, fingerprints.py and
 * knownfast.py do the same with NumPy, and the answers are the same. Nothing is kept between two
 * calls, and what comes in is checked before anything of it is read.
 */

#include "_columns.h"

#define BASE UINT64_C(0x9E3779B97F4A7C15) /* as in fingerprints.py, like what follows */
#define NEXT UINT64_C(0xA24BAED4963EE407)
#define MIX UINT64_C(0xD6E8FEB86659FD93)
#define LETTERS 65536

/* Words */

typedef struct {
    int kind;
    const void *signs;
    Py_ssize_t size;
} Text;

static Text text_of(PyObject *string)
{
    Text text = {PyUnicode_KIND(string), PyUnicode_DATA(string), PyUnicode_GET_LENGTH(string)};
    return text;
}

/* Return a sign as it is asked for in a table: what is beyond it is its last, which is no letter. */
static inline uint32_t sign_at(const Text *text, Py_ssize_t place)
{
    uint32_t sign = PyUnicode_READ(text->kind, text->signs, place);
    return sign < LETTERS ? sign : LETTERS - 1;
}

static int is_table(const Py_buffer *table, Py_ssize_t bytes)
{
    if (table->len == LETTERS * bytes)
        return 1;
    PyErr_SetString(PyExc_ValueError, "a table is not as long as there are letters");
    return 0;
}

/* Note where words begin and end, and their fingerprints. It is made for each kind of text apart. */
static inline int walk(Text text, const int kind, const uint64_t *codes, Column *columns)
{
    text.kind = kind;
    for (Py_ssize_t place = 0; place < text.size; place++) {
        uint64_t code = codes[sign_at(&text, place)], print = 0, power = 1;
        if (!code)
            continue;
        Py_ssize_t begin = place;
        do {
            print += code * power;
            power *= BASE;
            place++;
            code = place < text.size ? codes[sign_at(&text, place)] : 0;
        } while (code);
        if (column_add(&columns[0], begin) < 0 || column_add(&columns[1], place) < 0
            || column_add(&columns[2], (int64_t)print) < 0)
            return -1;
    }
    return 0;
}

PyDoc_STRVAR(words_doc, "words(text, codes, /)\n--\n\n"
                        "Return where words begin and end, and their fingerprints; `codes` has a "
                        "number for each letter, 0 for other signs.");

static PyObject *words(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *string, *told = NULL;
    Py_buffer table;
    Column columns[3];
    if (!PyArg_ParseTuple(args, "Uy*", &string, &table))
        return NULL;
    Text text = text_of(string);
    const uint64_t *codes = table.buf;
    if (columns_new(columns, 3, text.size / 5) < 0 || !is_table(&table, sizeof(uint64_t)))
        goto done;
    if (text.kind == PyUnicode_1BYTE_KIND) {
        if (walk(text, PyUnicode_1BYTE_KIND, codes, columns) < 0)
            goto done;
    } else if (text.kind == PyUnicode_2BYTE_KIND) {
        if (walk(text, PyUnicode_2BYTE_KIND, codes, columns) < 0)
            goto done;
    } else if (walk(text, PyUnicode_4BYTE_KIND, codes, columns) < 0) {
        goto done;
    }
    told = columns_told(columns, 3);
done:
    columns_drop(columns, 3);
    PyBuffer_Release(&table);
    return told;
}

/* Names: at which words a known one may begin */

static uint64_t mixed(uint64_t number)
{
    return (number ^ (number >> 32)) * MIX;
}

static uint64_t pair(uint64_t first, uint64_t second)
{
    return mixed(first * NEXT + second);
}

/* A set that may say yes too often, as fingerprints.Bitmap. */
typedef struct {
    Py_buffer bits;
    int shift;
} Bitmap;

/* A set of fingerprints, as fingerprints.Prints: a bitmap, and the ordered numbers. */
typedef struct {
    Bitmap bitmap;
    Py_buffer ordered;
} Prints;

static int has_bit(const Bitmap *set, uint64_t number)
{
    uint64_t place = number >> set->shift;
    return ((const unsigned char *)set->bits.buf)[place >> 3] >> (place & 7) & 1;
}

static int may_hold(const Bitmap *set, uint64_t number)
{
    uint64_t once = mixed(number);
    return has_bit(set, once) && has_bit(set, mixed(once));
}

static int is_among(const Py_buffer *ordered, uint64_t number)
{
    const uint64_t *numbers = ordered->buf;
    Py_ssize_t low = 0, high = ordered->len / (Py_ssize_t)sizeof(uint64_t);
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ordered->len / (Py_ssize_t)sizeof(uint64_t) && numbers[low] == number;
}

static int holds(const Prints *set, uint64_t number)
{
    return may_hold(&set->bitmap, number) && is_among(&set->ordered, number);
}

static int is_bitmap(const Bitmap *set)
{
    if (set->shift > 0 && set->shift < 64
        && (uint64_t)set->bits.len == (UINT64_C(1) << (64 - set->shift)) >> 3)
        return 1;
    PyErr_SetString(PyExc_ValueError, "a bitmap is not as long as its shift says");
    return 0;
}

/* Everything that is asked about the words of one text. */
typedef struct {
    Text text;
    Py_buffer starts, ends, prints, codes, capitals, initials;
    Prints begun, known;
    Bitmap firsts;
    int any_single, shortest_genitive, shortest_typo;
    Py_ssize_t count;
} Asked;

static Py_ssize_t start_of(const Asked *asked, Py_ssize_t n)
{
    return (Py_ssize_t)((const int64_t *)asked->starts.buf)[n];
}

static Py_ssize_t end_of(const Asked *asked, Py_ssize_t n)
{
    return (Py_ssize_t)((const int64_t *)asked->ends.buf)[n];
}

static uint64_t print_of(const Asked *asked, Py_ssize_t n)
{
    return ((const uint64_t *)asked->prints.buf)[n];
}

static uint64_t code_at(const Asked *asked, Py_ssize_t place)
{
    return ((const uint64_t *)asked->codes.buf)[sign_at(&asked->text, place)];
}

static uint32_t sign_after(const Asked *asked, Py_ssize_t n)
{
    Py_ssize_t end = end_of(asked, n), last = asked->text.size - 1;
    return sign_at(&asked->text, end < last ? end : last);
}

/* Return the fingerprint of a word without a last "s". */
static uint64_t bare_of(const Asked *asked, Py_ssize_t n)
{
    Py_ssize_t letters = end_of(asked, n) - start_of(asked, n);
    uint64_t s = ((const uint64_t *)asked->codes.buf)['s'], power = 1;
    if (letters <= asked->shortest_genitive || code_at(asked, end_of(asked, n) - 1) != s)
        return print_of(asked, n);
    while (--letters)
        power *= BASE;
    return print_of(asked, n) - s * power;
}

/* Whether a name may begin with a word, also in the genitive. */
static int begins(const Asked *asked, Py_ssize_t n)
{
    uint64_t own = print_of(asked, n);
    /* Most words are nobody's first; that set is small, so it is asked before the large one. */
    if (n + 1 < asked->count && may_hold(&asked->firsts, own)) {
        uint64_t next = print_of(asked, n + 1), bare = bare_of(asked, n + 1);
        if (holds(&asked->begun, pair(own, next)))
            return 1;
        if (bare != next && holds(&asked->begun, pair(own, bare)))
            return 1;
    }
    return asked->any_single
           && (holds(&asked->begun, mixed(own)) || holds(&asked->begun, mixed(bare_of(asked, n))));
}

/* Whether a word is the initial of somebody whose last word is the next of several letters. */
static int is_initial(const Asked *asked, Py_ssize_t n)
{
    if (end_of(asked, n) - start_of(asked, n) != 1 || sign_after(asked, n) != '.')
        return 0;
    Py_ssize_t family = n + 1;
    while (family < asked->count && end_of(asked, family) - start_of(asked, family) == 1)
        family++;
    if (family >= asked->count)
        return 0;
    uint64_t own = print_of(asked, n);
    return is_among(&asked->initials, pair(own, print_of(asked, family)))
           || is_among(&asked->initials, pair(own, bare_of(asked, family)));
}

/* Whether a name may end with a word that has a comma after it: "Last, First". */
static int is_reversed(const Asked *asked, Py_ssize_t n)
{
    if (n + 1 >= asked->count || sign_after(asked, n) != ',')
        return 0;
    Py_ssize_t second = n + 2 < asked->count ? n + 2 : n + 1;
    uint64_t given = print_of(asked, n + 1);
    return holds(&asked->begun, pair(given, print_of(asked, n)))
           || holds(&asked->begun, pair(given, print_of(asked, second)));
}

/* Whether a word has a capital first or second: "oFrsman". */
static int is_capital(const Asked *asked, Py_ssize_t n)
{
    const unsigned char *capitals = asked->capitals.buf;
    Py_ssize_t first = start_of(asked, n), last = asked->text.size - 1;
    return capitals[sign_at(&asked->text, first)]
           || capitals[sign_at(&asked->text, first < last ? first + 1 : last)];
}

/* Whether a word and the next both have one, with a space or a hyphen between them. */
static int is_close(const Asked *asked, Py_ssize_t n)
{
    if (n + 1 >= asked->count || start_of(asked, n + 1) - end_of(asked, n) != 1)
        return 0;
    uint32_t between = sign_after(asked, n);
    return (between == ' ' || between == '-') && is_capital(asked, n) && is_capital(asked, n + 1);
}

/* Return which of the words from here on may hold a typo, or -1 for none: the one unknown word. */
static int mistyped(const Asked *asked, Py_ssize_t n)
{
    if (!is_close(asked, n))
        return -1;
    Py_ssize_t third = n + 2 < asked->count ? n + 2 : n + 1;
    int unknown[3] = {!holds(&asked->known, print_of(asked, n)),
                      !holds(&asked->known, print_of(asked, n + 1)),
                      !holds(&asked->known, print_of(asked, third))};
    int two = unknown[0] + unknown[1];
    if (two != 1 && !(two + unknown[2] == 1 && is_close(asked, n + 1)))
        return -1;
    int which = unknown[0] ? 0 : unknown[1] ? 1 : 2;
    Py_ssize_t at = n + which < asked->count ? n + which : asked->count - 1;
    return end_of(asked, at) - start_of(asked, at) >= asked->shortest_typo ? which : -1;
}

/* Whether all columns are as long as each other, and all words lie in the text, in order. */
static int is_sound(Asked *asked)
{
    asked->count = asked->starts.len / (Py_ssize_t)sizeof(int64_t);
    if (!is_table(&asked->codes, sizeof(uint64_t)) || !is_table(&asked->capitals, 1)
        || !is_bitmap(&asked->begun.bitmap) || !is_bitmap(&asked->known.bitmap)
        || !is_bitmap(&asked->firsts))
        return 0;
    int sound = asked->starts.len == asked->ends.len && asked->starts.len == asked->prints.len;
    for (Py_ssize_t n = 0, before = 0; sound && n < asked->count; n++) {
        sound = start_of(asked, n) >= before && end_of(asked, n) > start_of(asked, n);
        before = end_of(asked, n);
        sound = sound && before <= asked->text.size;
    }
    if (!sound)
        PyErr_SetString(PyExc_ValueError, "the words are not those of the text");
    return sound;
}

PyDoc_STRVAR(names_doc,
             "names(text, words, tables, sets, initials, limits, /)\n--\n\n"
             "Return the words with which a known name may begin: exactly; as an initial or "
             "reversed; with a typo, and in which of three words that is.");

static PyObject *names(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *string, *told = NULL;
    Asked asked;
    Column columns[4];
    if (!PyArg_ParseTuple(args, "U(y*y*y*)(y*y*)((y*iy*)(y*iy*)(y*i))y*(pii)", &string, &asked.starts,
                          &asked.ends, &asked.prints, &asked.codes, &asked.capitals,
                          &asked.begun.bitmap.bits, &asked.begun.bitmap.shift,
                          &asked.begun.ordered, &asked.known.bitmap.bits,
                          &asked.known.bitmap.shift, &asked.known.ordered, &asked.firsts.bits,
                          &asked.firsts.shift,
                          &asked.initials, &asked.any_single, &asked.shortest_genitive,
                          &asked.shortest_typo))
        return NULL;
    asked.text = text_of(string);
    if (columns_new(columns, 4, 0) < 0 || !is_sound(&asked))
        goto done;
    for (Py_ssize_t n = 0; n < asked.count; n++) {
        if (begins(&asked, n) && column_add(&columns[0], n) < 0)
            goto done;
        if ((is_initial(&asked, n) || is_reversed(&asked, n)) && column_add(&columns[1], n) < 0)
            goto done;
        int which = mistyped(&asked, n);
        if (which >= 0 && (column_add(&columns[2], n) < 0 || column_add(&columns[3], which) < 0))
            goto done;
    }
    told = columns_told(columns, 4);
done:
    columns_drop(columns, 4);
    Py_buffer *buffers[] = {
        &asked.starts,
        &asked.ends,
        &asked.prints,
        &asked.codes,
        &asked.capitals,
        &asked.begun.bitmap.bits,
        &asked.begun.ordered,
        &asked.known.bitmap.bits,
        &asked.known.ordered,
        &asked.firsts.bits,
        &asked.initials,
    };
    for (size_t n = 0; n < sizeof(buffers) / sizeof(buffers[0]); n++)
        PyBuffer_Release(buffers[n]);
    return told;
}

/* The module */

static PyMethodDef functions[] = {
    {"words", words, METH_VARARGS, words_doc},
    {"names", names, METH_VARARGS, names_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "klarsyn.recognition._words",
    .m_doc = "Words, and where a known name may begin.",
    .m_size = 0,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit__words(void)
{
    return PyModuleDef_Init(&module);
}
