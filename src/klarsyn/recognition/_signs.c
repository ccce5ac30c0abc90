/*
 * What recognition does with every sign of its records: joining them, and finding runs of digits.
 *
 * Built only where that is asked for (CONTRIBUTING.md); where it is missing, batch.py, digitruns.py
 * and knownfast.py do the same with NumPy or without it, and the answers are the same. Nothing is
 * kept between two calls, and what comes in is checked before anything of it is read.
 */

#include "_columns.h"

#define FEWEST 7 /* digits of a run, as in digitruns.py */
#define ENDING 7 /* as in known.py, like what follows */
#define AFTER 2
#define WITH_VAT 12
#define LONG_ABROAD 11

/* Records, joined */

#define DASH 0x2013 /* as in batch.py: the one sign beyond Latin-1 that most texts have */
#define HARD_SPACE 0xA0
#define SOFT_HYPHEN 0xAD

static uint32_t plain(uint32_t sign)
{
    return sign == DASH ? '-' : sign == HARD_SPACE ? ' ' : sign;
}

static int are_texts(PyObject *records)
{
    if (!PyList_Check(records)) {
        PyErr_SetString(PyExc_TypeError, "a list of texts is wanted");
        return 0;
    }
    for (Py_ssize_t n = 0; n < PyList_GET_SIZE(records); n++)
        if (!PyUnicode_Check(PyList_GET_ITEM(records, n))) {
            PyErr_SetString(PyExc_TypeError, "a list of texts is wanted");
            return 0;
        }
    return 1;
}

static int is_uncommon(const void *signs, int kind, Py_ssize_t size)
{
    if (kind == PyUnicode_1BYTE_KIND)
        return memchr(signs, SOFT_HYPHEN, (size_t)size) != NULL;
    for (Py_ssize_t place = 0; place < size; place++) {
        uint32_t sign = PyUnicode_READ(kind, signs, place);
        if ((sign > 0xFF && sign != DASH) || sign == SOFT_HYPHEN)
            return 1;
    }
    return 0;
}

PyDoc_STRVAR(uncommon_doc,
             "uncommon(records, /)\n--\n\n"
             "Return which records hold what Latin-1 lacks, but for a dash, or a soft hyphen.");

static PyObject *uncommon(PyObject *Py_UNUSED(self), PyObject *records)
{
    PyObject *told = are_texts(records) ? PyList_New(0) : NULL;
    for (Py_ssize_t n = 0; told && n < PyList_GET_SIZE(records); n++) {
        PyObject *text = PyList_GET_ITEM(records, n);
        if (PyUnicode_IS_ASCII(text)
            || !is_uncommon(PyUnicode_DATA(text), PyUnicode_KIND(text), PyUnicode_GET_LENGTH(text)))
            continue;
        PyObject *number = PyLong_FromSsize_t(n);
        if (!number || PyList_Append(told, number) < 0)
            Py_CLEAR(told);
        Py_XDECREF(number);
    }
    return told;
}

/* Return a number that is as large as the largest sign once it is plain, or of the same size. */
static uint32_t largest(PyObject *text)
{
    const void *signs = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    uint32_t largest = 0;
    if (PyUnicode_IS_ASCII(text))
        return 0x7F;
    for (Py_ssize_t place = 0; place < PyUnicode_GET_LENGTH(text); place++)
        largest |= plain(PyUnicode_READ(kind, signs, place));
    return largest;
}

/* Write a record as it is plain, in Latin-1 with "?" for what that lacks. */
static void write_latin(PyObject *record, unsigned char *latin)
{
    const void *signs = PyUnicode_DATA(record);
    int kind = PyUnicode_KIND(record);
    Py_ssize_t size = PyUnicode_GET_LENGTH(record);
    if (PyUnicode_IS_ASCII(record)) {
        memcpy(latin, signs, (size_t)size);
    } else if (kind == PyUnicode_1BYTE_KIND) {
        const Py_UCS1 *from = signs;
        for (Py_ssize_t place = 0; place < size; place++)
            latin[place] = from[place] == HARD_SPACE ? ' ' : from[place];
    } else {
        for (Py_ssize_t place = 0; place < size; place++) {
            uint32_t sign = plain(PyUnicode_READ(kind, signs, place));
            latin[place] = sign > 0xFF ? '?' : (unsigned char)sign;
        }
    }
}

/* Write it as text, where Latin-1 may have lost something. */
static void write_text(PyObject *record, void *text, int kind, Py_ssize_t begin)
{
    const void *signs = PyUnicode_DATA(record);
    int own = PyUnicode_KIND(record);
    for (Py_ssize_t place = 0; place < PyUnicode_GET_LENGTH(record); place++)
        PyUnicode_WRITE(kind, text, begin + place, plain(PyUnicode_READ(own, signs, place)));
}

/* Write all of Latin-1 as text. */
static void widen(const unsigned char *latin, Py_ssize_t size, void *text, int kind)
{
    if (kind == PyUnicode_1BYTE_KIND)
        memcpy(text, latin, (size_t)size);
    else if (kind == PyUnicode_2BYTE_KIND)
        for (Py_ssize_t place = 0; place < size; place++)
            ((Py_UCS2 *)text)[place] = latin[place];
    else
        for (Py_ssize_t place = 0; place < size; place++)
            ((Py_UCS4 *)text)[place] = latin[place];
}

PyDoc_STRVAR(joined_doc, "joined(records, /)\n--\n\n"
                         "Return records between NULs, the same in Latin-1, and where each begins.");

static PyObject *joined(PyObject *Py_UNUSED(self), PyObject *records)
{
    if (!are_texts(records))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(records), size = 2, begin = 1;
    uint32_t most = 0;
    for (Py_ssize_t n = 0; n < count; n++) {
        size += PyUnicode_GET_LENGTH(PyList_GET_ITEM(records, n)) + 1;
        most |= largest(PyList_GET_ITEM(records, n));
    }
    PyObject *text = PyUnicode_New(size, most > 0x10FFFF ? 0x10FFFF : most);
    PyObject *latin = PyBytes_FromStringAndSize(NULL, size), *starts = PyList_New(count);
    if (!text || !latin || !starts)
        goto failed;
    unsigned char *bytes = (unsigned char *)PyBytes_AS_STRING(latin);
    void *signs = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    bytes[0] = bytes[size - 1] = 0;
    for (Py_ssize_t n = 0; n < count; n++) {
        PyObject *record = PyList_GET_ITEM(records, n), *start = PyLong_FromSsize_t(begin);
        if (!start)
            goto failed;
        PyList_SET_ITEM(starts, n, start);
        write_latin(record, bytes + begin);
        begin += PyUnicode_GET_LENGTH(record);
        bytes[begin++] = 0;
    }
    widen(bytes, size, signs, kind);
    for (Py_ssize_t n = 0, place = 1; n < count; n++) {
        PyObject *record = PyList_GET_ITEM(records, n);
        if (PyUnicode_KIND(record) != PyUnicode_1BYTE_KIND)
            write_text(record, signs, kind, place);
        place += PyUnicode_GET_LENGTH(record) + 1;
    }
    return Py_BuildValue("NNN", text, latin, starts);
failed:
    Py_XDECREF(text);
    Py_XDECREF(latin);
    Py_XDECREF(starts);
    return NULL;
}

/* Runs of digits */

static int is_digit(unsigned char sign)
{
    return (unsigned char)(sign - '0') < 10;
}

static int is_middle(unsigned char sign)
{
    return sign == '-' || sign == '/' || sign == '(';
}

/* Whether the signs between two groups of digits may lie inside one number. */
static int joins(const unsigned char *gap, Py_ssize_t width)
{
    switch (width) {
    case 1:
        return is_middle(gap[0]) || gap[0] == ')' || gap[0] == ' ' || gap[0] == '.' || gap[0] == '+';
    case 2:
        return (gap[0] == ' ' && is_middle(gap[1])) || (is_middle(gap[0]) && gap[1] == ' ')
               || (gap[0] == ')' && (gap[1] == ' ' || gap[1] == '-'));
    case 3:
        return gap[0] == ' ' && is_middle(gap[1]) && gap[2] == ' ';
    default:
        return 0;
    }
}

PyDoc_STRVAR(digit_runs_doc,
             "digit_runs(data, /)\n--\n\n"
             "Return where runs of seven digits or more begin and end in a text in Latin-1.");

static PyObject *digit_runs(PyObject *Py_UNUSED(self), PyObject *data)
{
    if (!PyBytes_Check(data)) {
        PyErr_SetString(PyExc_TypeError, "bytes are wanted");
        return NULL;
    }
    const unsigned char *signs = (const unsigned char *)PyBytes_AS_STRING(data);
    Py_ssize_t size = PyBytes_GET_SIZE(data), place = 0;
    Py_ssize_t begin = 0, end = -1, digits = 0;
    Column columns[2];
    if (columns_new(columns, 2, size / 256) < 0)
        goto failed;
    while (place < size) {
        if (!is_digit(signs[place])) {
            place++;
            continue;
        }
        Py_ssize_t first = place;
        do
            place++;
        while (place < size && is_digit(signs[place]));
        if (end < 0 || !joins(signs + end, first - end)) {
            if (digits >= FEWEST
                && (column_add(&columns[0], begin) < 0 || column_add(&columns[1], end) < 0))
                goto failed;
            begin = first;
            digits = 0;
        }
        digits += place - first;
        end = place;
    }
    if (digits >= FEWEST
        && (column_add(&columns[0], begin) < 0 || column_add(&columns[1], end) < 0))
        goto failed;
    PyObject *told = columns_told(columns, 2);
    if (told)
        return told;
failed:
    columns_drop(columns, 2);
    return NULL;
}

static int is_marked(const Py_buffer *bits, int64_t number)
{
    const unsigned char *bytes = bits->buf;
    return (number >> 3) < bits->len && (bytes[number >> 3] >> (number & 7) & 1);
}

/* Whether a run may be a known number, as `KnownPeople.number` tells by its last seven digits. */
static int may_be_known(const unsigned char *signs, Py_ssize_t size, Py_ssize_t begin,
                        Py_ssize_t end, const Py_buffer *endings)
{
    int64_t last = 0, before_vat = 0, scale = 1, scale_vat = 1;
    Py_ssize_t count = 0;
    int bracketed = 0;
    for (Py_ssize_t place = end - 1; place >= begin; place--) {
        if (is_digit(signs[place])) {
            int64_t digit = signs[place] - '0';
            if (count < ENDING) {
                last += digit * scale;
                scale *= 10;
            }
            if (count >= AFTER && count < AFTER + ENDING) {
                before_vat += digit * scale_vat;
                scale_vat *= 10;
            }
            count++;
        } else if (is_digit(signs[place - 1])) { /* the first sign between two groups */
            bracketed |= signs[place] == '(' || signs[place] == '+' || signs[place + 1] == '('
                         || signs[place + 1] == '+';
        }
    }
    unsigned char second = begin + 1 < size ? signs[begin + 1] : 0;
    int abroad = second < '1' || second > '9';
    int keeps = signs[begin] != '0' || count > LONG_ABROAD + 1 || (!abroad && count > FEWEST);
    if (!keeps || bracketed || is_marked(endings, last))
        return 1;
    return count == WITH_VAT && is_marked(endings, before_vat);
}

PyDoc_STRVAR(likely_doc, "likely(data, starts, ends, endings, /)\n--\n\n"
                         "Return which of these runs of digits may be a known number, as a list of "
                         "begin and end.");

static PyObject *likely(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *data, *told = NULL;
    Py_buffer starts, ends, endings;
    if (!PyArg_ParseTuple(args, "Sy*y*y*", &data, &starts, &ends, &endings))
        return NULL;
    const unsigned char *signs = (const unsigned char *)PyBytes_AS_STRING(data);
    Py_ssize_t size = PyBytes_GET_SIZE(data), count = starts.len / (Py_ssize_t)sizeof(int64_t);
    const int64_t *begins = starts.buf, *stops = ends.buf;
    if (starts.len != ends.len) {
        PyErr_SetString(PyExc_ValueError, "as many begins as ends are wanted");
        goto done;
    }
    told = PyList_New(0);
    for (Py_ssize_t n = 0; told && n < count; n++) {
        if (begins[n] < 0 || begins[n] >= stops[n] || stops[n] > size || !is_digit(signs[begins[n]])) {
            PyErr_SetString(PyExc_ValueError, "a run is not in the text");
            Py_CLEAR(told);
        } else if (may_be_known(signs, size, begins[n], stops[n], &endings)) {
            PyObject *one = Py_BuildValue("nn", (Py_ssize_t)begins[n], (Py_ssize_t)stops[n]);
            if (!one || PyList_Append(told, one) < 0)
                Py_CLEAR(told);
            Py_XDECREF(one);
        }
    }
done:
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&endings);
    return told;
}

/* The module */

static PyMethodDef functions[] = {
    {"uncommon", uncommon, METH_O, uncommon_doc},
    {"joined", joined, METH_O, joined_doc},
    {"digit_runs", digit_runs, METH_O, digit_runs_doc},
    {"likely", likely, METH_VARARGS, likely_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "klarsyn.recognition._signs",
    .m_doc = "Records joined, and their runs of digits.",
    .m_size = 0,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit__signs(void)
{
    return PyModuleDef_Init(&module);
}
