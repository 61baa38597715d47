using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Summaries.Queries;

/// <summary>Reads a filter by recursive descent.</summary>
/// <param name="text">The filter.</param>
/// <param name="fields">Fields by name.</param>
internal sealed class QueryParser(string text, IReadOnlyDictionary<string, TrialField> fields)
{
    private static readonly string[] s_operators = ["<=", ">=", "!=", "==", "=", "<", ">", "~"]; // longer ones first

    private const int MaxDepth = 64;

    private int _at;
    private int _depth;

    /// <summary>Reads the whole text.</summary>
    /// <exception cref="BadInputException">It breaks the language.</exception>
    public Func<SweepSummary, TrialSummary, bool> Parse()
    {
        Func<SweepSummary, TrialSummary, bool> query = Or();
        return Word().Length == 0 ? query : throw Fault(_at, "and, or, or the end");
    }

    private Func<SweepSummary, TrialSummary, bool> Or()
    {
        Func<SweepSummary, TrialSummary, bool> left = And();
        while (TryKeyword("or"))
        {
            (Func<SweepSummary, TrialSummary, bool> first, Func<SweepSummary, TrialSummary, bool> second) = (left, And());
            left = (summary, trial) => first(summary, trial) || second(summary, trial);
        }

        return left;
    }

    private Func<SweepSummary, TrialSummary, bool> And()
    {
        Func<SweepSummary, TrialSummary, bool> left = Not();
        while (TryKeyword("and"))
        {
            (Func<SweepSummary, TrialSummary, bool> first, Func<SweepSummary, TrialSummary, bool> second) = (left, Not());
            left = (summary, trial) => first(summary, trial) && second(summary, trial);
        }

        return left;
    }

    private Func<SweepSummary, TrialSummary, bool> Not()
    {
        if (++_depth > MaxDepth)
        {
            throw Fault(_at, $"at most {MaxDepth} levels of not and parentheses");
        }

        Func<SweepSummary, TrialSummary, bool> result;
        if (TryKeyword("not"))
        {
            Func<SweepSummary, TrialSummary, bool> inner = Not();
            result = (summary, trial) => !inner(summary, trial);
        }
        else if (Word() == "(")
        {
            _at++;
            result = Or();
            if (Word() != ")")
            {
                throw Fault(_at, "')'");
            }

            _at++;
        }
        else
        {
            result = Comparison();
        }

        _depth--;
        return result;
    }

    private Func<SweepSummary, TrialSummary, bool> Comparison()
    {
        string name = Word();
        int start = _at;
        if (!fields.TryGetValue(name, out TrialField? field))
        {
            throw Fault(start, $"one of {string.Join(", ", fields.Keys)}", NearName.Hint(name, fields.Keys));
        }

        _at += name.Length;
        string next = Word();
        if (!s_operators.Contains(next))
        {
            return field.Kind == TrialFieldKind.Flag ? (summary, trial) => field.Texts(summary, trial).Contains("true") : throw Fault(_at, $"a comparison after '{name}': {string.Join(" ", s_operators)}");
        }

        int place = _at;
        _at += next.Length;
        return field.Kind is TrialFieldKind.Text or TrialFieldKind.Flag ? TextComparison(field, next, place) : NumberComparison(field, next, place);
    }

    private Func<SweepSummary, TrialSummary, bool> TextComparison(TrialField field, string comparison, int place)
    {
        string value = Value("a text");
        return comparison switch
        {
            "=" or "==" => (summary, trial) => field.IsEqual(summary, trial, value),
            "!=" => (summary, trial) => !field.IsEqual(summary, trial, value),
            "~" => (summary, trial) => field.Texts(summary, trial).Any(entry => entry.Contains(value, StringComparison.OrdinalIgnoreCase)),
            _ => throw Fault(place, "=, != or ~ for a text"),
        };
    }

    private Func<SweepSummary, TrialSummary, bool> NumberComparison(TrialField field, string comparison, int place)
    {
        double limit = Number(field.Kind);
        return comparison switch
        {
            "=" or "==" => (summary, trial) => field.Number(summary, trial) == limit,
            "!=" => (summary, trial) => field.Number(summary, trial) is double value && value != limit,
            "<" => (summary, trial) => field.Number(summary, trial) < limit,
            "<=" => (summary, trial) => field.Number(summary, trial) <= limit,
            ">" => (summary, trial) => field.Number(summary, trial) > limit,
            ">=" => (summary, trial) => field.Number(summary, trial) >= limit,
            _ => throw Fault(place, "=, !=, <, <=, > or >= for a number"),
        };
    }

    private double Number(TrialFieldKind kind)
    {
        string expected = kind switch
        {
            TrialFieldKind.Bytes => "a size, as 300KB or 1.5MiB",
            TrialFieldKind.Share => "a number of per cent, as 86.5",
            _ => "a number",
        };
        string word = Value(expected);
        int start = _at - word.Length;
        string digits = kind switch
        {
            TrialFieldKind.Share => word.TrimEnd('%'),
            TrialFieldKind.Bytes => word.TrimEnd([.. "BKMGibkmgI"]),
            _ => word,
        };
        if (!decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
        {
            throw Fault(start, expected);
        }

        return kind switch
        {
            TrialFieldKind.Share => (double)(value / 100), // in decimal, so that 0.3 % is the double next to 0.003 as a count of samples gives it
            TrialFieldKind.Bytes => ByteSize.TryUnit(word[digits.Length..], out double unit) ? (double)value * unit : throw Fault(start, expected),
            _ => (double)value,
        };
    }

    private string Value(string expected)
    {
        string word = Word();
        if (word.Length == 0 || word is "(" or ")" || s_operators.Contains(word))
        {
            throw Fault(_at, expected);
        }

        _at += word.Length;
        return word;
    }

    private bool TryKeyword(string keyword)
    {
        if (!Word().Equals(keyword, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        _at += keyword.Length;
        return true;
    }

    // What stands next, white space skipped, nothing consumed: an operator, a parenthesis, or letters up to either or to white space. Empty at the end.
    private string Word()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return "";
        }

        if (text[_at] is '(' or ')')
        {
            return text[_at].ToString();
        }

        if (Array.Find(s_operators, candidate => string.CompareOrdinal(text, _at, candidate, 0, candidate.Length) == 0) is string found)
        {
            return found;
        }

        int end = _at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !"()<>=!~".Contains(text[end], StringComparison.Ordinal))
        {
            end++;
        }

        return text[_at..Math.Max(end, _at + 1)];
    }

    private BadInputException Fault(int at, string expected, string hint = "")
    {
        _at = at;
        string found = Word();
        return new BadInputException(NearName.Ended($"--where, character {_at + 1}: found {(found.Length == 0 ? "the end" : $"'{found}'")}, expected {expected}{hint}"));
    }
}
