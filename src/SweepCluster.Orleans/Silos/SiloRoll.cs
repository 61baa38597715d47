using System.Collections.Immutable;

namespace SweepCluster.Orleans.Silos;

/// <summary>The active members of the cluster, as this silo sees them.</summary>
internal sealed class SiloRoll(IClusterMembershipService membership, IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3); // a silo that died is a member until the others have noticed

    /// <summary>Asks every silo the same, all at once.</summary>
    /// <returns>What they answered, and the names of those that did not in time.</returns>
    internal async Task<(ImmutableArray<T> Answers, ImmutableArray<string> Silent)> AskAsync<T>(Func<ISiloGrain, Task<T>> ask)
    {
        ClusterMember[] members = [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active)];
        (ClusterMember Member, bool Answered, T? Answer)[] replies = await Task.WhenAll(members.Select(member => AskAsync(member, ask)));
        return (
            [.. replies.Where(reply => reply.Answered).Select(reply => reply.Answer!)],
            [.. replies.Where(reply => !reply.Answered).Select(reply => reply.Member.Name).Order(StringComparer.Ordinal)]);
    }

    private async Task<(ClusterMember Member, bool Answered, T? Answer)> AskAsync<T>(ClusterMember member, Func<ISiloGrain, Task<T>> ask)
    {
        try
        {
            ISiloGrain silo = grains.GetGrain<ISiloGrain>(member.SiloAddress.ToParsableString());
            return (member, true, await ask(silo).WaitAsync(s_patience, time));
        }
        catch (Exception error) when (Clients.GrainCalls.MayPass(error))
        {
            return (member, false, default);
        }
    }
}
