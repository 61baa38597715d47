namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>Where something stands, for messages: a line of a file, or an option of the command line.</summary>
/// <param name="Source">File name, or the option as it was given.</param>
/// <param name="Line">Line, counted from 1; 0 for the source as a whole.</param>
internal readonly record struct SpecPlace(string Source, int Line)
{
    public override string ToString() => Line > 0 ? $"{Source}, line {Line}" : Source;
}
