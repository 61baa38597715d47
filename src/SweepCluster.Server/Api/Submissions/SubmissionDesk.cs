using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Api.Submissions;

/// <summary>Hands sweeps in whose files came as parts, and counts them beforehand. Checks what a run checks; of the server's own files a request sees none.</summary>
internal sealed class SubmissionDesk(ServerParts parts, ServerFolder folder, ServerOptions options) : IDisposable
{
    private const int MostSpec = 1 << 20; // characters
    private const int MostSettings = 200;
    private const string UsualName = "sweep.yaml";

    private readonly SemaphoreSlim _opening = new(2); // requests whose model and data are open

    /// <summary>Hands a sweep in.</summary>
    /// <exception cref="BadInputException">Every fault, one on each line.</exception>
    internal async Task<SubmissionResource> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        SweepControl control = ReadControl(request);
        Submission submission = await WithSpecAsync(request, spec => parts.Desk.SubmitAsync(spec, control, cancellationToken), cancellationToken);
        return new SubmissionResource(SweepResources.Of(submission.Sweep), submission.IsNew, submission.Notices);
    }

    /// <summary>The dry run's count.</summary>
    /// <exception cref="BadInputException">Every fault, one on each line.</exception>
    internal Task<CountResource> CountAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        ReadControl(request);
        return WithSpecAsync(
            request,
            async spec =>
            {
                SweepSession session = await Task.Run(() => SweepSession.Open(spec), cancellationToken);
                SweepNeeds needs = MemoryNeeds.Of(session);
                return Count(session, needs, Admission.Notices(await parts.Desk.AdmitAsync(needs, cancellationToken)));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _opening.Dispose();

    private async Task<T> WithSpecAsync<T>(SubmitRequest request, Func<SweepSpec, Task<T>> use, CancellationToken cancellationToken)
    {
        Check(request);
        await RequestFiles.CheckAsync(request.Files, parts.Blobs, cancellationToken);
        await _opening.WaitAsync(cancellationToken);
        string? place = null;
        try
        {
            place = folder.New();
            await RequestFiles.WriteAsync(request.Files, parts.Blobs, place, cancellationToken);
            return await use(await ReadAsync(request, place, cancellationToken));
        }
        catch (BadInputException fault) when (place is not null && fault is not ProblemException)
        {
            throw new ProblemException(ProblemKind.Unusable, fault.Message.Replace(place + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(place, "the request", StringComparison.Ordinal));
        }
        finally
        {
            ServerFolder.Remove(place);
            _opening.Release();
        }
    }

    /// <summary>Checks a request by itself.</summary>
    /// <exception cref="ProblemException">It has too much, or null where something must be.</exception>
    internal static void Check(SubmitRequest request)
    {
        if (request.Spec is null || request.Settings.IsDefault || request.Files.IsDefault)
        {
            throw new ProblemException(ProblemKind.Malformed, "found null for the spec, the files or the settings, expected a text and two lists.");
        }

        if (request.Spec.Length > MostSpec || request.Settings.Length > MostSettings || request.Settings.Any(setting => setting is null || setting.Length > MostSpec))
        {
            throw new ProblemException(ProblemKind.TooLarge, $"spec: found more than {MostSpec} characters or {MostSettings} settings, expected at most so many.");
        }

        if (request.Files.Any(file => file is null || file.Path is null || file.Parts.IsDefault))
        {
            throw new ProblemException(ProblemKind.Malformed, "files: found null, expected a file.");
        }

        RequestFiles.CheckName(request.Name ?? UsualName, "name");
        if (request.Name?.Contains('/', StringComparison.Ordinal) == true || request.Files.Any(file => string.Equals(file.Path, request.Name ?? UsualName, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ProblemException(ProblemKind.Unusable, "name: found a path, or the name of one of the files, expected a name of its own for the spec.");
        }
    }

    private async Task<SweepSpec> ReadAsync(SubmitRequest request, string place, CancellationToken cancellationToken)
    {
        string path = Path.Combine(place, request.Name ?? UsualName);
        await File.WriteAllTextAsync(path, request.Spec, cancellationToken);
        SweepSpec spec = SpecReader.ReadConfined(path, [.. request.Settings.Select(ReadSetting)]);
        if (!spec.Objective.Command.IsEmpty)
        {
            return options.AllowCommands
                ? spec with { Objective = spec.Objective with { Folder = "" } } // the server's folder is gone when the command runs
                : throw new BadInputException("objective.command: found a command, expected none: this server was not started with --allow-commands.");
        }

        if (spec.Data is { } data && Directory.Exists(data.Path))
        {
            foreach ((_, string picture) in DatasetReader.Locate(data).Pictures)
            {
                if (!Path.GetFullPath(picture).StartsWith(place + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw new BadInputException("data.labels: found a picture outside of the request's files, expected relative paths of files that came with the spec.");
                }
            }
        }

        return spec;
    }

    private static KeyValuePair<string, string> ReadSetting(string setting)
    {
        string[] sides = setting.Split('=', 2);
        return sides.Length == 2 && sides[0].Length > 0 ? new(sides[0], sides[1])
            : throw new BadInputException($"settings: found '{OneLine.Of(setting.Length <= 64 ? setting : setting[..64] + "..")}', expected key=value, as samples.choice=500.");
    }

    private static SweepControl ReadControl(SubmitRequest request) => SweepControl.Default with
    {
        Priority = request.Priority ?? SweepControl.Default.Priority,
        MaxAttempts = request.Attempts is null or >= 1 ? request.Attempts ?? SweepControl.Default.MaxAttempts
            : throw new ProblemException(ProblemKind.Unusable, $"attempts: found {request.Attempts}, expected 1 or more."),
        TimeLimit = request.TimeLimitSeconds is { } seconds ? TimeLimits.Read(seconds) : null,
    };

    private static CountResource Count(SweepSession session, SweepNeeds needs, ImmutableArray<string> notices)
    {
        SweepModel model = session.Model;
        bool probes = session.Network is not null && session.Spec.Search.Probes;
        return new CountResource(
            session.Record.Id, session.Spec.Name, model.Space.Layers.Length, WantedCells.Of(model.Space).Sum(entry => entry.Schemes.Length),
            probes ? model.Space.Layers.Sum(layer => layer.Schemes.Length) : 0, model.Space.UniformPlans.Length, session.Spec.Search.GreedyPlans, model.BaselineBytes,
            needs.SharedBytes, needs.SlotBytes, model.Space.LeftAlone.Length, [.. model.Notices, .. notices]);
    }
}
