using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>A CSV file with a header line that names, for each sample, its file and its class.</summary>
/// <param name="Path">The CSV file.</param>
/// <param name="Files">File names, in the file's order.</param>
/// <param name="Labels">Classes, one for each.</param>
/// <param name="Lines">Line of each in the file, counted from 1.</param>
internal sealed record LabelsFile(string Path, string[] Files, int[] Labels, int[] Lines)
{
    /// <summary>Name of the column of classes where the spec names none.</summary>
    public const string UsualLabelColumn = "label";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="fileColumn">Name of the column of file names; null: the first.</param>
    /// <param name="labelColumn">Name of the column of classes; null: the one called <c>label</c>, else the second.</param>
    /// <exception cref="BadInputException">The file cannot be read, lacks a column, or a label is no integer.</exception>
    public static LabelsFile Read(string path, string? fileColumn, string? labelColumn)
    {
        List<CsvRecord> records = CsvRecord.ReadFile(path);
        if (records.Count < 2)
        {
            throw new BadInputException($"{path}: found {records.Count} lines, expected a header line and one line for each sample.");
        }

        string[] header = records[0].Fields;
        int fileAt = fileColumn is null ? 0 : Find(path, header, fileColumn);
        int labelAt = labelColumn is not null || Array.IndexOf(header, UsualLabelColumn) >= 0 || header.Length < 2
            ? Find(path, header, labelColumn ?? UsualLabelColumn)
            : 1;
        if (int.TryParse(header[labelAt], NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        {
            throw new BadInputException($"{path}, line 1: found '{header[labelAt]}', expected the names of the columns.");
        }

        string[] files = new string[records.Count - 1];
        int[] labels = new int[files.Length], lines = new int[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            CsvRecord record = records[i + 1];
            if (record.Fields.Length != header.Length)
            {
                throw new BadInputException($"{path}, line {record.Line}: found {record.Fields.Length} fields, expected {header.Length} as in line 1.");
            }

            files[i] = record.Fields[fileAt];
            lines[i] = record.Line;
            if (!int.TryParse(record.Fields[labelAt], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out labels[i]))
            {
                throw new BadInputException($"{path}, line {record.Line}: found the label '{record.Fields[labelAt]}', expected an integer.");
            }
        }

        return new(path, files, labels, lines);
    }

    private static int Find(string path, string[] header, string name)
    {
        int at = Array.IndexOf(header, name);
        return at >= 0 ? at : throw new BadInputException($"{path}, line 1: found the columns {string.Join(", ", header)}, expected one named '{name}'.");
    }
}
