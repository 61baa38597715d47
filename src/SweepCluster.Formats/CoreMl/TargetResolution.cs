using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Writing;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Finds the target that a model is written for.</summary>
internal static class TargetResolution
{
    /// <summary>The target.</summary>
    /// <param name="origin">The model.</param>
    /// <param name="source">Its path, for messages.</param>
    /// <param name="requested">A target's name; null for the model's own.</param>
    /// <exception cref="BadInputException">No such target, or the model cannot be written for it.</exception>
    internal static ModelTarget Resolve(CoreMlOrigin origin, string source, string? requested)
    {
        CoreMlTarget own = CoreMlTarget.Own(origin.Document, origin.Stages);
        List<string> notices = [];
        int? level = own.Level is int ownLevel ? LevelOf(origin, source, ownLevel, requested, notices) : null;
        (int, int)? networks = own.Networks is var (version, _) ? VersionsOf(source, version, requested, notices) : null;
        CoreMlTarget target = new(level, networks);
        return new ModelTarget(target.Name, target.Arithmetic, notices.Count == 0 ? null : string.Join("; ", notices));
    }

    private static int LevelOf(CoreMlOrigin origin, string source, int own, string? requested, List<string> notices)
    {
        string ownName = CoreMlTargets.NameOf(own);
        int level = requested is null ? Math.Max(own, CoreMlTargets.IOS16)
            : CoreMlTargets.LevelOf(requested) is int asked && (asked >= CoreMlTargets.IOS16 || asked == own) ? asked
            : throw new BadInputException($"target: found '{requested}', expected one of {CoreMlTargets.Writable}.");
        if (level < own)
        {
            throw new BadInputException($"target: found '{requested}' for {source}, which needs {ownName}; expected {ownName} or later.");
        }

        StageOrigin.OfProgram[] raised = [.. origin.Stages.OfType<StageOrigin.OfProgram>().Where(stage => stage.Level < level)];
        if (raised.Length > 0)
        {
            ImmutableArray<string> unproven = [.. raised.SelectMany(stage => Raise(origin, level).Check(ModelStage.At(origin.Document.Model, stage.Path)))];
            int lowest = raised.Min(stage => stage.Level);
            notices.Add($"raised from {CoreMlTargets.NameOf(lowest)} to {CoreMlTargets.NameOf(level)}"
                + (lowest < CoreMlTargets.IOS16 && requested is null ? $", because {CoreMlTargets.NameOf(lowest)} has no compressed weights" : "")
                + (unproven.IsEmpty ? "" : $"; indices computed for {string.Join(", ", unproven)} must not be negative there"));
        }

        return level;
    }

    private static OpsetRaise Raise(CoreMlOrigin origin, int level) =>
        new(level, new ValueReader(origin.Document.Container), origin.Document.Container.ModelPath);

    // Without a request the version is raised only where a weight's form needs it.
    private static (int Least, int Most) VersionsOf(string source, int own, string? requested, List<string> notices)
    {
        string ownName = NetworkTargets.NameOf(own);
        if (requested is null)
        {
            if (own < NetworkTargets.Quantized)
            {
                notices.Add($"raised from {ownName} to {NetworkTargets.NameOf(NetworkTargets.Quantized)} where weights are quantized or palettized"
                    + (own < NetworkTargets.Float16 ? $", to {NetworkTargets.NameOf(NetworkTargets.Float16)} where they become float16" : ""));
            }

            return (own, Math.Max(own, NetworkTargets.Quantized));
        }

        int version = NetworkTargets.VersionOf(requested) ?? throw new BadInputException($"target: found '{requested}', expected one of {NetworkTargets.Names}.");
        if (version < own)
        {
            throw new BadInputException($"target: found '{requested}' for {source}, which needs {ownName}; expected {ownName} or later.");
        }

        if (version > own)
        {
            notices.Add($"raised from {ownName} to {NetworkTargets.NameOf(version)}");
        }

        return (version, version);
    }
}
