using System.Globalization;
using System.Text;

namespace SweepCluster.Graphs.Schemes;

/// <summary>Writes <c>family(key=value, ...)</c>.</summary>
internal sealed class SchemeWriter(string family)
{
    private readonly StringBuilder _text = new(family);
    private bool _hasSettings;

    internal void Add(string key, object? value)
    {
        _text.Append(_hasSettings ? ", " : "(").Append(key).Append('=').Append(CultureInfo.InvariantCulture, $"{value}");
        _hasSettings = true;
    }

    internal void AddIf(bool condition, string key, object? value)
    {
        if (condition)
        {
            Add(key, value);
        }
    }

    public override string ToString() => _hasSettings ? _text + ")" : _text.ToString();
}
