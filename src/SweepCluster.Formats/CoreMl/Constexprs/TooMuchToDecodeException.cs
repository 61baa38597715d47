namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>A chain of operations would have to be decoded to be read, and what may be decoded while a model is read is used up. Never leaves the reader.</summary>
internal sealed class TooMuchToDecodeException() : Exception("Too much to decode while a model is read.");
