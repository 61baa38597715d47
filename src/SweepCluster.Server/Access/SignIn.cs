namespace SweepCluster.Server.Access;

/// <summary>What became of a sign-in.</summary>
/// <param name="Caller">Who asks; null where it was refused.</param>
/// <param name="Fault">Why it was refused, on one line; null where it was not.</param>
/// <param name="MayPass">Whether the same may be taken a little later.</param>
internal sealed record SignIn(Caller? Caller, string? Fault, bool MayPass)
{
    internal static SignIn As(Caller caller) => new(caller, null, false);

    internal static SignIn Refused(string fault) => new(null, fault, false);

    internal static SignIn Unavailable(string fault) => new(null, fault, true);
}
