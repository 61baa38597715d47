namespace SweepCluster.Server.Api.Problems;

/// <summary>A kind of problem.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Type">Its address.</param>
/// <param name="Title">In words.</param>
internal sealed record ProblemKind(int Status, string Type, string Title)
{
    internal static ProblemKind Malformed { get; } = new(400, "/problems/malformed", "The request cannot be read");
    internal static ProblemKind NotSignedIn { get; } = new(401, "/problems/not-signed-in", "Nobody is signed in");
    internal static ProblemKind Forbidden { get; } = new(403, "/problems/forbidden", "Not allowed");
    internal static ProblemKind NotFound { get; } = new(404, "/problems/not-found", "Not found");
    internal static ProblemKind Method { get; } = new(405, "/problems/method", "No such method here");
    internal static ProblemKind NotAcceptable { get; } = new(406, "/problems/not-acceptable", "No such form of it");
    internal static ProblemKind Conflict { get; } = new(409, "/problems/conflict", "Not in this state");
    internal static ProblemKind Ambiguous { get; } = new(409, "/problems/ambiguous", "Several are meant");
    internal static ProblemKind NotMeasured { get; } = new(409, "/problems/not-measured", "Nothing is measured yet");
    internal static ProblemKind FilesLost { get; } = new(409, "/problems/files-lost", "Files are lost");
    internal static ProblemKind Changed { get; } = new(412, "/problems/changed", "Somebody else was first");
    internal static ProblemKind TooLarge { get; } = new(413, "/problems/too-large", "Too large");
    internal static ProblemKind MediaType { get; } = new(415, "/problems/media-type", "Another kind of body");
    internal static ProblemKind Range { get; } = new(416, "/problems/range", "No such part");
    internal static ProblemKind Unusable { get; } = new(422, "/problems/unusable", "Cannot be used");
    internal static ProblemKind PartsMissing { get; } = new(422, "/problems/parts-missing", "Parts of files are missing");
    internal static ProblemKind NotProven { get; } = new(422, "/problems/not-proven", "No trial is as asked for");
    internal static ProblemKind KeyReused { get; } = new(422, "/problems/key-reused", "An idempotency key stands for another request");
    internal static ProblemKind TooMany { get; } = new(429, "/problems/too-many", "Too many requests");
    internal static ProblemKind Failed { get; } = new(500, "/problems/failed", "The server failed");
    internal static ProblemKind Unavailable { get; } = new(503, "/problems/unavailable", "Not now");

    internal static ProblemKind TooLong { get; } = new(504, "/problems/too-long", "Took too long");

    /// <summary>Every kind.</summary>
    internal static IReadOnlyList<ProblemKind> All { get; } =
    [
        Malformed, NotSignedIn, Forbidden, NotFound, Method, NotAcceptable, Conflict, Ambiguous, NotMeasured, FilesLost, Changed, TooLarge, MediaType, Range, Unusable, PartsMissing,
        NotProven, KeyReused, TooMany, Failed, Unavailable, TooLong,
    ];

    /// <summary>The usual kind of a status code.</summary>
    internal static ProblemKind Of(int status) => All.FirstOrDefault(kind => kind.Status == status) ?? (status >= 500 ? Failed with { Status = status } : Malformed with { Status = status });
}
