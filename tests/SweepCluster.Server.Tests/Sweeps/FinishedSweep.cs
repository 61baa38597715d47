namespace SweepCluster.Server.Tests.Sweeps;

/// <summary>A server with one finished sweep, for all tests that only look at it.</summary>
public sealed class FinishedSweep : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public TinyServer Server { get; private set; } = null!;

    /// <summary>The sweep's id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Runs the sweep.</summary>
    public async Task InitializeAsync()
    {
        Server = await TinyServer.StartAsync();
        Id = await Server.SubmitAsync();
        await Server.WorkAsync();
    }

    /// <summary>Stops the server.</summary>
    public async Task DisposeAsync() => await Server.DisposeAsync();
}
