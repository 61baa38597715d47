using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>A deployment target of a whole model: of its ML programs, of its neural networks, or of both.</summary>
/// <param name="Level">Level of the operation set of its programs; null where it has none.</param>
/// <param name="Networks">Specification versions of its neural networks: the one that is written, and the one that it is raised to where a weight's form needs it; null where it has none.</param>
internal sealed record CoreMlTarget(int? Level, (int Least, int Most)? Networks)
{
    private const string NetworkPrefix = "neural network, ";
    private const string Both = " and ";
    private const string Range = " to ";

    /// <summary>The name, as <c>iOS18</c>, <c>neural network, iOS12</c>, <c>neural network, iOS11 to iOS12</c> or <c>iOS16 and neural network, iOS13</c>.</summary>
    internal string Name => string.Join(Both, new[] { Level is int level ? CoreMlTargets.NameOf(level) : null, NetworkName }.OfType<string>());

    /// <summary>How its devices decode linear codes. Where programs and networks differ, the programs' way; no linear scheme is accepted there.</summary>
    internal DecodeArithmetic Arithmetic => Level is int level ? CoreMlTargets.ArithmeticOf(level) : DecodeArithmetic.ScaleAndBias;

    private string? NetworkName => Networks is not var (least, most) ? null
        : NetworkPrefix + (least == most ? NetworkTargets.NameOf(least) : NetworkTargets.NameOf(least) + Range + NetworkTargets.NameOf(most));

    /// <summary>The first system that has it, as <c>iOS18</c>; <see cref="Name"/> where programs and networks say different things.</summary>
    internal string System => Level is null && Networks is var (least, _) ? NetworkTargets.NameOf(least) : Name;

    /// <summary>The target that a model has as it lies on disk. A pipeline of networks needs what its own version says too; where there are programs, that version is theirs.</summary>
    /// <param name="document">The model.</param>
    /// <param name="stages">What was read of its stages.</param>
    internal static CoreMlTarget Own(CoreMlDocument document, IReadOnlyCollection<StageOrigin> stages)
    {
        int[] levels = [.. stages.OfType<StageOrigin.OfProgram>().Select(stage => stage.Level)];
        int[] versions = [.. stages.OfType<StageOrigin.OfNetwork>().Select(stage => stage.SpecificationVersion)];
        if (versions.Length == 0)
        {
            return new CoreMlTarget(levels.Length == 0 ? null : levels.Max(), null);
        }

        int version = levels.Length == 0 ? Math.Max(versions.Max(), document.Model.SpecificationVersion) : versions.Max();
        return new CoreMlTarget(levels.Length == 0 ? null : levels.Max(), (version, version));
    }

    /// <summary>The target that <see cref="CoreMlFormat.ResolveTarget"/> gave.</summary>
    /// <exception cref="ArgumentException">It did not.</exception>
    internal static CoreMlTarget Of(ModelTarget target)
    {
        string[] parts = target.Name.Split(Both);
        string? network = parts.FirstOrDefault(part => part.StartsWith(NetworkPrefix, StringComparison.Ordinal));
        string? program = parts.FirstOrDefault(part => part != network);
        int? level = program is null ? null : CoreMlTargets.LevelOf(program) ?? throw Unknown(target);
        if (network is null)
        {
            return new CoreMlTarget(level, null);
        }

        int[] versions = [.. network[NetworkPrefix.Length..].Split(Range).Select(name => NetworkTargets.VersionOf(name) ?? throw Unknown(target))];
        return new CoreMlTarget(level, (versions[0], versions[^1]));
    }

    private static ArgumentException Unknown(ModelTarget target) => new($"'{target.Name}' is no target of a Core ML model.", nameof(target));
}
