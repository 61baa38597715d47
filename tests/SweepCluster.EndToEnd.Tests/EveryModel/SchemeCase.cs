using SweepCluster.Graphs.Schemes;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>A scheme, and which kinds of model have no form for it.</summary>
/// <param name="Text">The scheme.</param>
/// <param name="Newer">What of it needs iOS 18 in an ML program; null where iOS 16 has it.</param>
/// <param name="Program">Why no ML program can hold it, whatever the target; null where one can.</param>
/// <param name="Network">Why no neural network can hold it, whatever the target; null where one can.</param>
internal sealed record SchemeCase(string Text, string? Newer, string? Program, string? Network)
{
    internal Scheme Scheme { get; } = SchemeText.Parse(Text);
}
