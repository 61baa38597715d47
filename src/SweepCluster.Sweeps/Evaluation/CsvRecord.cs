using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">Line where it begins, counted from 1.</param>
/// <param name="Fields">Its fields, without their quotes.</param>
/// <remarks>Source: RFC 4180; line feeds alone end a record too, and empty lines are passed over.</remarks>
internal sealed record CsvRecord(int Line, string[] Fields)
{
    /// <summary>Reads a UTF-8 file.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or a quote is not closed.</exception>
    public static List<CsvRecord> ReadFile(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({error.Message.TrimEnd('.')}).", error);
        }
    }

    /// <summary>Takes text apart.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="BadInputException">A quote is not closed.</exception>
    public static List<CsvRecord> Parse(string text, string path)
    {
        List<CsvRecord> records = [];
        List<string> fields = [];
        StringBuilder field = new();
        int line = 1, start = 1;
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            if (next == '"' && field.Length == 0)
            {
                i = ReadQuoted(text, i, field, ref line);
                if (i >= text.Length)
                {
                    throw new BadInputException($"{path}, line {start}: found a quote that nothing closes, expected '\"' at the end of the field.");
                }
            }
            else if (next is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (next == '\n')
                {
                    Finish(records, fields, start);
                    start = ++line;
                }
            }
            else if (next != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
            {
                field.Append(next);
            }
        }

        if (field.Length > 0 || fields.Count > 0)
        {
            fields.Add(field.ToString());
            Finish(records, fields, start);
        }

        return records;
    }

    private static void Finish(List<CsvRecord> records, List<string> fields, int start)
    {
        if (fields.Count > 1 || fields[0].Length > 0)
        {
            records.Add(new(start, [.. fields]));
        }

        fields.Clear();
    }

    // Appends what stands between the quotes; returns where the closing one stands, or the text's length where there is none.
    private static int ReadQuoted(string text, int open, StringBuilder field, ref int line)
    {
        for (int i = open + 1; i < text.Length; i++)
        {
            bool isQuote = text[i] == '"';
            if (isQuote && (i + 1 == text.Length || text[i + 1] != '"'))
            {
                return i;
            }

            line += text[i] == '\n' ? 1 : 0;
            field.Append(text[i]);
            i += isQuote ? 1 : 0;
        }

        return text.Length;
    }
}
