namespace SweepCluster.Formats.CoreMl.Blobs;

/// <summary>One blob of a weight file.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Data">Its bytes, a slice of the file.</param>
/// <param name="PaddingBits">Unused bits of the last byte; 0 for types of 8 bits and more.</param>
internal readonly record struct Blob(BlobType Type, ReadOnlyMemory<byte> Data, int PaddingBits);
