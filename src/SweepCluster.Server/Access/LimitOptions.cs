namespace SweepCluster.Server.Access;

/// <summary>How much anybody may ask of a server. Where nobody signs in, on a loopback address, only the sizes and the number of all streams count.</summary>
public sealed record LimitOptions
{
    /// <summary>Requests a second of one who is signed in. Default: 200.</summary>
    public double CallerRate { get; init; } = 200;

    /// <summary>Requests at once of one who is signed in. Default: 1,000.</summary>
    public int CallerBurst { get; init; } = 1_000;

    /// <summary>Requests a second of one address (of IPv6, one network of 64 bits), before it is known who asks. Default: 400.</summary>
    public double AddressRate { get; init; } = 400;

    /// <summary>Requests at once of one address. Default: 2,000.</summary>
    public int AddressBurst { get; init; } = 2_000;

    /// <summary>Connections at once of one address where metrics and health are told to anybody. Default: 64.</summary>
    public int AddressConnections { get; init; } = 64;

    /// <summary>Failed sign-ins of one address at once; one more every six seconds. Default: 20.</summary>
    public int FailureBurst { get; init; } = 20;

    /// <summary>Streams of events of one who is signed in. Default: 256.</summary>
    public int CallerStreams { get; init; } = 256;

    /// <summary>Streams of events in all. Default: 4,096.</summary>
    public int AllStreams { get; init; } = 4_096;

    /// <summary>Parts of files that one who is signed in sends at once. Default: 32.</summary>
    public int CallerUploads { get; init; } = 32;

    /// <summary>Parts of files that come in at once, each a temporary file of at most 16 MiB. Default: 256.</summary>
    public int AllUploads { get; init; } = 256;

    /// <summary>Results that one who is signed in fetches at once. Default: 4.</summary>
    public int CallerResults { get; init; } = 4;

    /// <summary>Results that are fetched at once, each a temporary file of the result's size. Default: 16.</summary>
    public int AllResults { get; init; } = 16;

    /// <summary>Bytes of a body where the endpoint says nothing else. Default: 1 MiB.</summary>
    public long BodyBytes { get; init; } = 1 << 20;

    /// <summary>Time that a request may take where it is neither a stream, nor an upload or download. Default: 2 minutes.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time that a session begun on the sign-in page lasts. Default: 8 hours.</summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(8);
}
