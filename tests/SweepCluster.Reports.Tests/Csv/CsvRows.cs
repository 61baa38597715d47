using System.Text;

namespace SweepCluster.Reports.Tests.Csv;

/// <summary>A small separate reader of RFC 4180 text.</summary>
internal static class CsvRows
{
    internal static List<string[]> Read(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            if (quoted)
            {
                if (letter == '"' && at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else if (letter == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(letter);
                }
            }
            else if (letter == '"')
            {
                quoted = true;
            }
            else if (letter is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (letter == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                field.Append(letter);
            }
        }

        Assert.Empty(row);
        return rows;
    }
}
