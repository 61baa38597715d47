namespace SweepCluster.Engine.Stores;

/// <summary>Where and when a result was computed.</summary>
/// <param name="Silo">The silo that recorded it.</param>
/// <param name="Epoch">The claim's epoch.</param>
/// <param name="At">When it was recorded, by the store's clock.</param>
/// <param name="Elapsed">Time from the claim to the record; null where it is not known.</param>
public sealed record ResultOrigin(string Silo, long Epoch, DateTimeOffset At, TimeSpan? Elapsed);
