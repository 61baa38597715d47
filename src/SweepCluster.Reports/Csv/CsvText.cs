using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Reports.Csv;

/// <summary>Writes comma-separated text as RFC 4180 quotes it, with <c>\n</c> between rows.</summary>
/// <remarks>Text that a spreadsheet would take for a formula (it starts with <c>= + - @</c>, a tab or a carriage return) gets an apostrophe in front; numbers do not.</remarks>
/// <param name="output">Receives the text.</param>
internal sealed class CsvText(TextWriter output)
{
    private bool _rowHasFields;

    internal CsvText Text(string? value)
    {
        string field = value ?? "";
        if (field.Length > 0 && field[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            field = "'" + field;
        }

        return Raw(field.AsSpan().ContainsAny(",\"\r\n") ? '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : field);
    }

    internal CsvText Number(long? value) => Raw(value is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");

    internal CsvText Number(double? value) => Raw(value is { } number ? Quantities.Exact(number) : "");

    internal CsvText Flag(bool value) => Raw(value ? "true" : "false");

    /// <summary>Three fields: value, low, high; empty where there is no estimate, low and high empty where no interval is known.</summary>
    internal CsvText Estimate(Estimate? estimate)
    {
        bool interval = estimate is { Samples: > 0 };
        return Number(estimate?.Value).Number(interval ? estimate!.Low : null).Number(interval ? estimate!.High : null);
    }

    internal CsvText EstimateHead(string name) => Text(name).Text(name + "_low").Text(name + "_high");

    internal void EndRow()
    {
        output.Write('\n');
        _rowHasFields = false;
    }

    private CsvText Raw(string field)
    {
        if (_rowHasFields)
        {
            output.Write(',');
        }

        output.Write(field);
        _rowHasFields = true;
        return this;
    }
}
