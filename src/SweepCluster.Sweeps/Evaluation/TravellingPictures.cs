using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Names under which the pictures of a folder go elsewhere: their own, and for those that lie outside of the folder one inside of it.</summary>
internal static class TravellingPictures
{
    /// <summary>The files of a labels file, and what it says where one of them travels under another name.</summary>
    public static DataFiles Of(DataSpec spec, LabelsFile list)
    {
        string outside = "outside"; // folder for pictures that come from elsewhere
        while (list.Files.Any(file => file.StartsWith(outside, StringComparison.Ordinal)))
        {
            outside += "_";
        }

        Dictionary<string, string> names = new(StringComparer.Ordinal); // by what the labels file says
        foreach (string file in list.Files)
        {
            if (!names.ContainsKey(file))
            {
                names.Add(file, NameOf(spec.Path, file, outside, names.Count));
            }
        }

        ImmutableArray<KeyValuePair<string, string>> pictures = [.. names
            .DistinctBy(entry => entry.Value, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Value, Path.Combine(spec.Path, entry.Key)))];
        return new(list.Path, pictures) { LabelsText = names.All(entry => entry.Key.Replace('\\', '/') == entry.Value) ? null : Write(spec, list, names) };
    }

    private static string NameOf(string folder, string file, string outside, int number)
    {
        string inside = Path.GetRelativePath(folder, Path.Combine(folder, file)).Replace('\\', '/');
        return Path.IsPathRooted(inside) || inside.Split('/')[0] == ".."
            ? string.Create(CultureInfo.InvariantCulture, $"{outside}/{number:000000}{Path.GetExtension(file)}")
            : inside;
    }

    private static string Write(DataSpec spec, LabelsFile list, Dictionary<string, string> names)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Quote(spec.FileColumn ?? "file")},{Quote(spec.LabelColumn ?? LabelsFile.UsualLabelColumn)}\n");
        for (int i = 0; i < list.Files.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quote(names[list.Files[i]])},{list.Labels[i]}\n");
        }

        return text.ToString();
    }

    private static string Quote(string field) => field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
