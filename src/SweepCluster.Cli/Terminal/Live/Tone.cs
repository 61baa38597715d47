namespace SweepCluster.Cli.Terminal.Live;

/// <summary>How a piece of a line looks where there are colours.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
}
