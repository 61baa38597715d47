using System.Runtime.CompilerServices;
using System.Text.Json;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Streams;

/// <summary>A state's events, written once for all who watch.</summary>
internal sealed class StateEvents
{
    private static readonly ConditionalWeakTable<SweepState, StateEvents> s_written = [];

    private StateEvents(SweepState state)
    {
        Progress = EventStream.Render("progress", state.Version, JsonSerializer.SerializeToUtf8Bytes(SweepResources.ProgressOf(state), ApiJson.Default.ProgressResource));
        byte[] frontier = EventStream.Render("frontier", null, JsonSerializer.SerializeToUtf8Bytes(SweepResources.FrontierOf(state), ApiJson.Default.FrontierResource));
        ProgressAndFrontier = [.. frontier, .. Progress]; // the number comes last: who misses a part asks for both again
    }

    /// <summary>The event <c>progress</c>.</summary>
    internal byte[] Progress { get; }

    /// <summary>The events <c>frontier</c> and <c>progress</c>.</summary>
    internal byte[] ProgressAndFrontier { get; }

    /// <summary>Those of a state.</summary>
    internal static StateEvents Of(SweepState state) => s_written.GetValue(state, static state => new StateEvents(state));

    /// <summary>The event <c>end</c>.</summary>
    internal static byte[] End(string phase, string? reason) =>
        EventStream.Render("end", null, JsonSerializer.SerializeToUtf8Bytes(new EndResource(phase, reason), ApiJson.Default.EndResource));
}
