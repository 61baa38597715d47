using System.Net;

namespace SweepCluster.Server.Access.Limits;

/// <summary>How often each address may fail to sign in. A right token is taken whatever others of its address did.</summary>
internal sealed class FailureBudget(LimitOptions limits, TimeProvider time)
{
    private readonly RequestBudget _budget = new(1 / 6.0, limits.FailureBurst, AddressKey.MostAddresses, time);

    /// <summary>Counts a failure.</summary>
    /// <returns>Zero; or where there were too many, the time after which one more may be.</returns>
    internal TimeSpan Take(IPAddress? address) => _budget.Take(AddressKey.Of(address));
}
