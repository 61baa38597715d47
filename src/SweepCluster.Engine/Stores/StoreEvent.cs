namespace SweepCluster.Engine.Stores;

/// <summary>Something that an operator may want to look up later.</summary>
/// <param name="Number">Place among the store's events, from 1, growing, perhaps with gaps.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Kind">What.</param>
/// <param name="SweepId">The sweep that it is about; null for a silo's.</param>
/// <param name="Text">On one line, for people.</param>
public sealed record StoreEvent(long Number, DateTimeOffset At, StoreEventKind Kind, string? SweepId, string Text)
{
    /// <summary>A kind in a word or two.</summary>
    public static string NameOf(StoreEventKind kind) => kind switch
    {
        StoreEventKind.Submitted => "submitted",
        StoreEventKind.Changed => "changed",
        StoreEventKind.Finished => "finished",
        StoreEventKind.Removed => "removed",
        StoreEventKind.AttemptFailed => "attempt failed",
        StoreEventKind.SetAside => "job set aside",
        StoreEventKind.SiloJoined => "silo joined",
        StoreEventKind.SiloLeft => "silo left",
        _ => "silo lost",
    };
}
