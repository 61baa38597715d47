namespace SweepCluster.Server.Pages.Submit;

/// <summary>Something in the form that cannot be used.</summary>
/// <param name="Line">Line of the spec, from 1; 0 where it is not about one.</param>
/// <param name="Text">What was found and what was expected.</param>
public sealed record FormFault(int Line, string Text)
{
    private const string Mark = ", line ";

    /// <summary>The faults of a message, one on each line.</summary>
    /// <param name="message">As <c>spec.yaml, line 4: found ..</c>.</param>
    internal static IEnumerable<FormFault> Of(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(OfLine);

    private static FormFault OfLine(string text)
    {
        int mark = text.IndexOf(Mark, StringComparison.Ordinal), colon = mark < 0 ? -1 : text.IndexOf(": ", mark, StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(mark + Mark.Length, colon - mark - Mark.Length), out int line) ? new FormFault(line, text[(colon + 2)..]) : new FormFault(0, text);
    }
}
