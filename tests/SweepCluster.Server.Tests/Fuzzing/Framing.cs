namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>How a body is laid on the line.</summary>
internal enum Framing
{
    /// <summary>With its length.</summary>
    Length,

    /// <summary>In chunks, as it should be.</summary>
    Chunks,

    /// <summary>In chunks of one byte.</summary>
    SmallChunks,

    /// <summary>In chunks, one of a size that is none.</summary>
    BadChunkSize,

    /// <summary>In chunks that are longer than they say.</summary>
    WrongChunkSize,

    /// <summary>In chunks without an end.</summary>
    NoLastChunk,

    /// <summary>With a length that is too great.</summary>
    TooLong,

    /// <summary>With a length that is no number.</summary>
    NoNumber,
}
