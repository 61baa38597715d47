using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Text.Json;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Clients;

/// <summary>Makes progress of a server's events, together with what the silos are at. One event at a time.</summary>
internal sealed class ServerWatch(SweepRecord sweep, IProgress<SweepProgress> progress)
{
    private readonly Lock _lock = new();
    private ImmutableArray<WorkingSilo> _silos = [];
    private string? _waits;
    private ProgressResource? _last;

    /// <summary>Takes in what is known of the silos that are there, and why none takes the sweep, if none does.</summary>
    internal void Look(ImmutableArray<WorkingSilo> silos, string? waits)
    {
        lock (_lock)
        {
            _silos = silos;
            _waits = waits;
            Report();
        }
    }

    /// <summary>Takes an event in.</summary>
    /// <returns>Whether the sweep is finished.</returns>
    /// <exception cref="SweepStoppedException">It was cancelled, stopped or removed.</exception>
    /// <exception cref="JsonException">It is no event of this version.</exception>
    internal bool Take(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "progress":
                lock (_lock)
                {
                    _last = JsonSerializer.Deserialize(item.Data, ClientJson.Of<ProgressResource>());
                    _waits = _last is { Phase: "running", Running: 0 } ? _waits : null; // what the last look found is over
                    Report();
                }

                return _last is not null && IsOver(_last.Phase, _last.Reason);
            case "end":
                return JsonSerializer.Deserialize(item.Data, ClientJson.Of<EndResource>()) is { } end && IsOver(end.Phase, end.Reason);
            default:
                return false; // the frontier comes with the progress, too
        }
    }

    private bool IsOver(string phase, string? reason)
    {
        if (phase == "removed")
        {
            throw SweepWatch.Removed(sweep);
        }

        SweepControl control = new() { Phase = ServerResources.Phase(phase), Reason = reason };
        return phase == "finished" || (SweepWatch.EndOf(sweep, control, _last?.Results ?? 0, _last?.Jobs ?? 0) is { } end ? throw end : false);
    }

    private void Report()
    {
        if (_last is not null)
        {
            progress.Report(ServerResources.Progress(_last, _silos, _waits));
        }
    }
}
