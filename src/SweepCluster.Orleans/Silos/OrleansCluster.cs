using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Orleans.Jobs;
using SweepCluster.Orleans.Membership;

namespace SweepCluster.Orleans.Silos;

/// <summary>
/// Makes a silo a member of the Orleans cluster over its store: its jobs run in grains, and whoever asks any member hears of them. The work waits for nothing of that: it goes on
/// while the silo joins, which takes up to two minutes where all silos died at once, and when it is expelled because it was frozen or cut off; then it joins anew.
/// </summary>
internal sealed class OrleansCluster(OrleansOptions options) : ISiloCluster
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5); // before it tries to join again

    /// <inheritdoc/>
    public async Task RunAsync(SiloParts parts, Func<IJobHost, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        string clusterId = await OrleansSchema.EnsureAsync(parts.Database, cancellationToken);
        SiloEndpoint endpoint = await SiloEndpoint.ChooseAsync(options, parts.Options.Store, cancellationToken); // says now what is wrong with it
        SiloWork jobs = new(parts.Name, parts.Options.Slots, parts.Jobs, parts.Options.Time);
        GrainJobHost host = new(jobs, parts.Options.Time);
        using CancellationTokenSource leave = new();
        Task member = StayAsync(parts, clusterId, endpoint, jobs, host, leave.Token);
        try
        {
            await work(host, cancellationToken);
        }
        finally
        {
            await leave.CancelAsync();
            await member;
        }
    }

    /// <summary>Is a member, again and again, until the silo leaves.</summary>
    private async Task StayAsync(SiloParts parts, string clusterId, SiloEndpoint endpoint, SiloWork jobs, GrainJobHost host, CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            try
            {
                await using Member member = new(parts, clusterId, endpoint, jobs);
                await member.JoinAsync(leave);
                parts.Notice($"silo {parts.Name}: member of the cluster {clusterId} at {endpoint.Address}, ports {endpoint.SiloPort} for silos and {endpoint.GatewayPort} for clients");
                host.Sit(member.Seat);
                string end = await member.WaitForEndAsync(leave);
                host.Sit(null);
                parts.Notice($"silo {parts.Name}: no member of the cluster any more: {end}; its work goes on, and it joins again");
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                host.Sit(null);
                return;
            }
            catch (Exception error)
            {
                parts.Notice($"silo {parts.Name}: cannot join the cluster: {JobFailures.Describe(error)}; its work goes on, and it tries again");
            }

            endpoint = await NextEndpointAsync(parts, endpoint, leave);
        }
    }

    private async Task<SiloEndpoint> NextEndpointAsync(SiloParts parts, SiloEndpoint last, CancellationToken leave)
    {
        try
        {
            await Task.Delay(s_pause, parts.Options.Time, leave);
            return await SiloEndpoint.ChooseAsync(options, parts.Options.Store, leave);
        }
        catch (Exception error) when (error is OperationCanceledException or Graphs.BadInputException)
        {
            return last; // it leaves, or joining will say what is wrong
        }
    }
}
