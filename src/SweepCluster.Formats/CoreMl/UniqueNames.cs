namespace SweepCluster.Formats.CoreMl;

/// <summary>Names that are taken, and free ones made of them by a number at their end.</summary>
/// <remarks>Takes time in proportion to the names that are asked for, also where a broken file has one name for all.</remarks>
/// <param name="separator">Stands before the number.</param>
/// <param name="first">The first number.</param>
internal sealed class UniqueNames(char separator = '#', int first = 2)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Whether a name is taken.</summary>
    internal bool Contains(string name) => _taken.Contains(name);

    /// <summary>Marks names as taken.</summary>
    internal void Add(IEnumerable<string> names) => _taken.UnionWith(names);

    /// <summary>Takes a name: this one, or where it is taken this one with a number.</summary>
    internal string Take(string name)
    {
        if (_taken.Add(name))
        {
            return name;
        }

        int number = _next.GetValueOrDefault(name, first);
        string unique;
        do
        {
            unique = $"{name}{separator}{number++}";
        }
        while (!_taken.Add(unique));
        _next[name] = number;
        return unique;
    }
}
