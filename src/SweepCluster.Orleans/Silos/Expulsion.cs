namespace SweepCluster.Orleans.Silos;

/// <summary>Hears that the other members have declared this silo dead: it was frozen or cut off. Orleans would end the process; here the silo gives its jobs back and joins again as a new member.</summary>
internal sealed class Expulsion : IFatalErrorHandler, IDisposable
{
    private readonly CancellationTokenSource _expelled;
    private string _reason = "";

    internal Expulsion(CancellationToken stop)
    {
        _expelled = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>Cancelled when the silo has to stop working as this member, for whatever reason.</summary>
    internal CancellationToken Token => _expelled.Token;

    /// <summary>Why, on one line.</summary>
    internal string Reason => Volatile.Read(ref _reason);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        string reason = exception?.Message ?? context ?? "no reason given";
        Volatile.Write(ref _reason, string.Join(' ', reason.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        _ = _expelled.CancelAsync(); // not on this thread: it belongs to what has just failed
    }

    /// <inheritdoc/>
    public void Dispose() => _expelled.Dispose();
}
