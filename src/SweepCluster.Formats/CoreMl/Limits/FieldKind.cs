namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>How a field's values lie in memory.</summary>
internal enum FieldKind
{
    Message,
    Text,
    Bytes,
    Number32,
    Number64,
    Fixed32,
    Fixed64,
}
