using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>The header's text, a Python dictionary of three keys, taken apart.</summary>
/// <param name="Type">Value of <c>descr</c>.</param>
/// <param name="FortranOrder">Value of <c>fortran_order</c>.</param>
/// <param name="Extents">Value of <c>shape</c>; each 0 or more.</param>
internal sealed record NpyHeaderText(string Type, bool FortranOrder, IReadOnlyList<long> Extents)
{
    /// <summary>Reads <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>, the keys in any order.</summary>
    /// <param name="text">The dictionary, padded with blanks.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="BadInputException">The text is no such dictionary.</exception>
    public static NpyHeaderText Parse(string text, string file)
    {
        Cursor cursor = new(text, file);
        string? type = null;
        bool? fortranOrder = null;
        List<long>? extents = null;
        cursor.Take('{');
        while (!cursor.TryTake('}'))
        {
            string key = cursor.TakeText("a key in quotes");
            cursor.Take(':');
            switch (key)
            {
                case "descr": type = cursor.TakeText("a plain element type in quotes"); break;
                case "fortran_order": fortranOrder = cursor.TakeBool(); break;
                case "shape": extents = cursor.TakeTuple(); break;
                default: throw cursor.Fault($"the key '{key}'", "descr, fortran_order or shape");
            }

            if (!cursor.TryTake(','))
            {
                cursor.Take('}');
                break;
            }
        }

        return type is not null && fortranOrder is not null && extents is not null
            ? new(type, fortranOrder.Value, extents)
            : throw cursor.Fault("the end of the dictionary", "the keys descr, fortran_order and shape");
    }

    private sealed class Cursor(string text, string file)
    {
        private int _at;

        public BadInputException Fault(string found, string expected) => NpyFault.At(file, $"header, character {_at}", found, expected);

        public bool TryTake(char wanted)
        {
            SkipBlanks();
            if (_at >= text.Length || text[_at] != wanted)
            {
                return false;
            }

            _at++;
            return true;
        }

        public void Take(char wanted)
        {
            if (!TryTake(wanted))
            {
                throw Fault(Here(), $"'{wanted}'");
            }
        }

        public string TakeText(string expected)
        {
            SkipBlanks();
            int end = _at < text.Length && text[_at] is '\'' or '"' ? text.IndexOf(text[_at], _at + 1) : -1;
            if (end < 0)
            {
                throw Fault(Here(), expected);
            }

            string value = text[(_at + 1)..end];
            _at = end + 1;
            return value;
        }

        public bool TakeBool()
        {
            SkipBlanks();
            foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
            {
                if (string.CompareOrdinal(text, _at, word, 0, word.Length) == 0)
                {
                    _at += word.Length;
                    return value;
                }
            }

            throw Fault(Here(), "True or False");
        }

        public List<long> TakeTuple()
        {
            List<long> values = [];
            Take('(');
            while (!TryTake(')'))
            {
                SkipBlanks();
                int start = _at;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                {
                    _at++;
                }

                if (!long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                {
                    _at = start;
                    throw Fault(Here(), "an extent of 0 or more");
                }

                values.Add(value);
                TryTake('L'); // Python 2 wrote its long integers so
                if (!TryTake(','))
                {
                    Take(')');
                    break;
                }
            }

            return values;
        }

        private string Here() => _at >= text.Length ? "the end of the header" : $"'{text[_at]}'";

        private void SkipBlanks()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }
    }
}
