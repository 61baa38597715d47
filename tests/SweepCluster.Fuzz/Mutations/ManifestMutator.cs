using System.Text;

namespace SweepCluster.Fuzz.Mutations;

/// <summary>Damages a package's manifest: paths, keys, items, JSON itself.</summary>
internal sealed class ManifestMutator(Random random, WireMutator bytes)
{
    private static readonly string[] s_paths =
    [
        "..", "../..", "/etc/passwd", "com.apple.CoreML/../../..", "com.apple.CoreML", "com.apple.CoreML/", "com.apple.CoreML/.", "com.apple.CoreML\\\\model.mlmodel", "C:/x", "", ".", "//", "a//b",
        "com.apple.CoreML/model.mlmodel/", "COM.APPLE.COREML/MODEL.MLMODEL", "com.apple.CoreML/model.mlmodel\\u0000", "com.apple.CoreML/\\u2025/x", "com.apple.CoreML\\uff0fmodel.mlmodel", "e\\u0301", "\\u00e9",
        "\\ud800", "com.apple.CoreML/weights/weight.bin", "com.apple.CoreML/weights", "../Manifest.json", "com.apple.CoreML/weights/../../../Manifest.json", "nul", "~", "-", "com.apple.CoreML/model.mlmodel/x",
    ];

    public byte[] Mutate(byte[] present)
    {
        string text = Encoding.UTF8.GetString(present);
        switch (random.Next(8))
        {
            case 0 or 1 or 2:
                return Encoding.UTF8.GetBytes(Replace(text, "\"path\": \"", "\"", s_paths[random.Next(s_paths.Length)]));
            case 3:
                return Encoding.UTF8.GetBytes(Replace(text, "\"fileFormatVersion\": \"", "\"", new[] { "2.0.0", "1", "", "1.9.9", new string('9', 500), "\\n" }[random.Next(6)]));
            case 4: // the same item often, or many of them
                int at = text.IndexOf("\"itemInfoEntries\": {", StringComparison.Ordinal);
                string item = $"\"{(random.Next(2) == 0 ? "A1" : "C3")}\": {{ \"path\": \"{s_paths[random.Next(s_paths.Length)]}\" }},";
                return at < 0 ? bytes.Bytes(present) : Encoding.UTF8.GetBytes(text.Insert(at + 20, string.Concat(Enumerable.Repeat(item, random.Next(1, 50)))));
            case 5:
                int deep = random.Next(1, 200);
                return Encoding.UTF8.GetBytes(Replace(text, "\"author\": ", ",", string.Concat(Enumerable.Repeat("[", deep)) + "1e999999" + string.Concat(Enumerable.Repeat("]", deep))));
            case 6:
                return Encoding.UTF8.GetBytes(text.Replace("A1", random.Next(2) == 0 ? "B2" : "\\u0007", StringComparison.Ordinal));
            default:
                return bytes.Bytes(present);
        }
    }

    private string Replace(string text, string before, string after, string with)
    {
        int[] starts = [.. Enumerable.Range(0, text.Length).Where(i => string.CompareOrdinal(text, i, before, 0, before.Length) == 0)];
        if (starts.Length == 0)
        {
            return text;
        }

        int start = starts[random.Next(starts.Length)] + before.Length;
        int end = text.IndexOf(after, start, StringComparison.Ordinal);
        return end < 0 ? text : string.Concat(text.AsSpan(0, start), with, text.AsSpan(end));
    }
}
