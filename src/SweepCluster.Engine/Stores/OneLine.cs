using System.Text;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>Text that others said, as it is kept and shown: on one line, in whole characters.</summary>
internal static class OneLine
{
    private static readonly char[] s_breaks = [.. Enumerable.Range(0, 0x2030).Select(code => (char)code).Where(code => char.IsControl(code) || code is '\u2028' or '\u2029')];

    /// <summary>One space for each run of line breaks and other control characters, U+FFFD for half a character. PostgreSQL takes no NUL and no half character in a text.</summary>
    internal static string Of(string text)
    {
        string line = text.AsSpan().IndexOfAny(s_breaks) < 0
            ? text
            : string.Join(' ', text.Split(s_breaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>Whether PostgreSQL takes a text as it is.</summary>
    internal static bool IsStorable(string text) => !text.Contains('\0') && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    /// <summary>A result whose failure is on one line.</summary>
    internal static JobResult OnOneLine(this JobResult result) => result.Failure is null ? result : result with { Failure = Of(result.Failure) };

    /// <summary>A control whose reason is on one line.</summary>
    internal static SweepControl OnOneLine(this SweepControl control) => control.Reason is null ? control : control with { Reason = Of(control.Reason) };
}
